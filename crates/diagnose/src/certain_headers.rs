//! What is certain about the headers by their form alone.

use alloc::vec::Vec;

use countersign_core::{Algorithm, Encoding, Scheme, TimestampFormat};

use crate::case::{Case, other_provider};
use crate::finding::Finding;
use crate::headers::form::encoding_name;
use crate::headers::pieces::{SignaturePiece, pieces};
use crate::headers::times::{any_time, format_name};
use crate::headers::values::Values;
use crate::redact::encoding_of;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::secret::keys::{self, Candidate};

/// A header that is not there. Where another provider's signature header is, the delivery is that provider's.
pub(crate) fn missing(case: &Case<'_>, scheme: &Scheme, header: &str) -> Finding {
    let is_signature = header.eq_ignore_ascii_case(&scheme.signature.header);
    let others = case.other_providers(scheme);
    match others.as_slice() {
        [(preset, _), ..] if is_signature => other_provider(preset, false),
        _ => Finding::new(
            CauseCode::HeaderMissing,
            facts! { "header": header, "headers_received": case.delivery.pairs().count() },
        ),
    }
}

/// Whether a header's only value is a time with commas in it, and not a list of values.
pub(crate) fn time_with_commas(case: &Case<'_>, scheme: &Scheme, header: &str) -> bool {
    let mut values = case.delivery.values(header);
    let single = values.next().filter(|_| values.next().is_none());
    !header.eq_ignore_ascii_case(&scheme.signature.header) && single.is_some_and(|value| any_time(value).is_some())
}

/// A header of the wrong form: the timestamp's, or the signature's with all that is in it.
pub(crate) fn malformed(case: &Case<'_>, scheme: &Scheme, header: &str) -> Option<Finding> {
    let value = case.delivery.values(header).next().unwrap_or_default();
    if !header.eq_ignore_ascii_case(&scheme.signature.header) {
        let timestamp = scheme.timestamp.as_ref().filter(|source| source.header.eq_ignore_ascii_case(header))?;
        return Some(other_time(header, value, timestamp.format));
    }
    if let Some(finding) = time_in_list(scheme, header, value) {
        return Some(finding);
    }
    let expected = scheme.prefix_of(scheme.algorithm).unwrap_or_default();
    let public = scheme.signature.ed25519_prefix.as_deref();
    let fits = |piece: &SignaturePiece<'_>| {
        piece.prefix == expected
            || public.is_some_and(|public| piece.prefix == public)
            || (piece.prefix.is_empty() && scheme.signature.prefix_optional)
    };
    let length = scheme.algorithm.signature_len();
    let pieces = pieces(value);
    if let Some(piece) = pieces.iter().find(|piece| fits(piece)) {
        let by_public = public.is_some_and(|public| piece.prefix == public);
        let length = if by_public { Algorithm::Ed25519.signature_len() } else { length };
        return cut_or_encoded(scheme, piece.text, length);
    }
    let prefix = pieces.iter().find(|piece| piece.text.len() >= length)?.prefix.as_str();
    let found = if prefix.is_empty() { "nothing" } else { prefix };
    Some(Finding::new(CauseCode::HeaderPrefix, facts! { "header": header, "found": found, "expected": expected }))
}

fn other_time(header: &str, text: &[u8], format: TimestampFormat) -> Finding {
    let found = any_time(text).map_or_else(|| encoding_of(text), |(_, found)| found);
    let evidence = facts! { "header": header, "found": found, "expected": format_name(format) };
    Finding::new(CauseCode::TimestampFormat, evidence)
}

/// A timestamp that should stand in the signature header, and does not, or in another form.
fn time_in_list(scheme: &Scheme, header: &str, value: &[u8]) -> Option<Finding> {
    let source = scheme.timestamp.as_ref().filter(|source| !source.field.is_empty())?;
    let mut texts = value
        .split(|b| b",; ".contains(b))
        .filter_map(|item| item.strip_prefix(source.field.as_bytes())?.strip_prefix(b"="));
    match texts.next() {
        None => {
            let expected = [&source.field, "="].concat();
            let evidence = facts! { "header": header, "found": "no timestamp", "expected": expected };
            Some(Finding::new(CauseCode::HeaderPrefix, evidence))
        }
        Some(text) if source.format.parse(text).is_none() => Some(other_time(header, text, source.format)),
        Some(_) => None,
    }
}

/// A signature with the right prefix that is too short, or has the length of another encoding.
fn cut_or_encoded(scheme: &Scheme, text: &[u8], length: usize) -> Option<Finding> {
    let found = encoding_of(text);
    let wanted = encoding_name(scheme.signature.encoding);
    let in_base64 = (length * 4).div_ceil(3);
    if wanted.starts_with("hex") && found.starts_with("hex") || wanted == "base64" && found == "base64" {
        let characters = if scheme.signature.encoding == Encoding::Hex { length * 2 } else { in_base64 };
        let evidence = facts! { "characters": text.len(), "expected_characters": characters, "lost": "a part" };
        return (text.len() < characters).then(|| Finding::new(CauseCode::SignatureTruncated, evidence));
    }
    let whole = text.len() == length * 2 || text.len().abs_diff(in_base64) <= 1;
    let evidence = facts! { "found": found, "expected": wanted };
    (whole && found != "other text").then(|| Finding::new(CauseCode::SignatureEncoding, evidence))
}

/// A shared secret where the delivery has Ed25519 signatures only, or a public key where it has none.
pub(crate) fn wrong_kind(case: &Case<'_>, scheme: &Scheme) -> Option<Finding> {
    let ed25519 = scheme.signature.ed25519_prefix.as_deref()?;
    let signatures = Values::of(case.delivery, &scheme.signature.header);
    let prefixes =
        |wanted: &str| signatures.values.iter().flat_map(|value| pieces(value)).any(|piece| piece.prefix == wanted);
    let (shared, public) = (prefixes(&scheme.signature.prefix), prefixes(ed25519));
    let known = keys::candidates(scheme, case.secrets.secrets(), &case.wrong_kinds(), case.now);
    let public_key = |key: &Candidate| key.key.algorithm() == Algorithm::Ed25519;
    let first: Vec<&Candidate> = known.iter().filter(|key| key.first).collect();
    let (found, wanted) = match (shared, public) {
        (true, false) if !first.is_empty() && first.iter().all(|key| public_key(key)) => {
            ("a public key", "a shared secret (whsec_)")
        }
        (false, true) if !first.is_empty() && !first.iter().any(|key| public_key(key)) => {
            ("a shared secret", "a public key (whpk_)")
        }
        _ => return None,
    };
    Some(Finding::new(CauseCode::SecretWrongKind, facts! { "found": found, "signed_with": wanted }))
}
