//! The set-up message, from which a webhook is prepared; `pkg-template/src/message.ts` writes it.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::{DEFAULT_RETRY_HORIZON, Why};
use countersign_core::{
    Algorithm, Encoding, KeyFormat, Keyring, Scheme, Secret, SetupError, TimestampFormat, Tolerance, UnixTime, Webhook,
};

use crate::answer::{Answer, BAD_SCHEME, position};
use crate::message::Reader;

/// How signatures are written, in the order of their numbers.
pub const ENCODINGS: &[Encoding] = Encoding::ALL;

/// How keys are written, in the order of their numbers.
pub const KEY_FORMATS: &[KeyFormat] = KeyFormat::ALL;

/// The algorithms, in the order of their numbers.
pub const ALGORITHMS: &[Algorithm] = Algorithm::ALL;

/// How times are written, in the order of their numbers.
pub const TIMESTAMP_FORMATS: &[TimestampFormat] = TimestampFormat::ALL;

/// The provider's name (empty for a scheme of one's own), the scope of replay keys, the beginnings of the provider's wrong
/// kinds of secrets, the schemes (each list with its length before it), and the secrets.
#[inline(never)]
pub(crate) fn read(message: &[u8], answer: &mut Answer) -> Result<Webhook, u32> {
    let reader = &mut Reader::new(message);
    let provider = reader.owned();
    let scope = if reader.byte() == 1 { Some(reader.text()) } else { None };
    let mut wrong_kinds = Vec::new();
    for _ in 0..reader.byte() {
        wrong_kinds.push(reader.text());
    }
    let mut dialects = Vec::new();
    for _ in 0..reader.byte() {
        dialects.push(scheme(reader));
    }
    let secrets = secrets(reader);
    reader.end()?;
    match webhook(provider, dialects, secrets, &wrong_kinds) {
        Ok(webhook) => Ok(match scope {
            Some(scope) => webhook.scope(scope),
            None => webhook,
        }),
        Err(SetupError::Scheme(error)) => {
            answer.numbers[0] = f64::from(error.number());
            Err(BAD_SCHEME)
        }
        Err(SetupError::Secret(error)) => {
            answer.numbers[0] = match error.why() {
                Why::Known(hint) => f64::from(hint as u8),
                Why::OfProvider(at) => -1.0 - at as f64,
            };
            Err(position(error.code()))
        }
    }
}

fn webhook(
    provider: Cow<'static, str>,
    mut dialects: Vec<Scheme>,
    secrets: Keyring,
    wrong_kinds: &[&str],
) -> Result<Webhook, SetupError> {
    if provider.is_empty()
        && let Some(own) = dialects.pop()
    {
        return own.webhook(secrets);
    }
    for dialect in &dialects {
        dialect.check().map_err(SetupError::Scheme)?;
    }
    let webhook = Webhook::new(dialects, &secrets, wrong_kinds).map_err(SetupError::Secret)?;
    Ok(webhook.of_preset(provider, DEFAULT_RETRY_HORIZON))
}

/// A scheme, complete: JavaScript has the presets and puts the defaults in.
fn scheme(reader: &mut Reader<'_>) -> Scheme {
    let name = reader.optional();
    let mut scheme = Scheme::hmac_sha256(reader.owned()).prefix(reader.owned());
    scheme.name = name;
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
    scheme.adjacent = reader.optional();
    scheme.key = reader.word(KeyFormat::Utf8, KEY_FORMATS);
    scheme.algorithm = reader.word(Algorithm::HmacSha256, ALGORITHMS);
    let (past, future) = (reader.limit(), reader.limit());
    scheme.tolerance = Tolerance::new(past.map(Duration::from_secs), future.map(Duration::from_secs));
    scheme.retry_horizon = reader.limit().map(Duration::from_secs);
    scheme.event.event_type = reader.optional();
    scheme.event.id = reader.optional();
    scheme.event.form = reader.optional();
    scheme
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
