//! What must never be shown: secrets, what they decode to, and signatures that could be valid.
//!
//! Rule: text that came with the delivery passes [`Hidden::show`] before it becomes evidence; signatures appear as shape
//! only.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::crypto;
use countersign_core::{Delivery, Scheme, Secret};
use zeroize::Zeroizing;

use crate::decode;

/// The texts that must never be shown: secrets, what they decode to, and the signatures that were received.
pub(crate) struct Hidden(Vec<Zeroizing<Vec<u8>>>);

impl Hidden {
    pub(crate) fn new(schemes: &[Scheme], secrets: &[Secret], delivery: &Delivery<'_>) -> Self {
        let mut needles: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        let mut add = |bytes: &[u8]| {
            if !bytes.is_empty() {
                needles.push(Zeroizing::new(bytes.into()));
            }
        };
        for secret in secrets {
            let Some(text) = secret.text() else {
                secret.bytes().into_iter().for_each(|bytes| spellings(bytes, &mut add));
                continue;
            };
            let text = text.trim();
            let inner = text.trim_matches(|c: char| c == '"' || c == '\'' || c == '`' || c.is_whitespace());
            // Several secrets as some providers show them, in one text.
            let parts = inner.split('|').map(|part| part.strip_prefix("v1,").unwrap_or(part));
            for text in [text, inner].into_iter().chain(parts) {
                spellings(text.as_bytes(), &mut add);
                let encoded = text.rsplit('_').next().unwrap_or_default();
                if encoded.len() >= SHORTEST_PART {
                    spellings(encoded.as_bytes(), &mut add);
                }
                for decoded in [crypto::base64_secret(encoded), crypto::hex(encoded)].into_iter().flatten() {
                    if decoded.len() >= SHORTEST_PART {
                        spellings(&decoded, &mut add);
                    }
                }
            }
        }
        for value in schemes.iter().flat_map(|scheme| delivery.values(&scheme.signature.header)) {
            for item in value.split(|byte| b",; \t\"'".contains(byte)) {
                let text = match item.iter().position(|byte| *byte == b'=') {
                    Some(at) if at < 10 => item.get(at + 1..).unwrap_or_default(),
                    _ => item,
                };
                // A time is no signature.
                let is_time = text.len() < 20 && text.iter().all(u8::is_ascii_digit);
                if text.len() >= SHORTEST_PART && !is_time {
                    add(text);
                    add(text.trim_ascii_end().strip_suffix(b"=").unwrap_or(text));
                }
            }
        }
        Self(needles)
    }

    /// How long a hidden text may be in the delivery: percent-encoded, each byte takes three characters.
    pub(crate) fn longest(&self) -> usize {
        3 * self.0.iter().map(|needle| needle.len()).max().unwrap_or_default()
    }

    /// Whether one of the texts is there: in any letter case, with characters escaped by backslashes or percent signs.
    pub(crate) fn are_in(&self, bytes: &[u8]) -> bool {
        let is_there = |bytes: &[u8]| self.0.iter().any(|needle| decode::contains(bytes, needle));
        let without_backslashes: Vec<u8> = bytes.iter().copied().filter(|b| *b != b'\\').collect();
        is_there(bytes) || is_there(&without_backslashes) || is_there(&without_percents(bytes))
    }

    /// Text that came with the delivery, or a note where it must not be shown.
    pub(crate) fn show(&self, bytes: &[u8]) -> String {
        if self.are_in(bytes) {
            return NOT_SHOWN.into();
        }
        let text = String::from_utf8_lossy(bytes);
        match text.char_indices().nth(LONGEST_SHOWN) {
            None => text.into_owned(),
            Some((at, _)) => [text.get(..at).unwrap_or_default(), "…"].concat(),
        }
    }
}

/// The forms in which bytes are written: as they are, in hex, in base64 of both alphabets. The padding may be missing.
fn spellings(bytes: &[u8], add: &mut impl FnMut(&[u8])) {
    let base64 = Zeroizing::new(crypto::to_base64(bytes));
    let bare = base64.trim_end_matches('=');
    add(bytes);
    add(Zeroizing::new(crypto::to_hex(bytes)).as_bytes());
    add(bare.as_bytes());
    add(Zeroizing::new(bare.replace('+', "-").replace('/', "_")).as_bytes());
}

/// The text with its percent escapes resolved, as far as there are any.
fn without_percents(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let escape = rest.get(..3).filter(|_| *first == b'%').and_then(|escape| decode::percent(escape, false));
        match escape.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// What is shown in place of text that holds a secret or a signature.
pub(crate) const NOT_SHOWN: &str = "(not shown: it holds a secret or a signature)";

/// The longest text shown in one piece, in characters.
pub(crate) const LONGEST_SHOWN: usize = 120;

/// Parts of secrets and signatures from this length on are hidden.
const SHORTEST_PART: usize = 8;

/// The name of what a value looks like, without the value.
pub(crate) fn encoding_of(text: &[u8]) -> &'static str {
    let only = |extra: &[u8]| text.iter().all(|b| b.is_ascii_alphanumeric() || extra.contains(b));
    if text.is_empty() {
        "empty"
    } else if text.iter().all(u8::is_ascii_digit) {
        "digits"
    } else if text.iter().all(u8::is_ascii_hexdigit) {
        match text.iter().any(u8::is_ascii_uppercase) {
            true => "hex, upper case",
            false => "hex",
        }
    } else if only(b"+/=") {
        "base64"
    } else if only(b"-_=") {
        "base64url"
    } else if only(b"%+/=-_.") {
        "percent-encoded"
    } else {
        "other text"
    }
}
