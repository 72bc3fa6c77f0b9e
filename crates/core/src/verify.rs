//! The main path: read the headers, recompute the signature, compare, and only then look at the clock.
//!
//! Rules: the signature covers the header text and the body bytes as received; nothing is parsed and written again;
//! nothing falls back to a weaker scheme; no input panics.

use alloc::borrow::Cow;
use alloc::string::String;

use once_cell::race::OnceBox;

use crate::crypto::Tries;
use crate::delivery::Delivery;
use crate::error::{Clue, Code, Lead, VerifyError};
use crate::event::{Event, NameSource};
use crate::headers::{SignatureItems, read_id, read_timestamp, timestamp_header};
use crate::lead;
use crate::scheme::{MAX_PIECES, Scheme};
use crate::secret::NamedKey;
use crate::time::UnixTime;
use crate::webhook::Webhook;

/// What a valid signature proves, without what the body itself says.
#[derive(Debug)]
pub struct Proof<'d> {
    /// Index of the secret whose key matched.
    pub key: usize,
    /// The id from the header.
    pub id: Option<&'d str>,
    /// Whether the signature covers the id.
    pub id_signed: bool,
    /// The time from the header.
    pub timestamp: Option<UnixTime>,
    /// Whether the signature covers the timestamp.
    pub timestamp_signed: bool,
    /// Until when to remember the replay key.
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
        let proof = self.check(delivery, now).map_err(|error| self.explained(error, delivery))?;
        Ok(Event {
            provider: self.provider.clone(),
            replay_name: self.replay_name.clone(),
            source: match (self.about, self.dialects.first()) {
                (Some(about), _) => NameSource::About(about),
                (None, scheme) => NameSource::Paths(scheme.map(|s| s.event.clone()).unwrap_or_default()),
            },
            raw: Cow::Borrowed(delivery.body()),
            header_id: proof.id.map(String::from),
            timestamp: proof.timestamp,
            key: self.keys.iter().find(|key| key.secret == proof.key).map_or(Cow::Borrowed(""), |key| key.name.clone()),
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
        self.check_dialects(delivery, now).map_err(|error| VerifyError { provider: self.provider.clone(), ..error })
    }

    /// The refusal with what the delivery shows in place of a signature. Not part of `check`: the module of the npm package
    /// sees only the webhook's own headers, so there TypeScript looks.
    #[cold]
    fn explained(&self, error: VerifyError, delivery: &Delivery<'_>) -> VerifyError {
        match error.clue() {
            Some(Clue::Unsigned) => VerifyError { lead: Some(lead::unsigned(delivery, self.about)), ..error },
            _ => error,
        }
    }

    fn check_dialects<'d>(&self, delivery: &Delivery<'d>, now: UnixTime) -> Result<Proof<'d>, VerifyError> {
        let mut first: Option<(Proof<'d>, &Scheme)> = None;
        for scheme in self.present_dialects(delivery) {
            let proof = check_signature(scheme, &self.keys, delivery, now)?;
            first.get_or_insert((proof, scheme));
        }
        let Some((mut proof, scheme)) = first else {
            let header = self.dialects.first().map_or("", |scheme| &scheme.signature.header);
            return Err(unsigned(header));
        };
        check_freshness(scheme, &proof, now)?;
        // The key outlives both the freshness window, which ends replays, and the provider's retries, which are signed
        // anew.
        let retries = now.plus(self.retry_horizon);
        let window = match (proof.timestamp, scheme.tolerance.past) {
            (Some(signed), Some(past)) => signed.plus(past),
            _ => retries,
        };
        proof.expires = retries.max(window);
        Ok(proof)
    }

    /// The dialects to judge by: the only one there is, or those whose signature header is present.
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
    let about = |name| move |code| refused(code, name, delivery);
    let items = SignatureItems::read(scheme, keys, delivery).map_err(|code| match code {
        Code::HeaderMissing => unsigned(&scheme.signature.header),
        _ => refused(code, &scheme.signature.header, delivery),
    })?;
    let (timestamp_text, timestamp) =
        read_timestamp(scheme, &items, delivery).map_err(about(timestamp_header(scheme)))?;
    let id = read_id(scheme, delivery).map_err(about(scheme.id.as_ref().map_or("", |source| &source.header)))?;

    let mut parts = [&[][..]; MAX_PIECES];
    let signed = scheme.signed_content(&mut parts, timestamp_text, id.unwrap_or_default(), delivery.body());

    let tries = &mut Tries::default();
    let live = |named: &NamedKey| named.expires.is_none_or(|end| now <= end);
    let key = keys
        .iter()
        .find(|named| live(named) && named.key.verify_any(signed, items.candidates(named.key.algorithm()), tries))
        .ok_or_else(|| match keys.iter().filter(|named| live(named)).count() {
            0 => VerifyError::new(Code::SecretExpired),
            some => mismatch(scheme, delivery, some < keys.len()),
        })?;
    Ok(Proof {
        key: key.secret,
        id,
        id_signed: id.is_some() && scheme.signs_id(),
        timestamp,
        timestamp_signed: timestamp.is_some() && scheme.signs_timestamp(),
        expires: now, // the webhook knows better, once the delivery is fresh
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
    Err(VerifyError {
        signed_at: Some(signed),
        time_signed: proof.timestamp_signed,
        now: Some(now),
        ..VerifyError::header(code, timestamp_header(scheme))
    })
}

/// A refusal because there is no signature header.
#[cold]
fn unsigned(header: &str) -> VerifyError {
    VerifyError { lead: Some(Lead::Clue(Clue::Unsigned, "")), ..VerifyError::header(Code::HeaderMissing, header) }
}

/// A refusal because of a header.
#[cold]
fn refused(code: Code, header: &str, delivery: &Delivery<'_>) -> VerifyError {
    let lead = if code == Code::HeaderMalformed { not_there(header, delivery) } else { None };
    VerifyError { lead, ..VerifyError::header(code, header) }
}

/// No signature matches. That a secret has expired is said without trying it: a refusal must not cost more than that.
#[cold]
fn mismatch(scheme: &Scheme, delivery: &Delivery<'_>, some_expired: bool) -> VerifyError {
    let id = scheme.id.as_ref().map_or("", |source| &source.header);
    for header in [&scheme.signature.header, timestamp_header(scheme), id] {
        if let Some(lead) = not_there(header, delivery) {
            return VerifyError { lead: Some(lead), ..VerifyError::header(Code::SignatureMismatch, header) };
        }
    }
    let clue = match delivery.body() {
        b"" => Some(Clue::EmptyBody),
        b"[object Object]" => Some(Clue::ObjectText),
        _ => some_expired.then_some(Clue::SomeExpired),
    };
    let lead = clue.map(|clue| Lead::Clue(clue, ""));
    VerifyError { lead, ..VerifyError::header(Code::SignatureMismatch, &scheme.signature.header) }
}

/// Whether the header holds what a program writes for a value that is not there, alone or in an item.
fn not_there(header: &str, delivery: &Delivery<'_>) -> Option<Lead> {
    let value = delivery.values(header).next()?.trim_ascii();
    if value.is_empty() {
        return Some(Lead::Clue(Clue::EmptyHeader, ""));
    }
    // A refusal must not cost more than a signature.
    if value.len() > LONGEST_FOR_A_CLUE {
        return None;
    }
    let is_item = |word: &&str| value.split(|byte| b",;= ".contains(byte)).any(|item| item == word.as_bytes());
    NOT_THERE.iter().copied().find(is_item).map(|word| Lead::Clue(Clue::NotThere, word))
}

/// What a program writes in place of a value that is not there is short, also in a list.
const LONGEST_FOR_A_CLUE: usize = 1024;

/// What programs write for a value that is not there.
pub(crate) const NOT_THERE: &[&str] = &["undefined", "null", "None", "NaN", "nil"];
