//! What each step of verification saw. Rule: all text of the delivery passes [`Hidden`] first.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{MAX_PIECES, push_number};
use countersign_core::{Code, Encoding, Scheme, Secret, TimestampFormat, TimestampSource, UnixTime};

use crate::body::space::BOM;
use crate::case::{Case, Outcome};
use crate::headers::pieces::pieces;
use crate::headers::said::Said;
use crate::headers::times::format_name;
use crate::headers::values::Values;
use crate::redact::{Hidden, LONGEST_SHOWN, NOT_SHOWN, encoding_of};
use crate::report::diagnosis::{Step, StepName};
use crate::report::facts::{Fact, Facts, facts};
use crate::search::engine::Solved;
use crate::{clock, content, habits};

/// Every step that this scheme has, in the order in which verification takes them.
pub(crate) fn steps(
    case: &Case<'_>,
    scheme: &Scheme,
    outcome: &Outcome,
    solved: Option<&Solved>,
    hidden: &Hidden,
) -> Vec<Step> {
    let signatures = Values::of(case.delivery, &scheme.signature.header);
    let said = Said::read(scheme, case.delivery, &signatures);
    let reached = match outcome {
        Outcome::Valid => Some(true),
        Outcome::Refused(error) if matches!(error.code(), Code::TimestampTooOld | Code::TimestampTooNew) => Some(true),
        Outcome::Refused(error) if error.code() == Code::SignatureMismatch => Some(false),
        _ => None,
    };
    let is_right = reached == Some(true);
    let mut all = Vec::new();
    let mut step = |name, ok, saw| all.push(Step { name, ok, saw });
    step(StepName::Secret, Some(!matches!(outcome, Outcome::BadSecret(_))), secrets(case));
    let ok = !fails(outcome, &scheme.signature.header);
    step(StepName::SignatureHeader, Some(ok), signature_header(scheme, &signatures));
    if let Some(source) = &scheme.timestamp {
        let (ok, saw) = timestamp(case, scheme, source, outcome, &said, hidden);
        step(StepName::Timestamp, Some(ok), saw);
    }
    if let Some(source) = &scheme.id {
        let ok = !fails(outcome, &source.header) && !said.ids.is_empty();
        let mut saw = facts! { "header": source.header.as_ref(), "signed": scheme.signs_id() };
        if let Some(text) = said.ids.first() {
            saw.insert("value", hidden.show(&text.text).into());
        }
        step(StepName::Id, Some(ok), saw);
    }
    step(StepName::SignedContent, None, signed(case, scheme, &said, hidden));
    step(StepName::Signature, reached, signature(case, scheme, &signatures, is_right, solved));
    if scheme.timestamp.is_some() {
        let (fresh, saw) = freshness(case, scheme, &said);
        step(StepName::Freshness, fresh.filter(|_| is_right), saw);
    }
    all
}

/// Whether verification refuses this header.
fn fails(outcome: &Outcome, header: &str) -> bool {
    let Outcome::Refused(error) = outcome else { return false };
    matches!(error.code(), Code::HeaderMissing | Code::HeaderMalformed | Code::HeaderConflict)
        && error.header_name().is_some_and(|name| name.eq_ignore_ascii_case(header))
}

fn timestamp(
    case: &Case<'_>,
    scheme: &Scheme,
    source: &TimestampSource,
    outcome: &Outcome,
    said: &Said,
    hidden: &Hidden,
) -> (bool, Facts) {
    let in_list = source.header.is_empty();
    let header = if in_list { &scheme.signature.header } else { &source.header };
    let signed = scheme.signs_timestamp();
    let mut saw = facts! { "header": header.as_ref(), "format": format_name(source.format), "signed": signed };
    let refused = !in_list && fails(outcome, header);
    let Some(text) = said.timestamps.first() else { return (!refused && !signed, saw) };
    saw.insert("value", hidden.show(&text.text).into());
    if let Some(time) = text.time {
        saw.insert("signed_at", TimestampFormat::Iso8601.write(time).into());
        saw.insert("age_seconds", age(case.now, time));
    }
    (!refused && source.format.parse(&text.text).is_some(), saw)
}

fn freshness(case: &Case<'_>, scheme: &Scheme, said: &Said) -> (Option<bool>, Facts) {
    let mut saw = facts! {
        "now": TimestampFormat::Iso8601.write(case.now),
        "past_seconds": scheme.tolerance.past.map(|limit| limit.as_secs()),
        "future_seconds": scheme.tolerance.future.map(|limit| limit.as_secs()),
    };
    let time = said.timestamps.first().and_then(|text| text.time);
    if let Some(time) = time {
        saw.insert("age_seconds", age(case.now, time));
    }
    (time.map(|time| clock::is_fresh(scheme.tolerance, time, case.now)), saw)
}

/// The seconds since that time; negative for the future.
fn age(now: UnixTime, then: UnixTime) -> Fact {
    Fact::Number(now.as_secs().wrapping_sub(then.as_secs()) as i64)
}

/// What may be said about our secrets.
fn secrets(case: &Case<'_>) -> Facts {
    let list: Vec<Facts> = case
        .secrets
        .secrets()
        .iter()
        .map(|secret| {
            let expired = secret.end().is_some_and(|end| case.now > end);
            let mut saw = facts! { "name": secret.name().as_ref(), "expired": expired };
            if let Some(text) = secret.text() {
                saw.insert("characters", text.chars().count().into());
                let begins = ["whpk_", "whsk_", "-----BEGIN"]
                    .into_iter()
                    .chain(habits::secret_prefixes())
                    .find(|start| text.starts_with(start));
                saw.insert("begins_with", begins.into());
            }
            if let Some(problem) = case.schemes.first().and_then(|scheme| problem(case, secret, scheme)) {
                saw.insert("problem", problem.into());
            }
            saw
        })
        .collect();
    facts! { "secrets": list }
}

/// Why a secret is no key for this scheme.
fn problem(case: &Case<'_>, secret: &Secret, scheme: &Scheme) -> Option<String> {
    let error = secret.keys(scheme, &case.wrong_kinds()).err()?;
    let wrong_kinds = case.preset.map(|preset| preset.wrong_kinds).unwrap_or_default();
    Some(error.of_provider(wrong_kinds).hint().into())
}

fn signature_header(scheme: &Scheme, signatures: &Values<'_>) -> Facts {
    let length = scheme.algorithm.signature_len();
    let prefix = scheme.prefix_of(scheme.algorithm).unwrap_or_default();
    let expected = match scheme.signature.encoding {
        Encoding::Base64 => shape(prefix, length.div_ceil(3) * 4, "base64"),
        _ => shape(prefix, length * 2, "hex"),
    };
    let mut found = Vec::new();
    for value in &signatures.values {
        for piece in pieces(value).iter().take(MOST_SHOWN) {
            let prefix = if piece.prefix.len() <= 24 { piece.prefix.as_str() } else { "other text" };
            found.push(facts! {
                "prefix": prefix, "characters": piece.text.len(), "encoding": encoding_of(piece.text),
            });
        }
    }
    facts! {
        "header": scheme.signature.header.as_ref(), "headers": signatures.values.len(),
        "expected": expected, "found": found,
    }
}

/// What a signature should look like.
fn shape(prefix: &str, characters: usize, encoding: &str) -> String {
    let mut text = String::from(prefix);
    text.push('<');
    push_number(&mut text, characters as u64, 1);
    [&text, " characters of ", encoding, ">"].concat()
}

/// So many signatures of one header are listed.
const MOST_SHOWN: usize = 16;

/// What the signature covers: its length, and its beginning and end where a preview is asked for.
fn signed(case: &Case<'_>, scheme: &Scheme, said: &Said, hidden: &Hidden) -> Facts {
    let body = case.delivery.body();
    let timestamp = said.timestamps.first().map(|text| text.text.as_slice()).unwrap_or_default();
    let id = said.ids.first().and_then(|text| core::str::from_utf8(&text.text).ok()).unwrap_or_default();
    let mut parts = [&[][..]; MAX_PIECES];
    let parts = scheme.signed_content(&mut parts, timestamp, id, body);
    let total: usize = parts.iter().map(|part| part.len()).sum();
    let mut saw = facts! {
        "template": content::template_of(scheme, body.is_empty()),
        "bytes": total, "body_bytes": body.len(),
        "utf8": core::str::from_utf8(body).is_ok(), "byte_order_mark": body.starts_with(BOM),
    };
    if !case.preview {
        return saw;
    }
    // A little more than is shown, so that no secret is cut at the edge and shows its beginning.
    let margin = LONGEST_SHOWN * 4 + hidden.longest();
    let content: Vec<u8> = match total <= margin * 2 {
        true => parts.concat(),
        false => {
            let mut head: Vec<u8> = Vec::new();
            for part in parts {
                head.extend(part.iter().take(margin.saturating_sub(head.len())));
            }
            let mut tail: Vec<u8> = Vec::new();
            for part in parts.iter().rev() {
                let from = part.len().saturating_sub(margin.saturating_sub(tail.len()));
                tail = [part.get(from..).unwrap_or_default(), &tail].concat();
            }
            [head, tail].concat()
        }
    };
    if hidden.are_in(&content) {
        saw.insert("preview", NOT_SHOWN.into());
        return saw;
    }
    let text = String::from_utf8_lossy(&content);
    let characters = text.chars().count();
    if characters <= LONGEST_SHOWN * 2 {
        saw.insert("preview", text.as_ref().into());
    } else {
        let tail: String = text.chars().skip(characters - LONGEST_SHOWN).collect();
        saw.insert("preview", text.chars().take(LONGEST_SHOWN).collect::<String>().into());
        saw.insert("preview_end", tail.into());
    }
    saw
}

/// How many signatures and keys were tried, and which key is right.
fn signature(case: &Case<'_>, scheme: &Scheme, signatures: &Values<'_>, valid: bool, solved: Option<&Solved>) -> Facts {
    let tried: usize = signatures.values.iter().map(|value| pieces(value).len()).sum();
    let mut saw = facts! { "tried": tried, "keys": case.secrets.secrets().len() };
    if valid {
        if let Some(key) = case.matching_key(scheme) {
            saw.insert("key", key.into());
        }
    } else if let Some(solved) = solved {
        saw.insert("key_that_would_match", solved.key.as_ref().into());
    }
    saw
}
