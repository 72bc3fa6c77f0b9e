//! The builder of schemes: a constructor says what is usual, methods change what differs.

use core::time::Duration;

use super::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, Text, TimestampSource, Tolerance};
use crate::crypto::Algorithm;
use crate::time::TimestampFormat;

impl Scheme {
    /// HMAC-SHA256 in hex over the body, in this header, with a key that is used as text. The methods change what
    /// differs from that.
    pub fn hmac_sha256(header: impl Into<Text>) -> Self {
        Self {
            name: None,
            signature: SignatureHeader {
                header: header.into(),
                prefix: Text::Borrowed(""),
                prefix_optional: false,
                ed25519_prefix: None,
                separator: Text::Borrowed(""),
                encoding: Encoding::Hex,
            },
            timestamp: None,
            id: None,
            signed: Text::Borrowed("{body}"),
            signed_if_empty: None,
            adjacent: None,
            key: KeyFormat::Utf8,
            algorithm: Algorithm::HmacSha256,
            tolerance: Tolerance::DEFAULT,
            retry_horizon: None,
            event: EventPaths { event_type: None, id: None, form: None },
        }
    }

    /// The same with HMAC-SHA512.
    pub fn hmac_sha512(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::HmacSha512, ..Self::hmac_sha256(header) }
    }

    /// The same with HMAC-SHA1, for providers that offer nothing better.
    pub fn hmac_sha1_legacy(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::HmacSha1Legacy, ..Self::hmac_sha256(header) }
    }

    /// The same with Ed25519, whose keys have a format of their own.
    pub fn ed25519(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::Ed25519, key: KeyFormat::Ed25519, ..Self::hmac_sha256(header) }
    }

    /// The provider's name, in events, errors and replay keys: lower-case letters, digits, `-` and `_`.
    #[must_use]
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What stands before each signature, such as `sha256=` or `v1,`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.signature.prefix = prefix.into();
        self
    }

    /// Accepts signatures without the prefix, too.
    #[must_use]
    pub const fn prefix_optional(mut self) -> Self {
        self.signature.prefix_optional = true;
        self
    }

    /// What stands before an Ed25519 signature, where the provider can sign with either kind of key.
    #[must_use]
    pub fn ed25519_prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.signature.ed25519_prefix = Some(prefix.into());
        self
    }

    /// The characters between the items of a list, each of which is a signature, a timestamp, or skipped.
    #[must_use]
    pub fn separator(mut self, separator: impl Into<Text>) -> Self {
        self.signature.separator = separator.into();
        self
    }

    /// How signatures are written.
    #[must_use]
    pub const fn encoding(mut self, encoding: Encoding) -> Self {
        self.signature.encoding = encoding;
        self
    }

    /// The header with the time, in Unix seconds.
    #[must_use]
    pub fn timestamp(mut self, header: impl Into<Text>) -> Self {
        let format = TimestampFormat::UnixSeconds;
        self.timestamp = Some(TimestampSource { header: header.into(), field: Text::Borrowed(""), format });
        self
    }

    /// The item of the signature header with the time, in Unix seconds, such as Stripe's `t`.
    #[must_use]
    pub fn timestamp_field(mut self, field: impl Into<Text>) -> Self {
        let format = TimestampFormat::UnixSeconds;
        self.timestamp = Some(TimestampSource { header: Text::Borrowed(""), field: field.into(), format });
        self
    }

    /// How the time is written, after [`timestamp`](Self::timestamp) or [`timestamp_field`](Self::timestamp_field).
    #[must_use]
    pub fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        if let Some(source) = &mut self.timestamp {
            source.format = format;
        }
        self
    }

    /// The header with the delivery's id.
    #[must_use]
    pub fn id(mut self, header: impl Into<Text>) -> Self {
        self.id = Some(IdHeader { header: header.into() });
        self
    }

    /// What is signed, with `{timestamp}`, `{id}` and `{body}` as placeholders.
    #[must_use]
    pub fn signed(mut self, template: impl Into<Text>) -> Self {
        self.signed = template.into();
        self
    }

    /// What is signed instead where the body is empty.
    #[must_use]
    pub fn signed_if_empty(mut self, template: impl Into<Text>) -> Self {
        self.signed_if_empty = Some(template.into());
        self
    }

    /// Why it does no harm that pieces of the signed content touch, where the provider signs like that.
    #[must_use]
    pub fn adjacent(mut self, reason: impl Into<Text>) -> Self {
        self.adjacent = Some(reason.into());
        self
    }

    /// The text form of the key.
    #[must_use]
    pub const fn key(mut self, format: KeyFormat) -> Self {
        self.key = format;
        self
    }

    /// How old and how far ahead a timestamp may be.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How long after the first attempt the provider may still retry: for so long replay keys are remembered.
    #[must_use]
    pub const fn retry_horizon(mut self, retry_horizon: Duration) -> Self {
        self.retry_horizon = Some(retry_horizon);
        self
    }

    /// The path to the event type in a JSON body, such as `event.type`.
    #[must_use]
    pub fn event_type(mut self, path: impl Into<Text>) -> Self {
        self.event.event_type = Some(path.into());
        self
    }

    /// The path to the event's id in a JSON body.
    #[must_use]
    pub fn event_id(mut self, path: impl Into<Text>) -> Self {
        self.event.id = Some(path.into());
        self
    }

    /// The field of a form that holds the JSON, such as `payload`, where the body is a form
    /// (`application/x-www-form-urlencoded`) instead of JSON.
    #[must_use]
    pub fn form(mut self, field: impl Into<Text>) -> Self {
        self.event.form = Some(field.into());
        self
    }
}
