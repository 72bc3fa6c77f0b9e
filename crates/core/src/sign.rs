//! Signs a body: the headers that its provider would write.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::SignError;
use crate::json;
use crate::provider::Sent;
use crate::scheme::{Encoding, MAX_PIECES, Scheme};
use crate::secret::NamedKey;
use crate::time::UnixTime;
use crate::webhook::Webhook;

/// Header names and values, ready to send.
pub type SignedHeaders = Vec<(String, String)>;

/// What goes into the headers beside the body's signature.
///
/// ```
/// use countersign::{SignOptions, UnixTime};
/// let options = SignOptions::at(UnixTime::from_secs(1_767_225_600)).id("evt_1").event_type("invoice.paid");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignOptions<'a> {
    /// The time of signing: written into the timestamp header, if the scheme has one. A secret whose end is earlier
    /// does not sign.
    pub now: UnixTime,
    /// The delivery's id, the same for every attempt. Required where the scheme signs it.
    pub id: Option<&'a str>,
    /// The event type, for providers that repeat it in a header. Not needed where the body holds it.
    pub event_type: Option<&'a str>,
}

impl<'a> SignOptions<'a> {
    /// Signs at this time, without id.
    #[must_use]
    pub const fn at(now: UnixTime) -> Self {
        Self { now, id: None, event_type: None }
    }

    /// With this delivery's id.
    #[must_use]
    pub fn id(self, id: impl Into<Option<&'a str>>) -> Self {
        Self { id: id.into(), ..self }
    }

    /// With this event type.
    #[must_use]
    pub fn event_type(self, event_type: impl Into<Option<&'a str>>) -> Self {
        Self { event_type: event_type.into(), ..self }
    }
}

impl Webhook {
    /// The headers that the provider would write for this body, signed with the first secret that has not expired.
    ///
    /// # Errors
    /// The scheme signs an id and none is given, the id cannot be one, the key is a public one, or every secret has
    /// expired.
    pub fn sign(&self, body: impl AsRef<[u8]>, options: &SignOptions<'_>) -> Result<SignedHeaders, SignError> {
        self.sign_with(1, body.as_ref(), options)
    }

    /// As [`sign`](Self::sign), but with every secret that has not expired, where the scheme carries several
    /// signatures: while a secret is rotated, receivers that have the new one and receivers that have the old one
    /// accept the delivery.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign).
    pub fn sign_with_every_key(
        &self,
        body: impl AsRef<[u8]>,
        options: &SignOptions<'_>,
    ) -> Result<SignedHeaders, SignError> {
        self.sign_with(usize::MAX, body.as_ref(), options)
    }

    fn sign_with(&self, keys: usize, body: &[u8], options: &SignOptions<'_>) -> Result<SignedHeaders, SignError> {
        let mut headers = SignedHeaders::new();
        self.sign_only(keys, body, options, |name, value| headers.push((name.into(), value.into())))?;
        let Some(about) = self.about else {
            return Ok(headers);
        };
        let parsed = json::parse(body).ok();
        for (name, sent) in about.sends {
            let value = match sent {
                Sent::Fixed(text) => Some(*text),
                Sent::Id | Sent::DeliveryId => options.id,
                Sent::EventType => options.event_type,
                Sent::BodyField(field) => {
                    parsed.as_ref().and_then(|body| body.get(field)?.as_str()).or(options.event_type)
                }
            };
            if let Some(value) = value.filter(|value| is_header_value(value)) {
                headers.push(((*name).into(), value.into()));
            }
        }
        Ok(headers)
    }

    /// Writes the headers of signature, timestamp and id only. Where the scheme carries several signatures, at most
    /// this many keys sign.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)] // those of `sign`
    pub fn sign_only(
        &self,
        keys: usize,
        body: &[u8],
        options: &SignOptions<'_>,
        mut write: impl FnMut(&str, &str),
    ) -> Result<(), SignError> {
        let mut valid = self.keys.iter().filter(|named| named.expires.is_none_or(|end| options.now <= end));
        let (Some(scheme), Some(first)) = (self.dialects.first(), valid.next()) else {
            return Err(SignError::NoKey);
        };
        let others = if scheme.signature.separator.is_empty() { 0 } else { keys.saturating_sub(1) };
        let (id_header, id) = match (&scheme.id, options.id) {
            (None, _) => ("", ""),
            (Some(_), None) if scheme.signs_id() => return Err(SignError::IdMissing),
            (Some(_), None) => ("", ""),
            (Some(_), Some(id)) if !scheme.takes_id(id) => return Err(SignError::IdInvalid),
            (Some(source), Some(id)) => (&*source.header, id),
        };
        let (time_header, field, timestamp) = match &scheme.timestamp {
            None => ("", "", String::new()),
            Some(source) => (&*source.header, &*source.field, source.format.write(options.now)),
        };

        let mut value = String::new();
        if !field.is_empty() {
            value.extend([field, "=", &timestamp, first_separator(scheme)]);
        }
        let mut parts = [&[][..]; MAX_PIECES];
        let signed = scheme.signed_content(&mut parts, timestamp.as_bytes(), id, body);
        let sign = |value: &mut String, before: &str, named: &NamedKey| {
            let signature = named.key.sign(signed)?;
            let encoded = match scheme.signature.encoding {
                Encoding::Hex | Encoding::HexOrBase64 => signature.to_hex(),
                Encoding::Base64 => signature.to_base64(),
            };
            value.extend([before, scheme.prefix_of(named.key.algorithm()).unwrap_or_default(), &encoded]);
            Some(())
        };
        sign(&mut value, "", first).ok_or(SignError::NoPrivateKey)?;
        for named in valid.take(others) {
            // A public key cannot sign: it is skipped.
            sign(&mut value, first_separator(scheme), named);
        }
        for (name, value) in [(id_header, id), (time_header, &timestamp), (&scheme.signature.header, &value)] {
            if !name.is_empty() {
                write(name, value);
            }
        }
        Ok(())
    }
}

/// What to write between two items. Of several characters, each separates, so one is enough.
fn first_separator(scheme: &Scheme) -> &str {
    scheme.signature.separator.get(..1).unwrap_or_default()
}

/// A header value cannot hold control characters. Ours stay ASCII, which every HTTP library reads alike.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}
