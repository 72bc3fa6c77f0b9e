//! What is certain about the body by its form alone, or by its length on the wire.

use crate::case::Case;
use crate::finding::Finding;
use crate::habits;
use crate::json::document::Document;
use crate::json::notation::{self, SPACINGS, Spacing, Strings};
use crate::json::read::{Read, read};
use crate::json::style::{Order, Replaced, Style};
use crate::json::write::spacing_of;
use crate::report::cause::CauseCode;
use crate::report::facts::{Facts, facts};

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

/// The mistake that the body shows by itself, if there is one. Of several the first counts that explains the others.
pub(crate) fn certain(case: &Case<'_>) -> Option<Finding> {
    let held = case.delivery.body();
    let length = case.content_length();
    if let Some(found) = stand_in(held.trim_ascii()) {
        return empty(held, length, found).or_else(|| other_length(held, length));
    }
    let read = read(held, case.limits);
    let compressed =
        case.delivery.values("content-encoding").next().filter(|value| !value.is_empty() && *value != b"identity");
    if let Some(encoding) = compressed
        && !held.starts_with(&[0x1f, 0x8b])
        && !matches!(read, Read::NotJson)
    {
        let encoding = KNOWN_ENCODINGS.iter().find(|name| encoding.eq_ignore_ascii_case(name.as_bytes()))?;
        // A proxy that decompresses the body sets the length anew, if it keeps that header at all.
        if length.is_none_or(|length| length != held.len()) {
            let evidence = with_length(facts! { "content_encoding": *encoding, "bytes": held.len() }, length);
            return Some(Finding::new(CauseCode::BodyDecompressed, evidence));
        }
    }
    compression_left_on(held, compressed)
        .or_else(|| {
            let notation = printed(held.trim_ascii())?;
            Some(Finding::new(CauseCode::BodyReserialized, facts! { "received": notation }))
        })
        .or_else(|| lost_characters(held, &read, length))
        .or_else(|| match read {
            Read::Complete(document) => reserialized(case, &document, length),
            cut => truncated(held, &cut, length),
        })
        .or_else(|| other_length(held, length))
}

const KNOWN_ENCODINGS: &[&str] = &["gzip", "deflate", "br", "zstd"];

fn with_length(mut evidence: Facts, length: Option<usize>) -> Facts {
    if let Some(length) = length {
        evidence.insert("content_length", length.into());
    }
    evidence
}

/// What programs pass on in place of a body that they do not have.
fn stand_in(trimmed: &[u8]) -> Option<&'static str> {
    Some(match trimmed {
        b"" => "empty",
        b"{}" => "{}",
        b"null" => "null",
        b"undefined" => "undefined",
        b"\"\"" => "an empty string",
        b"[]" => "[]",
        b"None" | b"nil" | b"b''" | b"\"undefined\"" => "nothing, as a program prints it",
        [b'[', b'o', b'b', b'j', b'e', b'c', b't', b' ', .., b']'] => "[object …]",
        _ => return None,
    })
}

/// Whether the body holds nothing, so that another program may have read it.
pub(crate) fn may_be_consumed(held: &[u8]) -> bool {
    stand_in(held.trim_ascii()).is_some()
}

/// A body that holds nothing. That may be what the provider has sent, so it is certain only where the length says that
/// more was sent, or where a program's word for nothing stands in its place.
fn empty(held: &[u8], length: Option<usize>, found: &'static str) -> Option<Finding> {
    let is_word = !matches!(found, "empty" | "{}" | "[]" | "null" | "an empty string");
    let longer = length.is_some_and(|length| length > held.len());
    let evidence = || with_length(facts! { "body": found, "bytes": held.len() }, length);
    (longer || (is_word && length != Some(held.len()))).then(|| Finding::new(CauseCode::BodyEmpty, evidence()))
}

/// A body that became shorter or longer on the way, by a number of bytes.
fn other_length(held: &[u8], length: Option<usize>) -> Option<Finding> {
    let length = length.filter(|length| *length != held.len())?;
    let mut evidence = with_length(facts! { "bytes": held.len() }, Some(length));
    let (name, bytes) =
        if length > held.len() { ("lost_bytes", length - held.len()) } else { ("added_bytes", held.len() - length) };
    evidence.insert(name, bytes.into());
    Some(Finding::new(CauseCode::BodyLength, evidence))
}

/// How many marks for lost characters the body has.
pub(crate) fn lost_marks(held: &[u8]) -> usize {
    let mark = "\u{fffd}".as_bytes();
    let begins = |at: &usize| held.get(*at..).is_some_and(|rest| rest.starts_with(mark));
    held.iter().enumerate().filter(|(_, byte)| **byte == 0xef).map(|(at, _)| at).filter(begins).count()
}

/// Characters that a decoder did not know, and JSON that is not UTF-8 any more.
fn lost_characters(held: &[u8], read: &Read<'_>, length: Option<usize>) -> Option<Finding> {
    let marks = lost_marks(held);
    if marks > 0 && length.is_none_or(|length| length != held.len()) {
        let evidence = facts! { "received": "U+FFFD in place of characters", "count": marks };
        return Some(Finding::new(CauseCode::BodyCharset, evidence));
    }
    // JSON is sent as UTF-8 (RFC 8259, 8.1), and damage to single bytes does not make a body shorter.
    let length = length.filter(|length| *length > held.len())?;
    let is_other = matches!(read, Read::Complete(_)) && core::str::from_utf8(held).is_err();
    let evidence = || facts! { "received": "bytes that are not UTF-8", "bytes": held.len(), "content_length": length };
    is_other.then(|| Finding::new(CauseCode::BodyCharset, evidence()))
}

/// A body without its end: JSON that stops in the middle, or other text that is shorter than it was on the wire.
fn truncated(held: &[u8], read: &Read<'_>, length: Option<usize>) -> Option<Finding> {
    let limit = LIMITS.contains(&held.len());
    let shorter = length.is_some_and(|length| length > held.len());
    let mut evidence = with_length(facts! { "bytes": held.len() }, length);
    if limit {
        evidence.insert("limit", held.len().into());
    }
    match read {
        Read::Incomplete(_) => evidence.insert("ends", "in the middle of the JSON".into()),
        _ if shorter && (limit || looks_cut(held) || is_form_text(held)) => {}
        _ => return None,
    }
    Some(Finding::new(CauseCode::BodyTruncated, evidence))
}

/// A body that is still compressed, in a format that the search cannot undo. Providers sign before they compress.
fn compression_left_on(held: &[u8], told: Option<&[u8]>) -> Option<Finding> {
    let zstd = held.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let brotli = told.is_some_and(|told| told.eq_ignore_ascii_case(b"br")) && core::str::from_utf8(held).is_err();
    let format = if zstd { "zstd" } else { "br" };
    let evidence = facts! { "format": format, "bytes": held.len() };
    (zstd || brotli).then(|| Finding::new(CauseCode::BodyCompressed, evidence))
}

/// What no provider sends: an object as a program prints it.
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

/// Text that is escaped as forms are.
fn is_form_text(held: &[u8]) -> bool {
    held.contains(&b'=') && held.iter().all(|b| b.is_ascii_alphanumeric() || b"*-._~+%&=!'()".contains(b))
}

/// Text that begins as JSON but does not end as JSON.
fn looks_cut(held: &[u8]) -> bool {
    let trimmed = held.trim_ascii();
    matches!(trimmed, [b'{', .., last] if *last != b'}') || matches!(trimmed, [b'[', .., last] if *last != b']')
}

/// JSON that was written anew in a way that the search cannot undo, but that its length gives away.
fn reserialized(case: &Case<'_>, document: &Document<'_>, length: Option<usize>) -> Option<Finding> {
    let habits = habits::of(case.preset);
    let (spacing, strings) = (Spacing::of(habits.spacing), Strings::of(habits.strings));
    let received = spacing_of(document).map_or("irregular white space", |spacing| spacing.name);
    let length = length.filter(|length| *length != case.delivery.body().len())?;
    // Written as this provider writes, it would have the length that it had on the wire.
    let none = Replaced::new();
    let fits = |spacing, strings| {
        let text = document.write(&Style { spacing, strings, order: Order::Keep, replaced: &none });
        text.len() == length && text != case.delivery.body().trim_ascii()
    };
    let signed = match document.sorted_keys() {
        _ if habits.is_certain => Some(spacing).filter(|spacing| fits(*spacing, strings)),
        // So many keys are hardly sorted by chance: a program has sorted them.
        Some(MANY_KEYS..) if length < LONGEST_SORTED => {
            let styles = notation::distinct_strings(document.marks);
            SPACINGS.iter().copied().find(|spacing| styles.iter().any(|strings| fits(*spacing, *strings)))
        }
        _ => None,
    };
    let evidence = facts! {
        "content_length": length, "bytes": case.delivery.body().len(), "signed": signed?.name, "received": received,
    };
    Some(Finding::new(CauseCode::BodyReserialized, evidence))
}

/// Larger bodies are not written in every style.
const LONGEST_SORTED: usize = 1 << 14;

/// From so many keys of one object on they are hardly sorted by chance.
const MANY_KEYS: usize = 5;
