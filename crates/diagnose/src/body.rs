//! What happens to a body on its way, undone: from the bytes that we hold to those that may have been signed.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::crypto;
use miniz_oxide::inflate;

use crate::choices::Place;
use crate::document::{self, Document, Kind, Read};
use crate::facts::{Facts, facts};
use crate::report::{CauseCode, Finding};

/// Bytes that may have been signed, and the mistakes that made them what we hold.
#[derive(Clone)]
pub(crate) struct Body<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) findings: Vec<Finding>,
    /// Whether other white space at the end of it would be a mistake of its own.
    pub(crate) exact_end: bool,
}

impl<'a> Body<'a> {
    pub(crate) const fn held(bytes: &'a [u8]) -> Self {
        Self { bytes: Cow::Borrowed(bytes), findings: Vec::new(), exact_end: true }
    }
}

impl Body<'_> {
    /// Whether it is what was inside of something, and so may have a mistake of its own.
    pub(crate) fn opens(&self) -> bool {
        self.findings.first().is_some_and(|finding| match finding.code {
            CauseCode::BodyFormDecoded => finding.evidence.get("signed").is_some_and(|signed| signed == "JSON"),
            code => matches!(
                code,
                CauseCode::BodyBomAdded
                    | CauseCode::BodyCharset
                    | CauseCode::BodyDoubleEncoded
                    | CauseCode::BodyBase64
                    | CauseCode::BodyCompressed
                    | CauseCode::BodyReserialized
            ),
        })
    }
}

pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// The longest text that a compressed body may inflate to.
const MOST_INFLATED: usize = 8 << 20;

/// The content types and encodings that came with the body.
#[derive(Clone, Copy, Default)]
pub(crate) struct Told {
    pub(crate) is_form: bool,
    pub(crate) is_deflate: bool,
    /// How long the body was on the wire.
    pub(crate) length: Option<usize>,
}

/// Every mistake that can be undone by looking at the bytes alone, the smallest first. White space at the end is not
/// here: the search tries it with every candidate.
pub(crate) fn undo(held: &[u8], told: Told) -> Vec<Body<'static>> {
    let mut list = List(Vec::new());
    marks(held, &mut list);
    line_ends(held, &mut list);
    leading_space(held, &mut list);
    compression(held, told, &mut list);
    base64(held, &mut list);
    encoded_text(held, &mut list);
    byte_lists(held, &mut list);
    charsets(held, &mut list);
    forms(held, told, &mut list);
    list.0
}

struct List(Vec<Body<'static>>);

impl List {
    fn add(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts) {
        self.push(bytes, code, evidence, code != CauseCode::BodyReserialized);
    }

    fn push(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts, exact_end: bool) {
        if self.0.iter().all(|known| *known.bytes != bytes) {
            self.0.push(Body { bytes: bytes.into(), findings: alloc::vec![Finding::new(code, evidence)], exact_end });
        }
    }
}

fn marks(held: &[u8], list: &mut List) {
    match held.strip_prefix(BOM) {
        Some(rest) => list.push(rest.into(), CauseCode::BodyBomAdded, facts! { "bytes": 3 }, true),
        None => list.push([BOM, held].concat(), CauseCode::BodyBomLost, facts! { "bytes": 3 }, true),
    }
}

fn line_ends(held: &[u8], list: &mut List) {
    let code = CauseCode::BodyLineEndings;
    let carriage_returns = held.iter().filter(|b| **b == b'\r').count();
    let line_feeds = held.iter().filter(|b| **b == b'\n').count();
    if carriage_returns + line_feeds == 0 {
        return;
    }
    let pairs = held.windows(2).filter(|pair| pair == b"\r\n").count();
    let mut unix = Vec::with_capacity(held.len());
    let mut rest = held.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' => {
                rest.next_if_eq(&b'\n');
                unix.push(b'\n');
            }
            other => unix.push(other),
        }
    }
    let windows = || {
        let mut bytes = Vec::with_capacity(unix.len() + unix.len() / 16);
        for byte in &unix {
            if *byte == b'\n' {
                bytes.push(b'\r');
            }
            bytes.push(*byte);
        }
        bytes
    };
    if line_feeds > pairs || carriage_returns > pairs {
        list.push(windows(), code, facts! { "signed": "CRLF", "received": "LF", "lines": line_feeds }, true);
    }
    if carriage_returns > 0 {
        list.push(unix, code, facts! { "signed": "LF", "received": "CRLF", "lines": carriage_returns }, true);
    }
}

fn leading_space(held: &[u8], list: &mut List) {
    let trimmed = held.trim_ascii_start();
    if trimmed.len() < held.len() {
        let evidence = facts! { "where": "beginning", "bytes": held.len() - trimmed.len() };
        list.push(trimmed.into(), CauseCode::BodyPadded, evidence, true);
    }
    for &space in &["\n", " ", "\r\n", "  ", "\t", "\n\n"] {
        if trimmed.len() == held.len() {
            let evidence = facts! { "where": "beginning", "bytes": space.len() };
            list.push([space.as_bytes(), held].concat(), CauseCode::BodyTrimmed, evidence, true);
        }
    }
}

fn compression(held: &[u8], told: Told, list: &mut List) {
    let inflated = match held {
        [0x1f, 0x8b, 8, ..] => gzip(held).map(|bytes| ("gzip", bytes)),
        [first, second, ..] if first & 15 == 8 && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31) => {
            inflate::decompress_to_vec_zlib_with_limit(held, MOST_INFLATED).ok().map(|bytes| ("deflate", bytes))
        }
        _ if told.is_deflate || core::str::from_utf8(held).is_err() => {
            inflate::decompress_to_vec_with_limit(held, MOST_INFLATED).ok().map(|bytes| ("raw deflate", bytes))
        }
        _ => None,
    };
    if let Some((format, bytes)) = inflated {
        let evidence = facts! { "format": format, "bytes": held.len(), "decompressed_bytes": bytes.len() };
        list.add(bytes, CauseCode::BodyCompressed, evidence);
    }
}

/// The content of one gzip member (RFC 1952).
fn gzip(held: &[u8]) -> Option<Vec<u8>> {
    let flags = *held.get(3)?;
    let mut rest = held.get(10..)?;
    if flags & 4 != 0 {
        let [low, high, after @ ..] = rest else { return None };
        rest = after.get(usize::from(*low) | usize::from(*high) << 8..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|b| *b == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    inflate::decompress_to_vec_with_limit(rest, MOST_INFLATED).ok()
}

fn base64(held: &[u8], list: &mut List) {
    let mut text = held.trim_ascii();
    if text.starts_with(b"data:")
        && let Some(at) = text.windows(8).position(|window| window == b";base64,")
    {
        text = text.get(at + 8..).unwrap_or_default();
    }
    for (format, bytes) in [("hex", decode_hex(text)), ("base64", decode_base64(text))] {
        if let Some(bytes) = bytes {
            let evidence = facts! { "format": format, "bytes": held.len(), "decoded_bytes": bytes.len() };
            list.add(bytes, CauseCode::BodyBase64, evidence);
        }
    }
}

/// The shortest text that is taken for an encoding of something.
const SHORTEST_ENCODED: usize = 8;

fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok().filter(|text| text.len() >= SHORTEST_ENCODED)?;
    crypto::hex(text).map(|bytes| bytes.to_vec())
}

/// Base64 in either alphabet, with or without padding and line breaks.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let known = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(b);
    if text.len() < SHORTEST_ENCODED || !text.iter().all(known) {
        return None;
    }
    let standard: String = text
        .iter()
        .filter(|b| !b"=\r\n".contains(b))
        .map(|b| match b {
            b'-' => '+',
            b'_' => '/',
            other => char::from(*other),
        })
        .collect();
    crypto::base64(&standard).map(|bytes| bytes.to_vec())
}

fn encoded_text(held: &[u8], list: &mut List) {
    let code = CauseCode::BodyDoubleEncoded;
    let text = held.trim_ascii();
    if text.starts_with(b"\"")
        && let Some(inner) = document::decode_string(text)
    {
        list.add(inner, code, facts! { "form": "a JSON string" });
    }
    if text.windows(2).any(|pair| pair == b"\\\"")
        && !text.starts_with(b"\"")
        && let Some(inner) = document::decode_string(&[b"\"", text, b"\""].concat())
    {
        list.add(inner, code, facts! { "form": "quotes escaped with backslashes" });
    }
    if let Some(inner) = python_bytes(text) {
        list.add(inner, code, facts! { "form": "Python's b'…'" });
    }
    if let Some(inner) = html_entities(text) {
        list.add(inner, code, facts! { "form": "HTML entities" });
    }
    if let Some(inner) = printed(text) {
        let received = "an object as Python, Ruby or Node prints it";
        list.add(inner, CauseCode::BodyReserialized, facts! { "received": received });
    }
    // A larger message around the body: a queue's, a gateway's or a test tool's.
    if let Read::Complete(document) = document::read(text) {
        let keys = document.keys_above();
        for index in document.indices(Kind::String) {
            let Some(part) = document.part(index) else { continue };
            if index == 0 || document.text(part).len() * 2 < text.len() {
                continue;
            }
            let Some(inner) = document.string_at(part) else { continue };
            let key = name_like(keys.get(index).copied().unwrap_or_default());
            if let Some(bytes) = decode_base64(&inner) {
                list.add(bytes, CauseCode::BodyBase64, facts! { "format": "base64", "inside": key });
            }
            list.add(inner, code, facts! { "form": "a field of another JSON object", "inside": key });
        }
    }
}

/// A key that may be shown: short, and a plain name.
fn name_like(key: &[u8]) -> &str {
    let plain = key.len() <= 24 && key.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    core::str::from_utf8(key).ok().filter(|_| plain).unwrap_or("a field")
}

fn python_bytes(text: &[u8]) -> Option<Vec<u8>> {
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

/// What programs print of an object, as the JSON of the same data: Python's `{'a': None}`, Ruby's `{"a"=>nil}`, Node's
/// `{ a: null }`.
fn printed(text: &[u8]) -> Option<Vec<u8>> {
    let close = match text {
        [b'{', .., b'}'] | [b'[', .., b']'] => text.len(),
        _ => return None,
    };
    let mut json = Vec::with_capacity(close);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let word = rest.iter().position(|b| !b.is_ascii_alphanumeric() && !b"_$".contains(b)).unwrap_or(rest.len());
        if rest.starts_with(b"=>") {
            json.push(b':');
            at += 2;
        } else if byte.is_ascii_alphabetic() || b"_$".contains(byte) {
            let word = rest.get(..word).unwrap_or_default();
            let is_key = rest.get(word.len()..).is_some_and(|after| after.trim_ascii_start().starts_with(b":"));
            match word {
                word if is_key => json.extend_from_slice(&[b"\"", word, b"\""].concat()),
                b"None" | b"nil" | b"undefined" => json.extend_from_slice(b"null"),
                b"True" => json.extend_from_slice(b"true"),
                b"False" => json.extend_from_slice(b"false"),
                word => json.extend_from_slice(word),
            }
            at += word.len();
        } else if matches!(byte, b'\'' | b'"' | b'`') {
            at += 1;
            json.push(b'"');
            loop {
                let inner = *text.get(at)?;
                at += 1;
                match inner {
                    b'\\' => {
                        let escaped = *text.get(at)?;
                        at += 1;
                        match escaped {
                            b'\'' | b'#' | b'`' => json.push(escaped),
                            b'e' => json.extend_from_slice(b"\\u001b"),
                            b'x' => {
                                let digits = text.get(at..at + 2)?;
                                at += 2;
                                json.extend_from_slice(b"\\u00");
                                json.extend_from_slice(digits);
                            }
                            other => json.extend_from_slice(&[b'\\', other]),
                        }
                    }
                    other if other == *byte => break,
                    b'"' => json.extend_from_slice(b"\\\""),
                    other => json.push(other),
                }
            }
            json.push(b'"');
        } else {
            // A number with what follows it, or a mark.
            let digits = if byte.is_ascii_digit() { word.max(1) } else { 1 };
            json.extend_from_slice(rest.get(..digits).unwrap_or_default());
            at += digits;
        }
    }
    (json != text && matches!(document::read(&json), Read::Complete(_))).then_some(json)
}

fn html_entities(text: &[u8]) -> Option<Vec<u8>> {
    const ENTITIES: &[(&[u8], u8)] = &[
        (b"&quot;", b'"'),
        (b"&#34;", b'"'),
        (b"&#034;", b'"'),
        (b"&#x22;", b'"'),
        (b"&#39;", b'\''),
        (b"&#039;", b'\''),
        (b"&#x27;", b'\''),
        (b"&apos;", b'\''),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&amp;", b'&'),
    ];
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut quotes = false;
    while let [first, after @ ..] = rest {
        // Only an ampersand begins one.
        match ENTITIES.iter().take_while(|_| *first == b'&').find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, byte)) => {
                bytes.push(*byte);
                quotes |= *byte == b'"';
                rest = rest.get(entity.len()..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    // Without quotes it is no JSON that was made safe for HTML.
    quotes.then_some(bytes)
}

/// A buffer that was turned into text as a list of its bytes.
fn byte_lists(held: &[u8], list: &mut List) {
    let code = CauseCode::BodyReserialized;
    let text = held.trim_ascii();
    if text.first().is_some_and(u8::is_ascii_digit)
        && let Some(bytes) = text.split(|b| *b == b',').map(small_number).collect::<Option<Vec<u8>>>()
        && bytes.len() > 1
    {
        list.add(bytes, code, facts! { "received": "the bytes of a buffer as numbers" });
    }
    // Go prints them with spaces.
    if let [b'[', inner @ .., b']'] = text
        && let Some(bytes) = inner.split(|b| *b == b' ').map(small_number).collect::<Option<Vec<u8>>>()
    {
        list.add(bytes, code, facts! { "received": "the bytes of a buffer as numbers" });
    }
    let Read::Complete(document) = document::read(text) else {
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

/// `{"0":123,"1":34,…}` or `[123,34,…]`.
fn is_numbered(document: &Document<'_>) -> bool {
    let count = document.indices(Kind::Number).count();
    let plain = document.indices(Kind::String).next().is_none() && document.indices(Kind::Word).next().is_none();
    let first = document.members(0).first().map(|(key, _)| document.key_text(*key) == b"0");
    plain && count > 1 && first.unwrap_or_else(|| document.indices(Kind::Array).count() == 1)
}

fn small_number(text: &[u8]) -> Option<u8> {
    core::str::from_utf8(text.trim_ascii()).ok()?.parse().ok()
}

/// What Windows-1252 has at 0x80 to 0x9f; where it has nothing, browsers and Node use the control character.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

fn windows_1252(c: char) -> Option<u8> {
    match WINDOWS_1252.iter().position(|known| *known == c) {
        Some(at) => u8::try_from(at + 0x80).ok(),
        None => u8::try_from(u32::from(c)).ok(),
    }
}

fn charsets(held: &[u8], list: &mut List) {
    let code = CauseCode::BodyCharset;
    match core::str::from_utf8(held) {
        Ok(text) if text.is_ascii() => {}
        Ok(text) => {
            let single = [
                ("Latin-1", text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>()),
                ("Windows-1252", text.chars().map(windows_1252).collect()),
            ];
            for (name, bytes) in single {
                let Some(bytes) = bytes else { continue };
                // Mostly UTF-8 that was read as Latin-1; else a sender's Latin-1 that became UTF-8.
                let evidence = match core::str::from_utf8(&bytes) {
                    Ok(_) => facts! { "signed": "UTF-8", "read_as": name },
                    Err(_) => facts! { "signed": name, "written_as": "UTF-8" },
                };
                list.push(bytes, code, evidence, true);
            }
            if text.chars().filter(|c| *c > '\u{2ff}').count() * 2 > text.chars().count() {
                for &(name, swap) in &[("UTF-16LE", false), ("UTF-16BE", true)] {
                    let units = text.encode_utf16();
                    let bytes = units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
                    list.push(bytes.collect(), code, facts! { "signed": "UTF-8", "read_as": name }, true);
                }
            }
        }
        Err(_) => {
            let latin: String = held.iter().map(|b| char::from(*b)).collect();
            let windows = held.iter().map(|b| match b {
                0x80..=0x9f => WINDOWS_1252.get(usize::from(b - 0x80)).copied().unwrap_or_default(),
                other => char::from(*other),
            });
            let windows: String = windows.collect();
            for (name, text) in [("Latin-1", latin), ("Windows-1252", windows)] {
                list.push(text.into_bytes(), code, facts! { "signed": "UTF-8", "written_as": name }, true);
            }
        }
    }
    let (name, little, text) = match held {
        [0xff, 0xfe, text @ ..] => ("UTF-16LE", true, text),
        [0xfe, 0xff, text @ ..] => ("UTF-16BE", false, text),
        [0, _, ..] => ("UTF-16BE", false, held),
        [_, 0, ..] => ("UTF-16LE", true, held),
        _ => return,
    };
    let units = text.chunks_exact(2).map(|pair| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    });
    if let Ok(text) = char::decode_utf16(units).collect::<Result<String, _>>() {
        list.push(text.into_bytes(), code, facts! { "signed": "UTF-8", "written_as": name }, true);
    }
}

/// How programs write a form: which characters stay, what a space becomes, and the digits of an escape.
struct FormStyle {
    name: &'static str,
    kept: &'static [u8],
    space: &'static str,
    digits: &'static [u8; 16],
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";

const fn form_style(name: &'static str, kept: &'static [u8], space: &'static str) -> FormStyle {
    FormStyle { name, kept, space, digits: UPPER }
}

const FORM_STYLES: &[FormStyle] = &[
    form_style("browsers, Ruby, PHP, Java", b"*-._", "+"),
    form_style("Python, Go", b"-._~", "+"),
    form_style("encodeURIComponent", b"-_.!~*'()", "%20"),
    form_style("RFC 3986", b"-._~", "%20"),
    FormStyle { digits: b"0123456789abcdef", ..form_style(".NET", b"-_.!*()", "+") },
];

fn form_encode(text: &[u8], style: &FormStyle, out: &mut Vec<u8>) {
    out.reserve(text.len() * 2);
    let digit = |digit: u8| style.digits.get(usize::from(digit)).copied().unwrap_or_default();
    for byte in text {
        match byte {
            b' ' => out.extend_from_slice(style.space.as_bytes()),
            byte if byte.is_ascii_alphanumeric() || byte.is_ascii() && style.kept.contains(byte) => out.push(*byte),
            byte => out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]),
        }
    }
}

/// A name, a value, and whether there was a sign between them.
type Field = (Vec<u8>, Vec<u8>, bool);

fn form_fields(text: &[u8], plus_is_space: bool) -> Option<Vec<Field>> {
    let field = |field: &[u8]| {
        let at = field.iter().position(|b| *b == b'=');
        let (name, value) = field.split_at_checked(at.unwrap_or(field.len()))?;
        let value = value.get(1..).unwrap_or_default();
        Some((percent_decode(name, plus_is_space)?, percent_decode(value, plus_is_space)?, at.is_some()))
    };
    text.split(|b| *b == b'&').map(field).collect()
}

/// Names and values as a form.
fn form_of(fields: &[Field], style: &FormStyle) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value, _) in fields {
        if !bytes.is_empty() {
            bytes.push(b'&');
        }
        form_encode(name, style, &mut bytes);
        bytes.push(b'=');
        form_encode(value, style, &mut bytes);
    }
    bytes
}

/// The order of a slash command at Slack, which many have taken over.
const FORM_ORDER: &str = "token team_id team_domain channel_id channel_name user_id user_name command text \
    api_app_id response_url trigger_id";

impl List {
    /// Fields as the form that they came as; where they are sorted now, in the usual order as well.
    fn form_of_fields(&mut self, held: &[u8], fields: Vec<Field>, received: &'static str) {
        let mut usual = Vec::new();
        if fields.len() > 2 && fields.is_sorted() {
            let mut left = fields.clone();
            for name in FORM_ORDER.as_bytes().split(|b| *b == b' ') {
                if let Some(at) = left.iter().position(|(own, _, _)| own == name) {
                    usual.push(left.remove(at));
                }
            }
            usual.append(&mut left);
        }
        for fields in [fields, usual] {
            for style in FORM_STYLES {
                let bytes = form_of(&fields, style);
                if !bytes.is_empty() && bytes != held {
                    let evidence = facts! { "signed": "a form", "received": received, "style": style.name };
                    self.add(bytes, CauseCode::BodyFormDecoded, evidence);
                }
            }
        }
    }

    /// JSON that was split at its own `&` and `=`.
    fn json_of_form(&mut self, fields: &[Field], received: &'static str) {
        let mut bytes = Vec::new();
        for (position, (name, value, _)) in fields.iter().enumerate() {
            if position > 0 {
                bytes.push(b'&');
            }
            bytes.extend_from_slice(name);
            if !value.is_empty() {
                bytes.push(b'=');
                bytes.extend_from_slice(value);
            }
        }
        self.add(bytes, CauseCode::BodyFormDecoded, facts! { "signed": "JSON", "received": received });
    }
}

/// Percent escapes resolved; `None` where one is malformed.
pub(crate) fn percent_decode(text: &[u8], plus_is_space: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [*rest.next()?, *rest.next()?];
                u8::from_str_radix(core::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            b'+' if plus_is_space => b' ',
            other => *other,
        });
    }
    Some(bytes)
}

fn forms(held: &[u8], told: Told, list: &mut List) {
    let code = CauseCode::BodyFormDecoded;
    let text = held.trim_ascii();
    // JSON whose bytes were percent-encoded as if it were a form, mostly with the `=` of an empty value.
    if text.starts_with(b"%7B") || text.starts_with(b"%7b") || text.starts_with(b"%5B") || text.starts_with(b"%5b") {
        for plus_is_space in [true, false] {
            if let Some(fields) = form_fields(text, plus_is_space) {
                list.json_of_form(&fields, "percent-encoded");
            }
        }
    }
    // `payload={…}`, its value decoded.
    if let Some(at) = text.iter().position(|b| *b == b'=')
        && at <= 24
        && text.iter().take(at).all(|b| b.is_ascii_alphabetic() || *b == b'_')
    {
        let (name, value) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
        if value.starts_with(b"{") || value.starts_with(b"[") {
            for style in FORM_STYLES {
                let mut bytes = Vec::from(name);
                form_encode(value, style, &mut bytes);
                list.add(
                    bytes,
                    code,
                    facts! { "signed": "a form", "received": "a form, decoded", "style": style.name },
                );
            }
        } else if let Some(bytes) = percent_decode(value, true).filter(|bytes| bytes.starts_with(b"{")) {
            list.add(bytes, code, facts! { "signed": "JSON", "received": "a form with the JSON in a field" });
        }
    }
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        // A form that was decoded, or encoded by another program.
        for plus_is_space in [true, false] {
            let Some(fields) = form_fields(held, plus_is_space).filter(|fields| fields.iter().all(|field| field.2))
            else {
                return;
            };
            list.form_of_fields(held, fields, "a form, written in another way");
        }
        return;
    }
    // The fields of a form as one JSON object.
    if let Read::Complete(document) = document::read(text) {
        let fields = document.members(0).into_iter().map(|(key, value)| {
            let key = document.string_at(document.part(key)?)?;
            // Python and Go give each name a list.
            let list = document.part(value).is_some_and(|part| part.kind == Kind::Array);
            let value = document.part(if list { value + 1 } else { value }).filter(|part| part.kind == Kind::String)?;
            Some((key, document.string_at(value)?, true))
        });
        if let Some(fields) = fields.collect::<Option<Vec<_>>>().filter(|fields| !fields.is_empty()) {
            let is_json = |text: &[u8]| text.starts_with(b"{") || text.starts_with(b"[");
            if fields.first().is_some_and(|(key, _, _)| is_json(key)) {
                list.json_of_form(&fields, "the JSON as name of a form field");
            } else if told.is_form || fields.iter().any(|(_, value, _)| is_json(value)) || fields.len() <= 64 {
                list.form_of_fields(held, fields, "its fields as JSON");
            }
        }
    }
    // The JSON of a form's only field.
    let names: &[&str] = if told.is_form { &["payload", "data", "body", "json"] } else { &["payload"] };
    for name in names {
        for style in FORM_STYLES {
            let mut bytes = [name.as_bytes(), b"="].concat();
            form_encode(text, style, &mut bytes);
            let evidence = facts! { "signed": "a form", "received": "the value of its field", "field": *name, "style": style.name };
            list.add(bytes, code, evidence);
        }
    }
}

/// More lost characters than that are not searched for.
const MOST_LOST: usize = 12;

/// Where decoding lost something and left a mark: runs of U+FFFD (one for each byte, mostly), or question marks (`asks`).
/// Each with what it may have been; nothing where they are too many to search for.
pub(crate) fn lost(held: &[u8], asks: bool) -> Vec<Place> {
    const MARK: &[u8] = "\u{fffd}".as_bytes();
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < held.len() {
        let rest = held.get(at..).unwrap_or_default();
        let mut run = 0;
        while rest.get(run * MARK.len()..).is_some_and(|rest| rest.starts_with(MARK)) {
            run += 1;
        }
        let bytes = if asks && rest.starts_with(b"?") { 1 } else { run * MARK.len() };
        if bytes > 0 {
            let texts = alloc::vec![rest.get(..bytes).unwrap_or_default().to_vec()];
            if places.len() == MOST_LOST {
                return Vec::new();
            }
            places.push(Place { start: at, end: at + bytes, group: places.len(), texts });
        }
        at += bytes.max(1);
    }
    let few = places.len() == 1;
    for place in &mut places {
        let own = place.end - place.start;
        let mut add = |before: &[u8], from: u8, to: u8| {
            for last in from..=to {
                place.texts.push([before, &[last]].concat());
            }
        };
        // The frequent characters of as many bytes.
        if own == MARK.len() {
            add(b"", 0x80, 0xff);
        }
        if own == 1 || own == 2 * MARK.len() {
            for lead in 0xc3..=if few { 0xd1 } else { 0xc3 } {
                add(&[lead], 0x80, 0xbf);
            }
            add(b"\xc2", 0xa0, 0xbf);
        }
        if own != MARK.len() && own < 4 * MARK.len() {
            add(b"\xe2\x80", 0x90, 0xbf);
            add(b"\xe2\x82", 0xac, 0xac);
            for second in 0x81..=if few { 0xbf } else { 0x80 } {
                add(&[0xe2, second], 0x80, 0xbf);
            }
        }
        if own == 3 * MARK.len() && few {
            for lead in 0xe3..=0xe9 {
                for second in 0x80..=0xbf {
                    add(&[lead, second], 0x80, 0xbf);
                }
            }
        }
        if own == 4 * MARK.len() {
            for third in if few { 0x80..=0xb0 } else { 0x98..=0x9a } {
                add(&[0xf0, 0x9f, third], 0x80, 0xbf);
            }
        }
    }
    places
}
