//! A body as programs print it: an object, a byte string, a buffer as a list of numbers.

use alloc::vec::Vec;

use crate::body::candidate::List;
use crate::json::document::{Document, Kind};
use crate::json::read::{Read, read};
use crate::limits::Limits;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// The bytes of Python's `b'…'`.
pub(crate) fn python_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let (quote, inner) = match text.strip_prefix(b"b")? {
        [quote @ (b'\'' | b'"'), inner @ .., last] if last == quote => (*quote, inner),
        _ => return None,
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let digits = [*rest.next()?, *rest.next()?];
                u8::from_str_radix(core::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other if *other == quote || *other == b'\\' || *other == b'\'' => *other,
            _ => return None,
        });
    }
    Some(bytes)
}

/// The JSON of an object as programs print it: Python's `{'a': None}`, Ruby's `{"a"=>nil}`, Node's `{ a: null }`.
pub(crate) fn printed(text: &[u8], limits: Limits) -> Option<Vec<u8>> {
    if text.len() > limits.json || !matches!(text, [b'{', .., b'}'] | [b'[', .., b']']) {
        return None;
    }
    let mut json = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        at += if rest.starts_with(b"=>") {
            json.push(b':');
            2
        } else if byte.is_ascii_alphabetic() || b"_$".contains(byte) {
            push_word(rest, &mut json)
        } else if matches!(byte, b'\'' | b'"' | b'`') {
            push_string(rest, *byte, &mut json)?
        } else {
            // A number with the letters that follow it, or a mark.
            let length = if byte.is_ascii_digit() { word_length(rest).max(1) } else { 1 };
            json.extend_from_slice(rest.get(..length).unwrap_or_default());
            length
        };
    }
    (json != text && matches!(read(&json, limits), Read::Complete(_))).then_some(json)
}

fn word_length(rest: &[u8]) -> usize {
    rest.iter().position(|b| !b.is_ascii_alphanumeric() && !b"_$".contains(b)).unwrap_or(rest.len())
}

/// Writes the word at the beginning: a key without quotes, or a value's name in another language. Gives its length.
fn push_word(rest: &[u8], json: &mut Vec<u8>) -> usize {
    let (word, after) = rest.split_at_checked(word_length(rest)).unwrap_or((rest, &[]));
    match word {
        word if after.trim_ascii_start().starts_with(b":") => json.extend_from_slice(&[b"\"", word, b"\""].concat()),
        b"None" | b"nil" | b"undefined" => json.extend_from_slice(b"null"),
        b"True" => json.extend_from_slice(b"true"),
        b"False" => json.extend_from_slice(b"false"),
        word => json.extend_from_slice(word),
    }
    word.len()
}

/// Writes the string at the beginning, whose quotes are these. Gives its length; `None` where it does not end.
fn push_string(rest: &[u8], quote: u8, json: &mut Vec<u8>) -> Option<usize> {
    let mut at = 1;
    json.push(b'"');
    loop {
        let inner = *rest.get(at)?;
        at += 1;
        match inner {
            b'\\' => {
                let escaped = *rest.get(at)?;
                at += 1;
                match escaped {
                    b'\'' | b'#' | b'`' => json.push(escaped),
                    b'e' => json.extend_from_slice(b"\\u001b"),
                    b'x' => {
                        let digits = rest.get(at..at + 2)?;
                        at += 2;
                        json.extend_from_slice(b"\\u00");
                        json.extend_from_slice(digits);
                    }
                    other => json.extend_from_slice(&[b'\\', other]),
                }
            }
            other if other == quote => break,
            b'"' => json.extend_from_slice(b"\\\""),
            other => json.push(other),
        }
    }
    json.push(b'"');
    Some(at)
}

/// A buffer that a program has turned into text, as the list of its bytes.
pub(crate) fn byte_lists(held: &[u8], list: &mut List<'_>) {
    let code = CauseCode::BodyReserialized;
    let text = held.trim_ascii();
    if text.first().is_some_and(u8::is_ascii_digit)
        && let Some(bytes) = text.split(|b| *b == b',').map(small_number).collect::<Option<Vec<u8>>>()
        && bytes.len() > 1
    {
        list.add(bytes, code, facts! { "received": "the bytes of a buffer as numbers" });
    }
    // Go prints the bytes with spaces between them.
    if let [b'[', inner @ .., b']'] = text
        && let Some(bytes) = inner.split(|b| *b == b' ').map(small_number).collect::<Option<Vec<u8>>>()
    {
        list.add(bytes, code, facts! { "received": "the bytes of a buffer as numbers" });
    }
    let Read::Complete(document) = read(text, list.limits) else {
        return;
    };
    let numbers = || -> Option<Vec<u8>> {
        document.indices(Kind::Number).map(|index| small_number(document.text(document.part(index)?))).collect()
    };
    let is_node_buffer = document.members(0).len() == 2
        && document.field("type").is_some_and(|part| document.text(part) == b"\"Buffer\"")
        && document.field("data").is_some_and(|part| part.kind == Kind::Array);
    if (is_node_buffer || is_numbered(&document))
        && let Some(bytes) = numbers().filter(|bytes| !bytes.is_empty())
    {
        list.add(bytes, code, facts! { "received": "JSON.stringify of a buffer" });
    }
}

/// Whether it is `{"0":123,"1":34,…}` or `[123,34,…]`.
fn is_numbered(document: &Document<'_>) -> bool {
    let count = document.indices(Kind::Number).count();
    let plain = document.indices(Kind::String).next().is_none() && document.indices(Kind::Word).next().is_none();
    let first = document.members(0).first().map(|(key, _)| document.key_text(*key) == b"0");
    plain && count > 1 && first.unwrap_or_else(|| document.indices(Kind::Array).count() == 1)
}

fn small_number(text: &[u8]) -> Option<u8> {
    core::str::from_utf8(text.trim_ascii()).ok()?.parse().ok()
}
