//! JSON as every runtime of ours reads it: a byte order mark is skipped, the last of repeated keys counts, and half a
//! surrogate pair becomes U+FFFD, so that Rust and JavaScript say the same about the same body.

use alloc::borrow::Cow;
use alloc::string::String;

use serde_json::Value;

/// The body as JSON, or `None` if it is not UTF-8 or not JSON.
pub(crate) fn parse(body: &[u8]) -> Option<Value> {
    let text = core::str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&replace_lone_surrogates(text))).ok()
}

/// Python and JavaScript write half a pair where a text was cut inside an emoji; `serde_json` refuses it.
fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    let mut fixed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        fixed.push_str(before);
        let taken = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                fixed.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            _ => 2,
        };
        // An escape is ASCII, but what follows a stray backslash may not be.
        let (escape, after) = escape.split_at_checked(taken).unwrap_or((escape, ""));
        fixed.push_str(escape);
        rest = after;
    }
    if fixed.is_empty() {
        return Cow::Borrowed(text);
    }
    fixed.push_str(rest);
    Cow::Owned(fixed)
}

/// The code unit of a `\u` escape at the beginning of the text.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}
