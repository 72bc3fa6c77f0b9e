//! Reads the headers of a delivery as a scheme says: the signatures, the timestamp and the id.

use alloc::vec::Vec;

use crate::crypto::{self, Algorithm, SignatureBytes};
use crate::delivery::{self, Delivery};
use crate::error::Code;
use crate::scheme::{Encoding, Scheme};
use crate::secret::NamedKey;
use crate::time::UnixTime;

/// How many signatures of a list are tried, so that a list of thousands costs no more than one of sixteen.
const MAX_CANDIDATES: usize = 16;

/// The items of a signature header: the signatures for each kind of key, and the timestamp where the scheme has it
/// there.
pub(crate) struct SignatureItems<'d> {
    hmac: Vec<SignatureBytes>,
    ed25519: Vec<SignatureBytes>,
    timestamp: Option<&'d [u8]>,
}

impl<'d> SignatureItems<'d> {
    pub(crate) fn read(scheme: &Scheme, keys: &[NamedKey], delivery: &Delivery<'d>) -> Result<Self, Code> {
        let separator = scheme.signature.separator.as_bytes();
        let value = delivery.value(&scheme.signature.header)?.ok_or(Code::HeaderMissing)?;
        // Not `contains`, which is a call for each byte of the header.
        let separates = |byte: &u8| separator.iter().any(|one| one == byte);
        // Neither hex nor base64 has commas, so here a comma and a space can only come from headers that were joined.
        let value = match separator {
            [] => delivery::unjoin(value)?,
            _ if separates(&b',') => value,
            _ => unjoin_list(value)?,
        };
        let field = scheme.timestamp.as_ref().map_or("", |source| &source.field).as_bytes();
        // An item is decoded only for kinds of keys that there are; HMAC keys of a scheme all have its one algorithm.
        let ours = |algorithm| keys.iter().any(|named| named.key.algorithm() == algorithm);
        let wanted = [scheme.algorithm, Algorithm::Ed25519].map(|algorithm| ours(algorithm).then_some(algorithm));

        let mut items = Self { hmac: Vec::new(), ed25519: Vec::new(), timestamp: None };
        let mut repeated = false;
        for item in value.split(separates) {
            let item = item.trim_ascii();
            if !field.is_empty()
                && let Some(time) = item.strip_prefix(field).and_then(|rest| rest.strip_prefix(b"="))
            {
                // Two timestamps are two headers that an HTTP library has joined: one header twice, or a conflict.
                match items.timestamp.replace(time) {
                    None => {}
                    Some(other) if other == time => repeated = true,
                    Some(_) => return Err(Code::HeaderConflict),
                }
            }
            if items.hmac.len() + items.ed25519.len() == MAX_CANDIDATES {
                continue;
            }
            for algorithm in wanted.into_iter().flatten() {
                if let Some(candidate) = decode(scheme, algorithm, item) {
                    match algorithm {
                        Algorithm::Ed25519 => items.ed25519.push(candidate),
                        _ => items.hmac.push(candidate),
                    }
                    break;
                }
            }
        }
        if repeated {
            check_repetition(&value.split(separates).map(<[u8]>::trim_ascii).collect::<Vec<_>>(), field)?;
        }
        match items.hmac.is_empty() && items.ed25519.is_empty() {
            true => Err(Code::HeaderMalformed),
            false => Ok(items),
        }
    }

    pub(crate) fn candidates(&self, algorithm: Algorithm) -> &[SignatureBytes] {
        match algorithm {
            Algorithm::Ed25519 => &self.ed25519,
            _ => &self.hmac,
        }
    }
}

/// Takes `v1,a v1,b, v1,a v1,b` (a list joined with itself) apart into its first half; other lists that were joined are
/// a conflict.
fn unjoin_list(value: &[u8]) -> Result<&[u8], Code> {
    let Some(at) = value.windows(2).position(|pair| pair == b", ") else {
        return Ok(value);
    };
    let (first, mut rest) = value.split_at_checked(at).unwrap_or((value, &[]));
    while let Some(after) = rest.strip_prefix(b", ") {
        rest = after.strip_prefix(first).ok_or(Code::HeaderConflict)?;
    }
    match rest.is_empty() {
        true => Ok(first),
        false => Err(Code::HeaderConflict),
    }
}

/// Several timestamps, each with signatures after it, are several headers that an HTTP library has joined: one header
/// repeated, or a conflict.
fn check_repetition(items: &[&[u8]], field: &[u8]) -> Result<(), Code> {
    let is_time = |item: &[u8]| item.strip_prefix(field).is_some_and(|rest| rest.starts_with(b"="));
    let mut headers = items.chunk_by(|_, next| !is_time(next)).filter(|header| header.len() > 1);
    let first = headers.next();
    match headers.all(|other| Some(other) == first) {
        true => Ok(()),
        false => Err(Code::HeaderConflict),
    }
}

/// One item of the header as a signature of this algorithm, or `None` if it is anything else.
fn decode(scheme: &Scheme, algorithm: Algorithm, item: &[u8]) -> Option<SignatureBytes> {
    let prefix = scheme.prefix_of(algorithm)?.as_bytes();
    let text = match item.strip_prefix(prefix) {
        Some(text) => text,
        None if scheme.signature.prefix_optional => item,
        None => return None,
    };
    let len = algorithm.signature_len();
    match scheme.signature.encoding {
        Encoding::Hex => SignatureBytes::from_hex(text, len),
        Encoding::Base64 => SignatureBytes::from_base64(text, len),
        Encoding::HexOrBase64 => SignatureBytes::from_hex(text, len).or_else(|| SignatureBytes::from_base64(text, len)),
    }
}

/// The timestamp as text, for the signed content, and as a time, for freshness.
pub(crate) fn read_timestamp<'d>(
    scheme: &Scheme,
    items: &SignatureItems<'d>,
    delivery: &Delivery<'d>,
) -> Result<(&'d [u8], Option<UnixTime>), Code> {
    let Some(source) = &scheme.timestamp else {
        return Ok((b"", None));
    };
    let text = match source.header.is_empty() {
        // A list without its timestamp is not this provider's form.
        true => Some(items.timestamp.ok_or(Code::HeaderMalformed)?),
        false => delivery.plain_value(&source.header)?,
    };
    match text {
        // What the signature does not cover can be stripped by anyone, so its absence proves nothing.
        None if !scheme.signs_timestamp() => Ok((b"", None)),
        None => Err(Code::HeaderMissing),
        Some(text) => {
            let time = source.format.parse(text).ok_or(Code::HeaderMalformed)?;
            Ok((text, Some(time)))
        }
    }
}

pub(crate) fn read_id<'d>(scheme: &Scheme, delivery: &Delivery<'d>) -> Result<Option<&'d str>, Code> {
    let Some(source) = &scheme.id else {
        return Ok(None);
    };
    match delivery.plain_value(&source.header)? {
        None if !scheme.signs_id() => Ok(None),
        None => Err(Code::HeaderMissing),
        Some(bytes) => match crypto::utf8(bytes) {
            Some(id) if scheme.takes_id(id) => Ok(Some(id)),
            _ => Err(Code::HeaderMalformed),
        },
    }
}

/// The header with the time: the signature header, where the time is an item of that one.
pub(crate) fn timestamp_header(scheme: &Scheme) -> &str {
    match &scheme.timestamp {
        Some(source) if !source.header.is_empty() => &source.header,
        _ => &scheme.signature.header,
    }
}
