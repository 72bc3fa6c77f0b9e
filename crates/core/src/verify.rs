//! The main path: read the headers, recompute the signature, compare, and only then look at the clock.
//!
//! Rules: the signature covers the header text and the body bytes as received; nothing is parsed and written again;
//! nothing falls back to a weaker scheme; no input panics.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use crate::crypto::{self, Algorithm, SignatureBytes};
use crate::delivery::{self, Delivery};
use crate::error::{Code, VerifyError};
use crate::event::{Event, NameSource};
use crate::scheme::{Encoding, MAX_PIECES, Piece, Scheme, pieces};
use crate::secret::NamedKey;
use crate::time::UnixTime;
use crate::webhook::Webhook;

/// How many signatures of a list are tried, so that a list of thousands costs no more than one of sixteen.
const MAX_CANDIDATES: usize = 16;

/// What a valid signature proves, without the body's own words.
#[derive(Debug)]
pub struct Proof<'d> {
    /// Index of the key that matched.
    pub key: usize,
    /// The id from the header.
    pub id: Option<&'d str>,
    /// Whether the signature covers it.
    pub id_signed: bool,
    /// The time from the header.
    pub timestamp: Option<UnixTime>,
    /// Whether the signature covers it.
    pub timestamp_signed: bool,
    /// The end of the replay key.
    pub expires: UnixTime,
}

impl Webhook {
    /// Verifies a delivery.
    ///
    /// ```
    /// use countersign::{Code, Delivery, Provider, UnixTime};
    /// let webhook = Provider::GITHUB.webhook("It's a Secret to Everybody")?;
    /// let headers = [("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")];
    /// let now = UnixTime::from_secs(1_767_225_600);
    /// assert!(webhook.verify(&Delivery::new(&headers, "Hello, World!"), now).is_ok());
    /// let refused = webhook.verify(&Delivery::new(&headers, "Hello, World?"), now).unwrap_err();
    /// assert_eq!(refused.code(), Code::SignatureMismatch);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A header is missing, malformed or contradicts itself; no signature matches; or the delivery is not fresh.
    pub fn verify<'d>(&self, delivery: &Delivery<'d>, now: UnixTime) -> Result<Event<'d>, VerifyError> {
        let proof = self.check(delivery, now)?;
        Ok(Event {
            provider: self.provider(),
            source: match (self.about, self.dialects.first()) {
                (Some(about), _) => NameSource::About(about),
                (None, scheme) => NameSource::Paths(scheme.map(|s| s.event.clone()).unwrap_or_default()),
            },
            raw: Cow::Borrowed(delivery.body()),
            header_id: proof.id.map(String::from),
            timestamp: proof.timestamp,
            key: self.keys.get(proof.key).map_or(Cow::Borrowed(""), |key| key.name.clone()),
            id_signed: proof.id_signed,
            timestamp_signed: proof.timestamp_signed,
            expires: proof.expires,
            read: OnceBox::new(),
        })
    }

    /// The whole decision, without the event around it.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)] // those of `verify`
    pub fn check<'d>(&self, delivery: &Delivery<'d>, now: UnixTime) -> Result<Proof<'d>, VerifyError> {
        self.check_dialects(delivery, now).map_err(|error| VerifyError { provider: self.provider(), ..error })
    }

    fn check_dialects<'d>(&self, delivery: &Delivery<'d>, now: UnixTime) -> Result<Proof<'d>, VerifyError> {
        let mut first: Option<(Proof<'d>, &Scheme)> = None;
        for scheme in self.present_dialects(delivery) {
            let proof = check_signature(scheme, &self.keys, delivery, now)?;
            first.get_or_insert((proof, scheme));
        }
        let Some((mut proof, scheme)) = first else {
            let header = self.dialects.first().map_or("", |scheme| &scheme.signature.header);
            return Err(VerifyError::header(Code::HeaderMissing, header));
        };
        check_freshness(scheme, &proof, now)?;
        // Remembered for the longer of two horizons: a replay ends with the window, honest retries with the schedule.
        let retries = now.plus(self.retry_horizon);
        let window = match (proof.timestamp, scheme.tolerance.past) {
            (Some(signed), Some(past)) => signed.plus(past),
            _ => retries,
        };
        proof.expires = retries.max(window);
        Ok(proof)
    }

    /// The dialects to judge by: the only one, or those whose signature header is there.
    fn present_dialects<'s>(&'s self, delivery: &Delivery<'_>) -> impl Iterator<Item = &'s Scheme> {
        let only_one = self.dialects.len() == 1;
        let present = move |scheme: &&Scheme| only_one || !matches!(delivery.value(&scheme.signature.header), Ok(None));
        self.dialects.iter().filter(present)
    }
}

fn check_signature<'d>(
    scheme: &Scheme,
    keys: &[NamedKey],
    delivery: &Delivery<'d>,
    now: UnixTime,
) -> Result<Proof<'d>, VerifyError> {
    let about = |name| move |code| VerifyError::header(code, name);
    let header = SignatureHeader::read(scheme, keys, delivery).map_err(about(&scheme.signature.header))?;
    let (timestamp_text, timestamp) =
        read_timestamp(scheme, &header, delivery).map_err(about(timestamp_header(scheme)))?;
    let id = read_id(scheme, delivery).map_err(about(scheme.id.as_ref().map_or("", |source| &source.header)))?;

    let mut parts = [&[][..]; MAX_PIECES];
    let signed = signed_content(scheme, &mut parts, timestamp_text, id.unwrap_or_default(), delivery.body());

    let key = keys
        .iter()
        .position(|named| {
            named.expires.is_none_or(|end| now <= end)
                && named.key.verify_any(signed, header.candidates(named.key.algorithm()))
        })
        .ok_or_else(|| VerifyError::header(Code::SignatureMismatch, &scheme.signature.header))?;
    Ok(Proof {
        key,
        id,
        id_signed: id.is_some() && scheme.signs_id(),
        timestamp,
        timestamp_signed: timestamp.is_some() && scheme.signs_timestamp(),
        expires: now,
    })
}

fn check_freshness(scheme: &Scheme, proof: &Proof<'_>, now: UnixTime) -> Result<(), VerifyError> {
    let Some(signed) = proof.timestamp else {
        return Ok(());
    };
    let too_old = scheme.tolerance.past.is_some_and(|limit| now.since(signed) > limit);
    let too_new = scheme.tolerance.future.is_some_and(|limit| signed.since(now) > limit);
    let code = match (too_old, too_new) {
        (true, _) => Code::TimestampTooOld,
        (_, true) => Code::TimestampTooNew,
        _ => return Ok(()),
    };
    Err(VerifyError { signed_at: Some(signed), now: Some(now), ..VerifyError::header(code, timestamp_header(scheme)) })
}

/// The header with the time; the signature header where it is an item of that.
fn timestamp_header(scheme: &Scheme) -> &str {
    match &scheme.timestamp {
        Some(source) if !source.header.is_empty() => &source.header,
        _ => &scheme.signature.header,
    }
}

/// Fills in the template: borrowed parts in order, to be signed one after the other.
pub fn signed_content<'p, 'b>(
    scheme: &'b Scheme,
    parts: &'p mut [&'b [u8]; MAX_PIECES],
    timestamp: &'b [u8],
    id: &'b str,
    body: &'b [u8],
) -> &'p [&'b [u8]] {
    let template = match &scheme.signed_if_empty {
        Some(template) if body.is_empty() => template,
        _ => &scheme.signed,
    };
    let mut count = 0;
    for (slot, piece) in parts.iter_mut().zip(pieces(template)) {
        *slot = match piece {
            Piece::Literal(text) => text.as_bytes(),
            Piece::Timestamp => timestamp,
            Piece::Id => id.as_bytes(),
            Piece::Body => body,
        };
        count += 1;
    }
    parts.get(..count).unwrap_or_default()
}

/// The signature header, taken apart: the candidates for each kind of key, and the timestamp if it is in there.
struct SignatureHeader<'d> {
    hmac: Vec<SignatureBytes>,
    ed25519: Vec<SignatureBytes>,
    timestamp: Option<&'d [u8]>,
}

impl<'d> SignatureHeader<'d> {
    fn read(scheme: &Scheme, keys: &[NamedKey], delivery: &Delivery<'d>) -> Result<Self, Code> {
        let separator = scheme.signature.separator.as_bytes();
        let value = delivery.value(&scheme.signature.header)?.ok_or(Code::HeaderMissing)?;
        // Not `contains`, which is a call for each byte of the header.
        let separates = |byte: &u8| separator.iter().any(|one| one == byte);
        // Neither hex nor base64 has commas, so here a comma and a space can only come from joined headers.
        let value = match separator {
            [] => delivery::unjoin(value)?,
            _ if separates(&b',') => value,
            _ => unjoin_list(value)?,
        };
        let field = scheme.timestamp.as_ref().map_or("", |source| &source.field).as_bytes();
        // One kind of candidate per kind of key; HMAC keys of a scheme all have its one algorithm.
        let ours = |algorithm| keys.iter().any(|named| named.key.algorithm() == algorithm);
        let wanted = [scheme.algorithm, Algorithm::Ed25519].map(|algorithm| ours(algorithm).then_some(algorithm));

        let mut header = Self { hmac: Vec::new(), ed25519: Vec::new(), timestamp: None };
        let mut repeated = false;
        for item in value.split(separates) {
            let item = item.trim_ascii();
            if !field.is_empty()
                && let Some(time) = item.strip_prefix(field).and_then(|rest| rest.strip_prefix(b"="))
            {
                // Two timestamps are two headers joined into one: the same header twice, or a contradiction.
                match header.timestamp.replace(time) {
                    None => {}
                    Some(other) if other == time => repeated = true,
                    Some(_) => return Err(Code::HeaderConflict),
                }
            }
            if header.hmac.len() + header.ed25519.len() == MAX_CANDIDATES {
                continue;
            }
            for algorithm in wanted.into_iter().flatten() {
                if let Some(candidate) = decode(scheme, algorithm, item) {
                    match algorithm {
                        Algorithm::Ed25519 => header.ed25519.push(candidate),
                        _ => header.hmac.push(candidate),
                    }
                    break;
                }
            }
        }
        if repeated {
            is_repetition(&value.split(separates).map(<[u8]>::trim_ascii).collect::<Vec<_>>(), field)?;
        }
        match header.hmac.is_empty() && header.ed25519.is_empty() {
            true => Err(Code::HeaderMalformed),
            false => Ok(header),
        }
    }

    fn candidates(&self, algorithm: Algorithm) -> &[SignatureBytes] {
        match algorithm {
            Algorithm::Ed25519 => &self.ed25519,
            _ => &self.hmac,
        }
    }
}

/// Takes `v1,a v1,b, v1,a v1,b` (a list joined with itself) apart into its first half; other joins are a conflict.
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

/// Several timestamps, each with signatures after it, are several headers joined: the same header again, or a
/// contradiction.
fn is_repetition(items: &[&[u8]], field: &[u8]) -> Result<(), Code> {
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

/// The timestamp as text, for the MAC, and as a time, for the clock.
fn read_timestamp<'d>(
    scheme: &Scheme,
    header: &SignatureHeader<'d>,
    delivery: &Delivery<'d>,
) -> Result<(&'d [u8], Option<UnixTime>), Code> {
    let Some(source) = &scheme.timestamp else {
        return Ok((b"", None));
    };
    let text = match source.header.is_empty() {
        // A list without its timestamp is not this provider's form.
        true => Some(header.timestamp.ok_or(Code::HeaderMalformed)?),
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

fn read_id<'d>(scheme: &Scheme, delivery: &Delivery<'d>) -> Result<Option<&'d str>, Code> {
    let Some(source) = &scheme.id else {
        return Ok(None);
    };
    match delivery.plain_value(&source.header)? {
        None if !scheme.signs_id() => Ok(None),
        None => Err(Code::HeaderMissing),
        Some(bytes) => match crypto::utf8(bytes) {
            Some(id) if is_id(scheme, id) => Ok(Some(id)),
            _ => Err(Code::HeaderMalformed),
        },
    }
}

/// Whether a text can be an id: visible ASCII, and free of the characters that stand next to it in the signed content,
/// since two different deliveries would otherwise have the same content. A comma would be a repeated header.
pub(crate) fn is_id(scheme: &Scheme, id: &str) -> bool {
    let mut forbidden = [b','; 3];
    let mut previous = None;
    let mut after_body = false;
    for piece in pieces(&scheme.signed) {
        match (previous, piece) {
            (Some(Piece::Id), Piece::Literal(text)) => forbidden[1] = text.bytes().next().unwrap_or(b','),
            // Before the body the place where an id begins is fixed; after it, only this text says where.
            (Some(Piece::Literal(text)), Piece::Id) if after_body => forbidden[2] = text.bytes().last().unwrap_or(b','),
            _ => {}
        }
        after_body |= piece == Piece::Body;
        previous = Some(piece);
    }
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic() && forbidden.iter().all(|other| *other != byte))
}
