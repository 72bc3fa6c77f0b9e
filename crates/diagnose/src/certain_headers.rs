//! What is certain about the headers by their form alone.

use alloc::vec::Vec;

use countersign_core::{Algorithm, Encoding, Scheme};

use crate::case::{Case, other_provider};
use crate::finding::Finding;
use crate::headers::signatures::{SignaturePiece, encoding_name, pieces};
use crate::headers::times::{any_time, format_name};
use crate::headers::values::Values;
use crate::redact::encoding_of;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::secret;

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

pub(crate) fn time_with_commas(case: &Case<'_>, scheme: &Scheme, header: &str) -> bool {
    let mut values = case.delivery.values(header);
    let single = values.next().filter(|_| values.next().is_none());
    !header.eq_ignore_ascii_case(&scheme.signature.header) && single.is_some_and(|value| any_time(value).is_some())
}

pub(crate) fn malformed(case: &Case<'_>, scheme: &Scheme, header: &str) -> Option<Finding> {
    if !header.eq_ignore_ascii_case(&scheme.signature.header) {
        let timestamp = scheme.timestamp.as_ref().filter(|source| source.header.eq_ignore_ascii_case(header))?;
        let value = case.delivery.values(header).next().unwrap_or_default();
        let found = any_time(value).map_or_else(|| encoding_of(value), |(_, found)| found);
        let evidence = facts! { "header": header, "found": found, "expected": format_name(timestamp.format) };
        return Some(Finding::new(CauseCode::TimestampFormat, evidence));
    }
    let value = case.delivery.values(header).next().unwrap_or_default();
    let expected = scheme.prefix_of(scheme.algorithm).unwrap_or_default();
    let pieces = pieces(value);
    if let Some(source) = scheme.timestamp.as_ref().filter(|source| !source.field.is_empty()) {
        let texts = value
            .split(|b| b",; ".contains(b))
            .filter_map(|item| item.strip_prefix(source.field.as_bytes())?.strip_prefix(b"="));
        let texts: Vec<&[u8]> = texts.collect();
        match texts.first() {
            None => {
                let evidence =
                    facts! { "header": header, "found": "no timestamp", "expected": [&source.field, "="].concat() };
                return Some(Finding::new(CauseCode::HeaderPrefix, evidence));
            }
            Some(text) if source.format.parse(text).is_none() => {
                let found = any_time(text).map_or_else(|| encoding_of(text), |(_, found)| found);
                let evidence = facts! { "header": header, "found": found, "expected": format_name(source.format) };
                return Some(Finding::new(CauseCode::TimestampFormat, evidence));
            }
            Some(_) => {}
        }
    }
    let public = scheme.signature.ed25519_prefix.as_deref();
    let fits = |piece: &SignaturePiece<'_>| {
        piece.prefix == expected
            || public.is_some_and(|public| piece.prefix == public)
            || (piece.prefix.is_empty() && scheme.signature.prefix_optional)
    };
    let length = scheme.algorithm.signature_len();
    match pieces.iter().find(|piece| fits(piece)) {
        Some(piece) => {
            let by_public = public.is_some_and(|public| piece.prefix == public);
            let length = if by_public { Algorithm::Ed25519.signature_len() } else { length };
            let found = encoding_of(piece.text);
            let wanted = encoding_name(scheme.signature.encoding);
            let characters =
                if scheme.signature.encoding == Encoding::Hex { length * 2 } else { (length * 4).div_ceil(3) };
            if wanted.starts_with("hex") && found.starts_with("hex") || wanted == "base64" && found == "base64" {
                let evidence =
                    facts! { "characters": piece.text.len(), "expected_characters": characters, "lost": "a part" };
                return (piece.text.len() < characters).then(|| Finding::new(CauseCode::SignatureTruncated, evidence));
            }
            let whole =
                matches!(piece.text.len(), len if len == length * 2 || len.abs_diff((length * 4).div_ceil(3)) <= 1);
            let evidence = facts! { "found": found, "expected": wanted };
            (whole && found != "other text").then(|| Finding::new(CauseCode::SignatureEncoding, evidence))
        }
        None => {
            let (prefix, _) =
                pieces.iter().find_map(|piece| (piece.text.len() >= length).then_some((piece.prefix.as_str(), ())))?;
            let prefix = if prefix.is_empty() { "nothing" } else { prefix };
            Some(Finding::new(
                CauseCode::HeaderPrefix,
                facts! { "header": header, "found": prefix, "expected": expected },
            ))
        }
    }
}

/// A shared secret where only Ed25519 signatures came, or a public key where none did.
pub(crate) fn wrong_kind(case: &Case<'_>, scheme: &Scheme) -> Option<Finding> {
    let ed25519 = scheme.signature.ed25519_prefix.as_deref()?;
    let signatures = Values::of(case.delivery, &scheme.signature.header);
    let prefixes =
        |wanted: &str| signatures.values.iter().flat_map(|value| pieces(value)).any(|piece| piece.prefix == wanted);
    let (shared, public) = (prefixes(&scheme.signature.prefix), prefixes(ed25519));
    let keys = secret::candidates(scheme, case.secrets.secrets(), &case.wrong_kinds(), case.now);
    let public_key = |key: &secret::Candidate| key.key.algorithm() == Algorithm::Ed25519;
    let first: Vec<&secret::Candidate> = keys.iter().filter(|key| key.first).collect();
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
