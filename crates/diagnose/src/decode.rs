//! Decodes text in all the forms that the programs between a provider and us write.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::crypto;

/// The shortest text that is taken for an encoding of something.
const SHORTEST_ENCODED: usize = 8;

pub(crate) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok().filter(|text| text.len() >= SHORTEST_ENCODED)?;
    crypto::hex(text).map(|bytes| bytes.to_vec())
}

/// Base64 in either alphabet, with or without padding and line breaks.
pub(crate) fn base64(text: &[u8]) -> Option<Vec<u8>> {
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

/// The text with its percent escapes resolved; `None` where one is malformed.
pub(crate) fn percent(text: &[u8], plus_is_space: bool) -> Option<Vec<u8>> {
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

/// Whether the word is in the name, in any letter case.
#[inline(never)]
pub(crate) fn contains(name: &[u8], word: &[u8]) -> bool {
    name.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}
