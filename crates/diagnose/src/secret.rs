//! What happens to a secret between the sender's page and the program, undone.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{Hint, Key, Why, crypto, key_from_text};
use countersign_core::{Algorithm, KeyFormat, Scheme, Secret, SecretError, UnixTime};
use zeroize::Zeroizing;

use crate::decode;
use crate::finding::{Finding, with};
use crate::habits;
use crate::json::document::Kind;
use crate::json::read::{Read, read};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// A key to try.
pub(crate) struct Candidate {
    /// The name of the secret that it comes from.
    pub(crate) name: Cow<'static, str>,
    pub(crate) key: Key,
    pub(crate) findings: Vec<Finding>,
    /// Whether it is what its secret most probably is; the others are tried after those.
    pub(crate) first: bool,
}

/// Every key that these secrets may stand for, the most probable of each secret first.
pub(crate) fn candidates(scheme: &Scheme, secrets: &[Secret], wrong_kinds: &[&str], now: UnixTime) -> Vec<Candidate> {
    let mut all = Vec::new();
    for secret in secrets {
        let expired = secret.end().filter(|end| now > *end).map(|end| {
            let evidence = facts! { "key": secret.name().as_ref(), "expired_at": end.as_secs(), "now": now.as_secs() };
            Finding::new(CauseCode::SecretExpired, evidence)
        });
        let mut list = List { scheme, secret, expired, seen: Vec::new(), found: Vec::new() };
        match secret.text() {
            None => list.push(secret.key(scheme, wrong_kinds).ok(), None, &[]),
            Some(text) => list.of_text(text, wrong_kinds),
        }
        all.append(&mut list.found);
    }
    all
}

struct List<'l> {
    scheme: &'l Scheme,
    secret: &'l Secret,
    expired: Option<Finding>,
    /// Digests of the keys that are there already.
    seen: Vec<[u8; 32]>,
    found: Vec<Candidate>,
}

impl List<'_> {
    fn push(&mut self, key: Option<Key>, bytes: Option<&[u8]>, findings: &[Finding]) {
        let Some(key) = key else { return };
        if let Some(bytes) = bytes {
            let digest = crypto::sha256(&[bytes, &[key.algorithm() as u8]].concat());
            if self.seen.contains(&digest) {
                return;
            }
            self.seen.push(digest);
        }
        let mut findings = findings.to_vec();
        findings.extend(self.expired.clone());
        let first = self.found.is_empty();
        self.found.push(Candidate { name: self.secret.name().clone(), key, findings, first });
    }

    fn bytes(&mut self, bytes: &[u8], findings: &[Finding]) {
        if !bytes.is_empty() {
            self.push(Key::hmac(self.scheme.algorithm, bytes), Some(bytes), findings);
        }
    }

    fn of_text(&mut self, text: &str, wrong_kinds: &[&str]) {
        let spellings = spellings(text);
        for (spelling, findings) in &spellings {
            if let Ok(key) = key_from_text(spelling, self.scheme, wrong_kinds) {
                self.push(Some(key), key_bytes(spelling, self.scheme.key).as_deref().map(Vec::as_slice), findings);
            }
        }
        for (spelling, findings) in spellings.iter().filter(|(_, findings)| findings.len() < 2) {
            for (read_as, bytes) in readings(spelling) {
                let evidence = facts! { "used_as": name_of(self.scheme.key), "right": read_as };
                let findings = with(findings, Finding::new(CauseCode::SecretEncoding, evidence));
                self.bytes(&bytes, &findings);
            }
        }
        // A signature of another length says which algorithm; the same key then.
        let bytes = spellings.first().and_then(|(spelling, _)| key_bytes(spelling, self.scheme.key));
        for &(algorithm, name) in &[
            (Algorithm::HmacSha256, "hmac-sha256"),
            (Algorithm::HmacSha512, "hmac-sha512"),
            (Algorithm::HmacSha1Legacy, "hmac-sha1-legacy"),
        ] {
            if let Some(bytes) = bytes.as_ref().filter(|bytes| !bytes.is_empty() && algorithm != self.scheme.algorithm)
            {
                let finding = Finding::new(CauseCode::SignatureAlgorithm, facts! { "right": name });
                self.push(Key::hmac(algorithm, bytes), Some(bytes), &[finding]);
            }
        }
    }
}

const fn name_of(format: KeyFormat) -> &'static str {
    match format {
        KeyFormat::Utf8 => "text",
        KeyFormat::Base64 => "base64",
        KeyFormat::Hex => "hex",
        KeyFormat::Whsec => "base64 after whsec_",
        KeyFormat::Ed25519 => "an Ed25519 key",
        _ => "another format",
    }
}

/// The key bytes of a text in this format.
fn key_bytes(text: &str, format: KeyFormat) -> Option<Zeroizing<Vec<u8>>> {
    match format {
        KeyFormat::Utf8 => Some(Zeroizing::new(text.as_bytes().to_vec())),
        KeyFormat::Base64 => crypto::base64(text),
        KeyFormat::Hex => crypto::hex(text),
        KeyFormat::Whsec => crypto::base64(text.strip_prefix("whsec_").unwrap_or(text)),
        _ => None,
    }
}

/// Key bytes that a text can stand for, whatever the scheme says.
fn readings(text: &str) -> Vec<(&'static str, Zeroizing<Vec<u8>>)> {
    let bare = text.strip_prefix("whsec_").unwrap_or(text);
    let url_safe = |text: &str| decode::base64(text.as_bytes()).map(Zeroizing::new);
    let utf8 = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    let mut all = alloc::vec![("text", Some(utf8(text)))];
    if bare.len() < text.len() {
        all.push(("text without whsec_", Some(utf8(bare))));
        all.push(("hex after whsec_", crypto::hex(bare)));
        all.push(("base64 after whsec_", crypto::base64(bare)));
        all.push(("URL-safe base64 after whsec_", url_safe(bare)));
    }
    all.push(("hex", crypto::hex(text)));
    all.push(("base64", crypto::base64(text)));
    all.push(("URL-safe base64", url_safe(text)));
    // What a decoder has made of it, kept as text.
    all.push((
        "bytes",
        text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>().map(Zeroizing::new),
    ));
    all.push(("text: its base64 form", Some(utf8(&crypto::to_base64(text.as_bytes())))));
    all.push(("text: its hex form", Some(utf8(&crypto::to_hex(text.as_bytes())))));
    all.into_iter().filter_map(|(name, bytes)| Some((name, bytes?))).collect()
}

type Spelling = (Zeroizing<String>, Vec<Finding>);

/// The text, and what it is with one or more known mistakes undone.
fn spellings(text: &str) -> Vec<Spelling> {
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
/// … and so many spellings tried.
const MOST_SPELLINGS: usize = 40;

fn undo(text: &str) -> Vec<(Zeroizing<String>, Finding)> {
    let mut all = Vec::new();
    let mut add = |text: &str, finding| all.push((Zeroizing::new(String::from(text)), finding));
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
    };

    // Around it.
    let trimmed = text.trim_matches(invisible);
    if trimmed.len() < text.len() {
        let what = what_space(
            text.trim_start_matches(invisible).get(trimmed.len()..).filter(|end| !end.is_empty()).unwrap_or(text),
        );
        let place = match (text.starts_with(invisible), text.ends_with(invisible)) {
            (true, true) => "around",
            (true, false) => "before",
            _ => "after",
        };
        add(trimmed, Finding::new(CauseCode::SecretWhitespace, facts! { "where": place, "what": what }));
        // What else is wrong with it is found in what is left.
        return all;
    }
    for &escaped in &["\\r\\n", "\\n", "\\t", "\\r"] {
        if let Some(bare) = trimmed.strip_suffix(escaped) {
            let evidence = facts! { "where": "after", "what": "a line break written as backslash and letter" };
            add(bare, Finding::new(CauseCode::SecretWhitespace, evidence));
            break;
        }
    }
    // Spaces may belong to it; what cannot be seen hardly does.
    for unwanted in [&|c: char| invisible(c) && c != ' ', &invisible as &dyn Fn(char) -> bool] {
        if let Some(at) = trimmed.find(unwanted) {
            let without: Zeroizing<String> = Zeroizing::new(trimmed.chars().filter(|c| !unwanted(*c)).collect());
            let what = what_space(trimmed.get(at..).unwrap_or_default());
            add(&without, Finding::new(CauseCode::SecretWhitespace, facts! { "where": "inside", "what": what }));
        }
    }
    // Quotes, JSON around it, the name of the variable before it.
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
        if let Some(inner) = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            add(inner, Finding::new(CauseCode::SecretQuoted, facts! { "quotes": [open, close].concat() }));
            break;
        }
    }
    if let Read::Complete(document) = read(trimmed.as_bytes()) {
        for index in document.indices(Kind::String).filter(|_| trimmed.starts_with('{')) {
            let inner = document
                .part(index)
                .and_then(|part| document.string_at(part))
                .and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(inner) = inner.map(Zeroizing::new) {
                add(&inner, Finding::new(CauseCode::SecretQuoted, facts! { "quotes": "a JSON object around it" }));
            }
        }
    }
    for mark in ['=', ':'] {
        if let Some((name, value)) = trimmed.split_once(mark)
            && !value.is_empty()
            && name
                .strip_prefix("export ")
                .unwrap_or(name)
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        {
            add(
                value.trim(),
                Finding::new(CauseCode::SecretPrefix, facts! { "found": "the name of a variable before it" }),
            );
        }
    }
    // Encoded once more.
    for (form, bytes) in [
        ("base64 of the secret", decode::base64(trimmed.as_bytes())),
        ("hex of the secret", crypto::hex(trimmed).map(|bytes| bytes.to_vec())),
        (
            "percent-encoded",
            Some(trimmed).filter(|text| text.contains('%')).and_then(|text| decode::percent(text.as_bytes(), false)),
        ),
    ] {
        let text = bytes.map(String::from_utf8).and_then(Result::ok).map(Zeroizing::new);
        let printable = |text: &Zeroizing<String>| {
            text.len() >= 6 && text.trim_ascii_end().bytes().all(|b| matches!(b, b' '..=b'~'))
        };
        if let Some(text) = text.filter(printable) {
            add(&text, Finding::new(CauseCode::SecretEncoding, facts! { "received": form }));
        }
    }
    // Prefixes.
    for prefix in habits::secret_prefixes() {
        match trimmed.strip_prefix(prefix) {
            Some(rest) if rest.starts_with(prefix) => {
                add(
                    rest,
                    Finding::new(
                        CauseCode::SecretPrefix,
                        facts! { "found": ["twice ", prefix].concat(), "right": ["once ", prefix].concat() },
                    ),
                );
            }
            Some(rest) => {
                add(rest, Finding::new(CauseCode::SecretPrefix, facts! { "found": prefix, "right": "without" }))
            }
            None => {
                let with = Zeroizing::new([prefix, trimmed].concat());
                add(&with, Finding::new(CauseCode::SecretPrefix, facts! { "found": "without", "right": prefix }));
            }
        }
    }
    for &prefix in &["v1,", "v1=", "v1", "Bearer ", "secret:", "whsec-", "WHSEC_"] {
        if let Some(rest) = trimmed.strip_prefix(prefix) {
            add(rest.trim(), Finding::new(CauseCode::SecretPrefix, facts! { "found": prefix, "right": "without" }));
        }
    }
    all
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

/// What is certain about a secret that was refused, or that is plainly none.
pub(crate) fn certain(error: Option<SecretError>, secrets: &[Secret]) -> Option<Finding> {
    if secrets.iter().filter_map(Secret::text).any(|text| is_unset(text.trim())) {
        let evidence = facts! { "looks_like": "the name or the empty value of a variable" };
        return Some(Finding::new(CauseCode::SecretEmpty, evidence));
    }
    error.and_then(|error| {
        let code = match error.why() {
            Why::OfSender(_) | Why::Known(Hint::Pem | Hint::PublicKey | Hint::PrivateKey) => CauseCode::SecretWrongKind,
            Why::Known(Hint::NoSecret | Hint::Empty) => CauseCode::SecretEmpty,
            Why::Known(Hint::Space | Hint::Invisible) => CauseCode::SecretWhitespace,
            Why::Known(Hint::Quotes) => CauseCode::SecretQuoted,
            // `sk_live_…`; of what has no such beginning nobody knows what it is.
            Why::Known(Hint::NotBase64 | Hint::NotHex | Hint::NotEd25519) => {
                let kind = |text: &str| {
                    text.split_once('_').is_some_and(|(kind, _)| (2..8).contains(&kind.len()) && kind != "whsec")
                };
                secrets.iter().filter_map(Secret::text).any(kind).then_some(CauseCode::SecretWrongKind)?
            }
        };
        Some(Finding::new(code, facts! { "hint": error.hint() }))
    })
}

/// What programs make of a variable that is not set, or that nobody filled in.
fn is_unset(text: &str) -> bool {
    let name = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    matches!(
        text,
        "undefined"
            | "null"
            | "None"
            | "nil"
            | "NULL"
            | "\"\""
            | "''"
            | "[object Object]"
            | "[object Promise]"
            | "<no value>"
    ) || (name(text)
        && text.contains('_')
        && [&b"SECRET"[..], b"KEY"].iter().any(|word| decode::contains(text.as_bytes(), word)))
        || ["process.env.", "env.", "os.environ[", "ENV["].iter().any(|start| text.starts_with(start))
        || (text.starts_with("{{") && text.ends_with("}}"))
        || (text.starts_with("${") && text.ends_with('}'))
        || text.strip_prefix('$').is_some_and(name)
}
