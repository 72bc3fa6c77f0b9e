//! A form (`application/x-www-form-urlencoded`) with JSON in one of its fields. It is what is signed; the JSON in it is what
//! is read.
//!
//! Rules: as the URL Standard reads a form: `+` is a space, an escape that is none stays as it is, the first of repeated
//! fields counts. Linear in time.

use alloc::vec::Vec;

/// The value of a field, or `None` where the form has no such field.
pub(crate) fn field(form: &[u8], name: &str) -> Option<Vec<u8>> {
    form.split(|byte| *byte == b'&').find_map(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (found, value) = pair.split_at_checked(end)?;
        // What is longer than its name with every character escaped is another field.
        (found.len() <= 3 * name.len() && decoded(found) == name.as_bytes())
            .then(|| decoded(value.get(1..).unwrap_or_default()))
    })
}

/// Whether a text begins as a form does: a name, and `=`.
pub(crate) fn begins(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%+-._*~[]".contains(&byte))
    })
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match after.split_at_checked(2).and_then(|(digits, after)| Some((escaped(digits)?, after))) {
                Some((escaped, after)) => {
                    rest = after;
                    escaped
                }
                None => b'%',
            },
            other => *other,
        });
    }
    bytes
}

/// The byte that two hex digits stand for.
fn escaped(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |byte, digit| {
        let value = u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
        Some(byte << 4 | value)
    })
}
