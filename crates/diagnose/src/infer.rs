//! What is certain without proof: a refusal by form, an empty or cut body, a secret that is none.
//!
//! Rules: nothing here is a guess. What may have another explanation is left unknown.

use alloc::vec::Vec;

use countersign_core::{Algorithm, Code, Encoding, Scheme};

use crate::document::{self, Document, Read};
use crate::facts::facts;
use crate::headers::{self, Values};
use crate::numbers::Replaced;
use crate::reformat::{Order, Style};
use crate::report::{CauseCode, Finding, encoding_of, in_turn};
use crate::search::spacing_of;
use crate::styles::{self, SPACINGS};
use crate::{Case, Verdict, other_sender, secret, senders};

pub(crate) fn certain(case: &Case<'_>, scheme: &Scheme, verdict: &Verdict) -> Vec<Finding> {
    let mut all = Vec::new();
    let error = match verdict {
        Verdict::BadSecret(error) => Some(*error),
        _ => None,
    };
    all.extend(secret::certain(error, case.secrets.secrets()));
    if let Verdict::Refused(error) = verdict {
        match error.code() {
            Code::HeaderMissing => all.push(missing(case, scheme, error.header_name().unwrap_or_default())),
            // A time with commas in it is no list.
            Code::HeaderConflict if time_with_commas(case, scheme, error.header_name().unwrap_or_default()) => {
                all.extend(malformed(case, scheme, error.header_name().unwrap_or_default()));
            }
            Code::HeaderConflict => {
                all.push(Finding::new(
                    CauseCode::HeaderConflict,
                    facts! { "header": error.header_name().unwrap_or_default() },
                ));
            }
            Code::HeaderMalformed => all.extend(malformed(case, scheme, error.header_name().unwrap_or_default())),
            _ => {}
        }
    }
    if let Some(finding) =
        wrong_kind(case, scheme).filter(|_| all.iter().all(|known| known.code != CauseCode::SecretEmpty))
    {
        // The header is well-formed then, for another kind of key.
        all.retain(|known| ![CauseCode::HeaderPrefix, CauseCode::SecretWrongKind].contains(&known.code));
        all.push(finding);
    }
    all.extend(body(case, scheme));
    in_turn(all)
}

fn missing(case: &Case<'_>, scheme: &Scheme, header: &str) -> Finding {
    let is_signature = header.eq_ignore_ascii_case(&scheme.signature.header);
    let others = case.other_senders(scheme);
    match others.as_slice() {
        [(preset, _), ..] if is_signature => other_sender(preset, false),
        _ => Finding::new(
            CauseCode::HeaderMissing,
            facts! { "header": header, "headers_received": case.delivery.pairs().count() },
        ),
    }
}

fn time_with_commas(case: &Case<'_>, scheme: &Scheme, header: &str) -> bool {
    let mut values = case.delivery.values(header);
    let single = values.next().filter(|_| values.next().is_none());
    !header.eq_ignore_ascii_case(&scheme.signature.header)
        && single.is_some_and(|value| headers::any_time(value).is_some())
}

fn malformed(case: &Case<'_>, scheme: &Scheme, header: &str) -> Option<Finding> {
    if !header.eq_ignore_ascii_case(&scheme.signature.header) {
        let timestamp = scheme.timestamp.as_ref().filter(|source| source.header.eq_ignore_ascii_case(header))?;
        let value = case.delivery.values(header).next().unwrap_or_default();
        let found = headers::any_time(value).map_or_else(|| encoding_of(value), |(_, found)| found);
        let evidence = facts! { "header": header, "found": found, "expected": headers::format_name(timestamp.format) };
        return Some(Finding::new(CauseCode::TimestampFormat, evidence));
    }
    let value = case.delivery.values(header).next().unwrap_or_default();
    let expected = scheme.prefix_of(scheme.algorithm).unwrap_or_default();
    let pieces = headers::pieces(value);
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
                let found = headers::any_time(text).map_or_else(|| encoding_of(text), |(_, found)| found);
                let evidence =
                    facts! { "header": header, "found": found, "expected": headers::format_name(source.format) };
                return Some(Finding::new(CauseCode::TimestampFormat, evidence));
            }
            Some(_) => {}
        }
    }
    let public = scheme.signature.ed25519_prefix.as_deref();
    let fits = |piece: &headers::SignaturePiece<'_>| {
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
            let wanted = headers::encoding_name(scheme.signature.encoding);
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
fn wrong_kind(case: &Case<'_>, scheme: &Scheme) -> Option<Finding> {
    let ed25519 = scheme.signature.ed25519_prefix.as_deref()?;
    let signatures = Values::of(case.delivery, &scheme.signature.header);
    let prefixes = |wanted: &str| {
        signatures.values.iter().flat_map(|value| headers::pieces(value)).any(|piece| piece.prefix == wanted)
    };
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

/// Sizes at which programs cut bodies.
const LIMITS: &[usize] = &[
    1 << 10,
    4 << 10,
    8 << 10,
    16 << 10,
    32 << 10,
    64 << 10,
    100 << 10,
    100_000,
    128 << 10,
    256 << 10,
    500_000,
    512 << 10,
    1 << 20,
    1_000_000,
    2 << 20,
    4 << 20,
    5 << 20,
    6 << 20,
    8 << 20,
    10 << 20,
    10_000_000,
    16 << 20,
    65_535,
];

fn body(case: &Case<'_>, scheme: &Scheme) -> Option<Finding> {
    let held = case.delivery.body();
    let trimmed = held.trim_ascii();
    let length = content_length(case);
    let chunked = case.delivery.values("transfer-encoding").next().is_some();
    let compressed =
        case.delivery.values("content-encoding").next().filter(|value| !value.is_empty() && *value != b"identity");

    let stand_in = match trimmed {
        b"" => Some("empty"),
        b"{}" => Some("{}"),
        b"null" => Some("null"),
        b"undefined" => Some("undefined"),
        b"\"\"" => Some("an empty string"),
        b"[]" => Some("[]"),
        b"None" | b"nil" | b"b''" | b"\"undefined\"" => Some("nothing, as a program prints it"),
        [b'[', b'o', b'b', b'j', b'e', b'c', b't', b' ', .., b']'] => Some("[object …]"),
        _ => None,
    };
    if let Some(found) = stand_in {
        // JSON senders always send something; an empty body is honest only where the scheme or the length says so.
        let no_json = !matches!(found, "{}" | "[]" | "null" | "an empty string");
        let longer = length.is_some_and(|length| length > held.len());
        let honest = length == Some(held.len()) || (held.is_empty() && scheme.signed_if_empty.is_some() && !chunked);
        let empty = !honest && (no_json || (length.is_none() && senders::habits(case.provider).sure));
        if longer || empty {
            let mut evidence = facts! { "body": found, "bytes": held.len() };
            if let Some(length) = length {
                evidence.insert("content_length", length.into());
            }
            return Some(Finding::new(CauseCode::BodyEmpty, evidence));
        }
        return None;
    }
    let read = document::read(held);
    if let Some(encoding) = compressed
        && !held.starts_with(&[0x1f, 0x8b])
        && !matches!(read, Read::NotJson)
    {
        let known = ["gzip", "deflate", "br", "zstd"]
            .into_iter()
            .find(|name| encoding.eq_ignore_ascii_case(name.as_bytes()))?;
        // A proxy that decompresses sets the length anew, if it keeps the header at all.
        if length.is_none_or(|length| length != held.len()) {
            let mut evidence = facts! { "content_encoding": known, "bytes": held.len() };
            if let Some(length) = length {
                evidence.insert("content_length", length.into());
            }
            return Some(Finding::new(CauseCode::BodyDecompressed, evidence));
        }
    }
    if let Some(finding) = compression_left_on(held, compressed) {
        return Some(finding);
    }
    if let Some(notation) = printed(trimmed) {
        return Some(Finding::new(CauseCode::BodyReserialized, facts! { "received": notation }));
    }
    let marks = held.windows(3).filter(|window| *window == "\u{fffd}".as_bytes()).count();
    if marks > 0 && length.is_none_or(|length| length != held.len()) {
        let evidence = facts! { "received": "U+FFFD in place of characters", "count": marks };
        return Some(Finding::new(CauseCode::BodyCharset, evidence));
    }
    // JSON on its way is UTF-8 (RFC 8259, 8.1), and a byte that was only damaged does not make it shorter.
    if let Some(length) = length.filter(|length| *length > held.len())
        && matches!(read, Read::Complete(_))
        && core::str::from_utf8(held).is_err()
    {
        let evidence = facts! { "received": "bytes that are not UTF-8", "bytes": held.len(), "content_length": length };
        return Some(Finding::new(CauseCode::BodyCharset, evidence));
    }
    let limit = LIMITS.contains(&held.len());
    let shorter = length.is_some_and(|length| length > held.len());
    let mut evidence = facts! { "bytes": held.len() };
    if let Some(length) = length {
        evidence.insert("content_length", length.into());
    }
    if limit {
        evidence.insert("limit", held.len().into());
    }
    match read {
        Read::Incomplete(_) => {
            evidence.insert("ends", "in the middle of the JSON".into());
            Some(Finding::new(CauseCode::BodyTruncated, evidence))
        }
        Read::NotJson if shorter && (limit || looks_cut(held) || is_form_text(held)) => {
            Some(Finding::new(CauseCode::BodyTruncated, evidence))
        }
        Read::NotJson => None,
        Read::Complete(document) => reserialized(case, &document, length),
    }
}

/// Still compressed, in a format that is not undone here. Senders sign before they compress.
fn compression_left_on(held: &[u8], told: Option<&[u8]>) -> Option<Finding> {
    let zstd = held.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let brotli = told.is_some_and(|told| told.eq_ignore_ascii_case(b"br")) && core::str::from_utf8(held).is_err();
    let format = if zstd { "zstd" } else { "br" };
    let evidence = facts! { "format": format, "bytes": held.len() };
    (zstd || brotli).then(|| Finding::new(CauseCode::BodyCompressed, evidence))
}

/// What no sender writes: an object as a program prints it.
fn printed(text: &[u8]) -> Option<&'static str> {
    if text.starts_with(b"map[") {
        return Some("a map as Go prints it");
    }
    // Java: `{id=evt_1, …}`. JSON has quotes or a bracket there.
    let inner = text.strip_prefix(b"{").filter(|_| text.ends_with(b"}"))?.trim_ascii_start();
    let name = inner.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_').filter(|end| *end > 0)?;
    let after = inner.get(name..)?.trim_ascii_start();
    match after.first() {
        Some(b'=') => Some("a map as Java prints it"),
        Some(b':') => Some("an object as Node prints it"),
        _ => None,
    }
}

/// Escaped as forms are.
fn is_form_text(held: &[u8]) -> bool {
    held.contains(&b'=') && held.iter().all(|b| b.is_ascii_alphanumeric() || b"*-._~+%&=!'()".contains(b))
}

/// JSON that begins but does not end as such.
fn looks_cut(held: &[u8]) -> bool {
    let trimmed = held.trim_ascii();
    matches!(trimmed, [b'{', .., last] if *last != b'}') || matches!(trimmed, [b'[', .., last] if *last != b']')
}

/// Written again in a way that cannot be undone, but shows.
fn reserialized(case: &Case<'_>, document: &Document<'_>, length: Option<usize>) -> Option<Finding> {
    let habits = senders::habits(case.provider);
    let received = spacing_of(document).map_or("irregular white space", |spacing| spacing.name);
    let length = length.filter(|length| *length != case.delivery.body().len())?;
    // As long as the wire's body, if only it were written as this sender writes.
    let none = Replaced::new();
    let fits = |spacing, strings| {
        let text = document.write(&Style { spacing, strings, order: Order::Keep, replaced: &none });
        text.len() == length && text != case.delivery.body().trim_ascii()
    };
    let signed = match document.sorted_keys() {
        _ if habits.sure => Some(habits.spacing).filter(|spacing| fits(*spacing, habits.strings)),
        // So many keys are not sorted by chance.
        Some(MANY_KEYS..) if length < LONGEST_SORTED => {
            let styles = styles::distinct_strings(document.marks);
            SPACINGS.iter().copied().find(|spacing| styles.iter().any(|strings| fits(*spacing, *strings)))
        }
        _ => None,
    };
    let evidence = facts! {
        "content_length": length, "bytes": case.delivery.body().len(), "signed": signed?.name, "received": received,
    };
    Some(Finding::new(CauseCode::BodyReserialized, evidence))
}

/// Larger ones are not written in every style.
const LONGEST_SORTED: usize = 1 << 14;

/// Keys of one object that are hardly sorted by chance.
const MANY_KEYS: usize = 5;

pub(crate) fn content_length(case: &Case<'_>) -> Option<usize> {
    core::str::from_utf8(case.delivery.values("content-length").next()?).ok()?.trim().parse().ok()
}

/// What stays possible although nothing shows it.
pub(crate) fn open(case: &Case<'_>, scheme: &Scheme, complete: bool) -> Vec<CauseCode> {
    let body = case.delivery.body();
    let mut open = Vec::from([CauseCode::BodyDecompressed, CauseCode::SecretWrongKind]);
    if scheme.signs_timestamp() {
        open.push(CauseCode::TimestampReplaced);
    }
    if !matches!(document::read(body), Read::Complete(_)) || body.trim_ascii().len() < 3 {
        open.extend([CauseCode::BodyTruncated, CauseCode::BodyEmpty]);
    }
    if body.windows(3).any(|window| window == "\u{fffd}".as_bytes()) {
        open.push(CauseCode::BodyCharset);
    }
    if !complete {
        open.extend([CauseCode::BodyReserialized, CauseCode::BodyUnicodeEscapes, CauseCode::BodyCharset]);
    }
    open
}
