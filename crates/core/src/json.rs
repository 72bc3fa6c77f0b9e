//! JSON as every runtime of ours reads it: a byte order mark is skipped, the last of repeated keys counts, and half a
//! surrogate pair becomes U+FFFD, so that Rust and JavaScript say the same about the same body.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::sync::Arc;

use serde_json::Value;

use crate::difference::Difference;
use crate::form;

/// What a body is that is not the JSON it should be.
#[derive(Clone, Debug)]
pub(crate) struct NotJson {
    pub(crate) contents: Contents,
    /// What the parser says: where in the text it gave up.
    pub(crate) cause: Option<Arc<serde_json::Error>>,
}

macro_rules! contents {
    ($($(#[$doc:meta])* $name:ident = $found:literal, $expected:literal;)+) => {
        /// What a body is that is not the JSON it should be, by its beginning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Contents { $(#[doc = $found] $name,)+ }

        impl Contents {
            /// Every one: its name, what it is, and what belongs there. For the generator.
            pub(crate) const ALL: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($name), $found, $expected)),+];

            /// As a difference of the body itself.
            pub(crate) fn difference(self) -> Difference {
                let (found, expected) = match self { $(Self::$name => ($found, $expected)),+ };
                Difference { path: String::new(), found: found.into(), expected: expected.into() }
            }
        }
    };
}

contents! {
    Empty = "nothing", "JSON";
    NotUtf8 = "bytes that are no UTF-8", "JSON";
    Utf16 = "text in UTF-16", "JSON in UTF-8";
    Form = "a form (application/x-www-form-urlencoded)", "JSON";
    Markup = "HTML or XML", "JSON";
    Text = "text that is no JSON", "JSON";
    Malformed = "JSON that is malformed or breaks off", "JSON";
    TooDeep = "JSON of more than 127 levels", "JSON of at most 127 levels";
    TooLarge = "a number that is too large", "a number below 1.8e308";
}

/// The body as JSON.
pub(crate) fn parse(body: &[u8]) -> Result<Value, NotJson> {
    let not = |contents| NotJson { contents, cause: None };
    let Ok(text) = core::str::from_utf8(body) else {
        let is_utf16 = body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff");
        return Err(not(if is_utf16 { Contents::Utf16 } else { Contents::NotUtf8 }));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&replace_lone_surrogates(text)))
        .map_err(|cause| NotJson { contents: contents(text, &cause), cause: Some(Arc::new(cause)) })
}

/// What a text is that is not JSON, or more than is read.
fn contents(text: &str, cause: &serde_json::Error) -> Contents {
    let said = cause.to_string();
    if said.starts_with("recursion limit exceeded") {
        return Contents::TooDeep;
    }
    if said.starts_with("number out of range") {
        return Contents::TooLarge;
    }
    match text.trim_start_matches([' ', '\t', '\n', '\r']) {
        "" => Contents::Empty,
        text if text.starts_with(['{', '[', '"']) => Contents::Malformed,
        text if text.starts_with('<') => Contents::Markup,
        text if form::begins(text) => Contents::Form,
        _ => Contents::Text,
    }
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
