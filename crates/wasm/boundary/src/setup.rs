//! The set-up message, from which a webhook is prepared; `pkg-template/src/message.ts` writes it.

use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::{DEFAULT_RETRY_HORIZON, Why};
use countersign_core::{
    Algorithm, Encoding, KeyFormat, Keyring, Scheme, Secret, TimestampFormat, Tolerance, UnixTime, Webhook,
};

use crate::answer::{Answer, BAD_SCHEME, position};
use crate::message::Reader;

/// How signatures are written, in the order of their numbers.
pub const ENCODINGS: &[Encoding] = &[Encoding::Hex, Encoding::Base64, Encoding::HexOrBase64];

/// How keys are written, in the order of their numbers.
pub const KEY_FORMATS: &[KeyFormat] =
    &[KeyFormat::Utf8, KeyFormat::Base64, KeyFormat::Hex, KeyFormat::Whsec, KeyFormat::Ed25519];

/// The algorithms, in the order of their numbers.
pub const ALGORITHMS: &[Algorithm] =
    &[Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519];

/// How times are written, in the order of their numbers.
pub const TIMESTAMP_FORMATS: &[TimestampFormat] =
    &[TimestampFormat::UnixSeconds, TimestampFormat::UnixMillis, TimestampFormat::Iso8601];

/// The retry horizon, the beginnings of the provider's wrong kinds of secrets, the schemes (each list with its length
/// before it), and the secrets.
#[inline(never)]
pub(crate) fn read(message: &[u8], answer: &mut Answer) -> Result<Webhook, u32> {
    let reader = &mut Reader::new(message);
    let retry_horizon = reader.limit().map_or(DEFAULT_RETRY_HORIZON, Duration::from_secs);
    let mut wrong_kinds = Vec::new();
    for _ in 0..reader.byte() {
        wrong_kinds.push(reader.text());
    }
    let mut dialects = Vec::new();
    for _ in 0..reader.byte() {
        let scheme = scheme(reader);
        if let Err(error) = scheme.check() {
            // A scheme that was cut off is no scheme of the caller's.
            reader.end()?;
            answer.numbers[0] = f64::from(error.number());
            return Err(BAD_SCHEME);
        }
        dialects.push(scheme);
    }
    let secrets = secrets(reader);
    reader.end()?;
    match Webhook::new(dialects, &secrets, &wrong_kinds) {
        Ok(webhook) => Ok(webhook.retrying_for(retry_horizon)),
        Err(error) => {
            answer.numbers[0] = match error.why() {
                Why::Known(hint) => f64::from(hint as u8),
                Why::OfProvider(at) => -1.0 - at as f64,
            };
            Err(position(error.code()))
        }
    }
}

/// A scheme, complete: JavaScript has the presets and puts the defaults in. The body's own words are read there.
fn scheme(reader: &mut Reader<'_>) -> Scheme {
    let mut scheme = Scheme::hmac_sha256(reader.owned()).prefix(reader.owned());
    scheme.signature.prefix_optional = reader.byte() == 1;
    scheme.signature.ed25519_prefix = reader.optional();
    scheme.signature.separator = reader.owned();
    scheme.signature.encoding = reader.word(Encoding::Hex, ENCODINGS);
    if reader.byte() != 0 {
        scheme = scheme.timestamp(reader.owned());
        let (field, format) = (reader.owned(), reader.word(TimestampFormat::UnixSeconds, TIMESTAMP_FORMATS));
        if let Some(source) = &mut scheme.timestamp {
            source.field = field;
            source.format = format;
        }
    }
    if reader.byte() != 0 {
        scheme = scheme.id(reader.owned());
    }
    scheme.signed = reader.owned();
    scheme.signed_if_empty = reader.optional();
    scheme.key = reader.word(KeyFormat::Utf8, KEY_FORMATS);
    scheme.algorithm = reader.word(Algorithm::HmacSha256, ALGORITHMS);
    let (past, future) = (reader.limit(), reader.limit());
    scheme.tolerance(Tolerance::new(past.map(Duration::from_secs), future.map(Duration::from_secs)))
}

/// The secrets, up to the end.
fn secrets(reader: &mut Reader<'_>) -> Keyring {
    let mut secrets = Vec::new();
    while !reader.rest().is_empty() {
        secrets.push(secret(reader));
    }
    Keyring::from(secrets)
}

/// 1 for text or 0 for bytes, the secret, and the last second it counts (infinity for no end).
fn secret(reader: &mut Reader<'_>) -> Secret {
    let is_text = reader.byte() == 1;
    let secret = if is_text { Secret::new(reader.text()) } else { Secret::from_bytes(reader.bytes()) };
    match reader.limit() {
        Some(end) => secret.expires(UnixTime::from_secs(end)),
        None => secret,
    }
}
