//! Takes a signature header apart, whatever its form.

use alloc::string::String;
use alloc::vec::Vec;

/// A part of the header that may be a signature, and what stands before it.
pub(crate) struct SignaturePiece<'v> {
    pub(crate) prefix: String,
    pub(crate) text: &'v [u8],
}

/// Takes a header apart whatever its form: `v1=…`, `v1,…`, `t=…,v1=…`, lists of these.
pub(crate) fn pieces(value: &[u8]) -> Vec<SignaturePiece<'_>> {
    let mut found = Vec::new();
    for chunk in value.split(|b| b"; \t\r\n".contains(b)) {
        let mut before = String::new();
        for item in chunk.split(|b| *b == b',') {
            let mut text = item;
            let mut names = String::new();
            while let Some(at) = text.iter().position(|b| *b == b'=') {
                let (name, rest) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
                let is_name = at > 0
                    && at <= LONGEST_NAME
                    && name.iter().take(at).all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b));
                if !is_name || rest.iter().all(|b| *b == b'=') {
                    break;
                }
                names.push_str(&String::from_utf8_lossy(name));
                text = rest;
            }
            if text.len() >= SHORTEST_SIGNATURE {
                found.push(SignaturePiece { prefix: [before.as_str(), &names].concat(), text });
                before.clear();
            } else if names.is_empty() && !text.is_empty() && text.len() <= LONGEST_NAME {
                before.push_str(&String::from_utf8_lossy(text));
                before.push(',');
            } else {
                before.clear();
            }
        }
    }
    found
}

/// The longest name before a signature, such as `sha256` or `signature`.
const LONGEST_NAME: usize = 10;

/// The shortest text that is taken for a signature: eight bytes in base64 without padding.
const SHORTEST_SIGNATURE: usize = 11;
