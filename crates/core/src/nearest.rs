//! Which of some names a misspelt one is meant to be; as `pkg-template/src/nearest.ts`.

use alloc::vec::Vec;
use core::mem;

/// Longer texts are no misspelt names.
const LONGEST: usize = 40;

/// The position of the name that is meant.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<usize> {
    let text = plain(name);
    if text.len() < 3 || name.len() > LONGEST {
        return None;
    }
    let apart = |known: &str| {
        let target = plain(known);
        let partly = text.len() > 3 && (target.starts_with(&text) || text.starts_with(&target));
        distance(&text, &target).min(if partly { 2 } else { 3 })
    };
    let (at, least) = names.map(apart).enumerate().min_by_key(|(_, apart)| *apart)?;
    (least < 3).then_some(at)
}

/// Case, spaces and hyphens make no difference.
fn plain(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// How many letters to put in, take out or replace (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, one) in a.iter().enumerate() {
        let mut diagonal = mem::replace(row.first_mut().unwrap_or(&mut 0), at + 1);
        let mut left = at + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(b) {
            let replaced = diagonal + usize::from(one != other);
            diagonal = *cell;
            *cell = replaced.min(left + 1).min(*cell + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}
