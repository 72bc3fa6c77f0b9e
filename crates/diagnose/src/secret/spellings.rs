//! What happens to the text of a secret between the provider's page and this program, undone.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::crypto;
use zeroize::Zeroizing;

use crate::decode;
use crate::finding::{Finding, with};
use crate::habits;
use crate::json::document::Kind;
use crate::json::read::{Read, read};
use crate::limits::SHORT;
use crate::report::cause::CauseCode;
use crate::report::facts::{Facts, facts};

/// A text of the secret, and the mistakes that were undone to get it.
pub(crate) type Spelling = (Zeroizing<String>, Vec<Finding>);

/// The text as it is, and what it becomes when one or more known mistakes in it are undone.
pub(crate) fn spellings(text: &str) -> Vec<Spelling> {
    let mut all: Vec<Spelling> = alloc::vec![(Zeroizing::new(text.into()), Vec::new())];
    let mut from = 0;
    for _ in 0..DEEPEST {
        let known = all.len();
        for at in from..known {
            let Some((text, findings)) = all.get(at).cloned() else { continue };
            for (other, finding) in undo(&text) {
                let again =
                    findings.iter().any(|known| known.code == finding.code && known.evidence == finding.evidence);
                if !again
                    && !other.is_empty()
                    && all.len() < MOST_SPELLINGS
                    && all.iter().all(|(text, _)| *text != other)
                {
                    all.push((other, with(&findings, finding)));
                }
            }
        }
        from = known;
    }
    all
}

/// So many mistakes in one secret are undone at most, …
const DEEPEST: usize = 3;
/// … and so many spellings are tried.
const MOST_SPELLINGS: usize = 40;

/// The texts in which one mistake is undone.
struct List(Vec<(Zeroizing<String>, Finding)>);

impl List {
    fn add(&mut self, text: &str, code: CauseCode, evidence: Facts) {
        self.0.push((Zeroizing::new(String::from(text)), Finding::new(code, evidence)));
    }
}

/// Every known mistake that shows in this text, undone.
fn undo(text: &str) -> Vec<(Zeroizing<String>, Finding)> {
    let mut list = List(Vec::new());
    if around(text, &mut list) {
        // What else is wrong with the text is found when the white space is gone.
        return list.0;
    }
    inside(text, &mut list);
    quotes(text, &mut list);
    json(text, &mut list);
    variable(text, &mut list);
    encoded(text, &mut list);
    prefixes(text, &mut list);
    list.0
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// White space and invisible characters around the secret. Says whether there are any.
fn around(text: &str, list: &mut List) -> bool {
    let trimmed = text.trim_matches(is_invisible);
    if trimmed.len() == text.len() {
        return false;
    }
    let end = text.trim_start_matches(is_invisible).get(trimmed.len()..);
    let what = what_space(end.filter(|end| !end.is_empty()).unwrap_or(text));
    let place = match (text.starts_with(is_invisible), text.ends_with(is_invisible)) {
        (true, true) => "around",
        (true, false) => "before",
        _ => "after",
    };
    list.add(trimmed, CauseCode::SecretWhitespace, facts! { "where": place, "what": what });
    true
}

/// A line break that is written as an escape, and characters inside of the secret that cannot be seen.
fn inside(text: &str, list: &mut List) {
    let code = CauseCode::SecretWhitespace;
    if let Some(bare) = ["\\r\\n", "\\n", "\\t", "\\r"].iter().find_map(|escape| text.strip_suffix(escape)) {
        list.add(bare, code, facts! { "where": "after", "what": "a line break written as backslash and letter" });
    }
    // A space may belong to a secret; a character that cannot be seen hardly does.
    for unwanted in [&|c: char| is_invisible(c) && c != ' ', &is_invisible as &dyn Fn(char) -> bool] {
        if let Some(at) = text.find(unwanted) {
            let without: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| !unwanted(*c)).collect());
            let what = what_space(text.get(at..).unwrap_or_default());
            list.add(&without, code, facts! { "where": "inside", "what": what });
        }
    }
}

/// Quotes, and what code has around a text.
fn quotes(text: &str, list: &mut List) {
    for &(open, close) in &[
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("\\\"", "\\\""),
        ("“", "”"),
        ("‘", "’"),
        ("„", "“"),
        ("«", "»"),
        ("<", ">"),
        ("[\"", "\"]"),
        ("['", "']"),
        ("\"", "\","),
        ("\"", "\";"),
        ("'", "',"),
        ("'", "';"),
        ("", ","),
        ("", ";"),
        ("\"", ""),
        ("", "\""),
        ("'", ""),
        ("", "'"),
    ] {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            list.add(inner, CauseCode::SecretQuoted, facts! { "quotes": [open, close].concat() });
            break;
        }
    }
}

/// A JSON object around the secret, as secret managers give it.
fn json(text: &str, list: &mut List) {
    let Read::Complete(document) = read(text.as_bytes(), SHORT) else { return };
    for index in document.indices(Kind::String).filter(|_| text.starts_with('{')) {
        let inner = document.part(index).and_then(|part| document.string_at(part));
        if let Some(inner) = inner.and_then(|bytes| String::from_utf8(bytes).ok()).map(Zeroizing::new) {
            list.add(&inner, CauseCode::SecretQuoted, facts! { "quotes": "a JSON object around it" });
        }
    }
}

/// The name of a variable before the secret: `SECRET=…`.
fn variable(text: &str, list: &mut List) {
    for mark in ['=', ':'] {
        let Some((name, value)) = text.split_once(mark) else { continue };
        let name = name.strip_prefix("export ").unwrap_or(name);
        if !value.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) {
            let evidence = facts! { "found": "the name of a variable before it" };
            list.add(value.trim(), CauseCode::SecretPrefix, evidence);
        }
    }
}

/// A secret that was encoded once more.
fn encoded(text: &str, list: &mut List) {
    let percent = || decode::percent(text.as_bytes(), false);
    for (form, bytes) in [
        ("base64 of the secret", decode::base64(text.as_bytes())),
        ("hex of the secret", crypto::hex(text).map(|bytes| bytes.to_vec())),
        ("percent-encoded", if text.contains('%') { percent() } else { None }),
    ] {
        let inner = bytes.map(String::from_utf8).and_then(Result::ok).map(Zeroizing::new);
        let printable = |text: &Zeroizing<String>| {
            text.len() >= 6 && text.trim_ascii_end().bytes().all(|b| matches!(b, b' '..=b'~'))
        };
        if let Some(inner) = inner.filter(printable) {
            list.add(&inner, CauseCode::SecretEncoding, facts! { "received": form });
        }
    }
}

/// A prefix that is missing, is there twice, or does not belong there.
fn prefixes(text: &str, list: &mut List) {
    let code = CauseCode::SecretPrefix;
    for prefix in habits::secret_prefixes() {
        match text.strip_prefix(prefix) {
            Some(rest) if rest.starts_with(prefix) => {
                let evidence = facts! { "found": ["twice ", prefix].concat(), "right": ["once ", prefix].concat() };
                list.add(rest, code, evidence);
            }
            Some(rest) => list.add(rest, code, facts! { "found": prefix, "right": "without" }),
            None => {
                let with = Zeroizing::new([prefix, text].concat());
                list.add(&with, code, facts! { "found": "without", "right": prefix });
            }
        }
    }
    for &prefix in &["v1,", "v1=", "v1", "Bearer ", "secret:", "whsec-", "WHSEC_"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            list.add(rest.trim(), code, facts! { "found": prefix, "right": "without" });
        }
    }
}

fn what_space(text: &str) -> &'static str {
    match text.chars().next() {
        Some('\n') => "a line break (LF)",
        Some('\r') => "a line break (CR)",
        Some(' ') => "a space",
        Some('\t') => "a tab",
        Some('\u{feff}') => "a byte order mark",
        Some('\u{a0}') => "a no-break space",
        Some('\u{200b}'..='\u{200d}' | '\u{2060}') => "a zero-width character",
        _ => "an invisible character",
    }
}
