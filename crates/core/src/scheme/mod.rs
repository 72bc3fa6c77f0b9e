//! A signing scheme as data: which headers, what is signed, how it is encoded, what the key looks like, how fresh.
//!
//! One builder makes the schemes of the presets and your own, so a preset can say nothing that yours cannot.

mod ambiguity;
mod builder;
mod check;
mod content;
mod id;
mod identity;
mod paths;
mod template;

use alloc::borrow::Cow;
use core::time::Duration;

use crate::crypto::Algorithm;
use crate::time::TimestampFormat;
use crate::vocabulary::vocabulary;

pub use template::{MAX_PIECES, Piece, pieces, uses};

type Text = Cow<'static, str>;

/// How a provider signs, as data: made by [`hmac_sha256`](Self::hmac_sha256) and the methods that follow it, or read
/// from JSON.
///
/// ```
/// use countersign::Scheme;
/// let built = Scheme::hmac_sha256("X-Acme-Signature")
///     .prefix("v0=")
///     .timestamp("X-Acme-Timestamp")
///     .signed("v0:{timestamp}:{body}");
/// let read: Scheme = serde_json::from_str(r#"{
///     "signature": { "header": "X-Acme-Signature", "prefix": "v0=", "encoding": "hex" },
///     "timestamp": { "header": "X-Acme-Timestamp" },
///     "signed": "v0:{timestamp}:{body}",
///     "key": "utf8"
/// }"#)?;
/// assert_eq!(built, read);
/// let webhook = built.webhook("a secret of yours")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scheme {
    /// The provider's name, in events, errors and replay keys: lower-case letters, digits, `-` and `_`. A preset's name is
    /// refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The header with the signature.
    pub signature: SignatureHeader,
    /// Where the time is, if the provider writes one.
    #[serde(default)]
    pub timestamp: Option<TimestampSource>,
    /// Where the delivery's id is, if the provider writes one.
    #[serde(default)]
    pub id: Option<IdHeader>,
    /// What is signed, with `{timestamp}`, `{id}` and `{body}` as placeholders.
    pub signed: Text,
    /// What is signed instead where the body is empty.
    #[serde(default)]
    pub signed_if_empty: Option<Text>,
    /// Why it does no harm that pieces of `signed` touch, so that nothing in the signed content says where one ends and the
    /// next begins. Without a reason, such a scheme is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjacent: Option<Text>,
    /// The text form of the key.
    #[serde(default)]
    pub key: KeyFormat,
    /// The algorithm.
    #[serde(default = "hmac_sha256")]
    pub algorithm: Algorithm,
    /// How old and how far ahead a timestamp may be.
    #[serde(default)]
    pub tolerance: Tolerance,
    /// How long after the first attempt the provider may still retry; a week where nothing is said. In JSON these are
    /// seconds.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "seconds")]
    pub retry_horizon: Option<Duration>,
    /// Where the signed body says what happened; used by schemes of your own only.
    #[serde(default)]
    pub event: EventPaths,
}

const fn hmac_sha256() -> Algorithm {
    Algorithm::HmacSha256
}

/// The form of the header that carries the signature.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    expecting = "an object such as { header: \"X-Acme-Signature\", encoding: \"hex\" }"
)]
#[non_exhaustive]
pub struct SignatureHeader {
    /// Its name.
    pub header: Text,
    /// What stands before each signature, such as `sha256=` or `v1,`.
    #[serde(default)]
    pub prefix: Text,
    /// Whether a signature without the prefix counts too.
    #[serde(default)]
    pub prefix_optional: bool,
    /// What stands before an Ed25519 signature, where the provider can sign with either kind of key.
    #[serde(default)]
    pub ed25519_prefix: Option<Text>,
    /// The characters between the items of a list; empty where the header holds one signature.
    #[serde(default)]
    pub separator: Text,
    /// How the bytes are written.
    pub encoding: Encoding,
}

vocabulary! {
    /// How signature bytes are written as text.
    Encoding of "encoding" {
        /// Hexadecimal, in either case.
        Hex = "hex",
        /// Standard base64, padded or not.
        Base64 = "base64",
        /// Either; the length tells them apart. Signing writes hex.
        HexOrBase64 = "hex-or-base64",
    }
}

/// Where the time is: in a header of its own, or a `name=value` item of the signature header.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "an object such as { header: \"X-Acme-Timestamp\" }")]
#[non_exhaustive]
pub struct TimestampSource {
    /// The header's name.
    #[serde(default)]
    pub header: Text,
    /// The item's name in the signature header, such as Stripe's `t`.
    #[serde(default)]
    pub field: Text,
    /// How the time is written.
    #[serde(default = "unix_seconds")]
    pub format: TimestampFormat,
}

const fn unix_seconds() -> TimestampFormat {
    TimestampFormat::UnixSeconds
}

/// The header with the delivery's id.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "an object such as { header: \"X-Acme-Id\" }")]
#[non_exhaustive]
pub struct IdHeader {
    /// Its name.
    pub header: Text,
}

vocabulary! {
    /// The text form of a key. It belongs to the scheme and is never guessed.
    #[derive(Default)]
    KeyFormat of "key" {
        /// The whole text as UTF-8 bytes, prefix included.
        #[default]
        Utf8 = "utf8",
        /// Base64 of the key bytes.
        Base64 = "base64",
        /// Hex of the key bytes.
        Hex = "hex",
        /// `whsec_` and base64 (the prefix may be missing); where the scheme allows it, `whpk_`/`whsk_` for Ed25519.
        Whsec = "whsec",
        /// An Ed25519 key: hex, base64, `whpk_`/`whsk_`, or a public key in PEM.
        Ed25519 = "ed25519",
    }
}

/// How old and how far ahead a timestamp may be, both ends included. `None` switches a side off. In JSON these are
/// seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "an object such as { past: 300, future: 300 }")]
#[non_exhaustive]
pub struct Tolerance {
    /// How old.
    #[serde(default = "five_minutes", with = "seconds")]
    pub past: Option<Duration>,
    /// How far ahead.
    #[serde(default = "five_minutes", with = "seconds")]
    pub future: Option<Duration>,
}

const fn five_minutes() -> Option<Duration> {
    Some(Duration::from_secs(300))
}

impl Tolerance {
    /// Five minutes old and five minutes ahead.
    pub const DEFAULT: Self = Self { past: five_minutes(), future: five_minutes() };

    /// How old and how far ahead; `None` switches a side off.
    #[must_use]
    pub const fn new(past: Option<Duration>, future: Option<Duration>) -> Self {
        Self { past, future }
    }

    /// How many seconds old and how many seconds ahead.
    #[must_use]
    pub const fn from_secs(past: u64, future: u64) -> Self {
        Self { past: Some(Duration::from_secs(past)), future: Some(Duration::from_secs(future)) }
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Lengths of time as JSON has them: whole seconds, or null.
mod seconds {
    use core::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(length: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        length.map(|length| length.as_secs()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_secs))
    }
}

/// Dotted paths into the JSON body of a scheme of your own.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "an object such as { type: \"event.type\", id: \"event.id\" }")]
#[non_exhaustive]
pub struct EventPaths {
    /// Where the event type is.
    #[serde(default, rename = "type")]
    pub event_type: Option<Text>,
    /// Where the event's id is.
    #[serde(default)]
    pub id: Option<Text>,
    /// The field of a form that holds the JSON, where the body is a form.
    #[serde(default)]
    pub form: Option<Text>,
}

impl Scheme {
    /// Whether the signature covers the timestamp.
    #[must_use]
    pub fn signs_timestamp(&self) -> bool {
        uses(&self.signed, Piece::Timestamp) > 0
    }

    /// Whether the signature covers the id.
    #[must_use]
    pub fn signs_id(&self) -> bool {
        uses(&self.signed, Piece::Id) > 0
    }

    /// What stands before a signature of this algorithm; `None` if the scheme cannot carry one.
    #[doc(hidden)]
    #[must_use]
    pub fn prefix_of(&self, algorithm: Algorithm) -> Option<&str> {
        if algorithm == self.algorithm {
            Some(&self.signature.prefix)
        } else if algorithm == Algorithm::Ed25519 {
            self.signature.ed25519_prefix.as_deref()
        } else {
            None
        }
    }
}
