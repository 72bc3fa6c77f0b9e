//! The keys of the objects of a document: which of them can change their places.

use alloc::vec::Vec;

use crate::choices::OPEN;
use crate::json::document::{Document, Kind};
use crate::json::style::Ranks;

/// Sets with more orders than that are not tried: the budget would end before they do.
const MOST_ORDERS: usize = 50_000;

/// Which orders of a set are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The order of the style only.
    Fixed,
    /// The keys of the lists stay in the order of the lists, and the other keys move between them.
    Chained,
    Free,
}

/// The keys of an object. Objects with the same keys are written in the same order.
#[derive(Clone)]
pub(crate) struct Set<'a> {
    pub(crate) keys: Vec<&'a [u8]>,
    /// How many of the keys have a place in a list.
    pub(crate) known: usize,
    /// Which of its orders are tried.
    pub(crate) mode: Mode,
    /// The beginning of the order that is being tried, as positions in `keys`.
    pub(crate) order: Vec<usize>,
}

/// The different sets of keys with more than one.
pub(crate) fn sets<'a>(document: &Document<'a>, ranks: &Ranks) -> Vec<Set<'a>> {
    let mut sets: Vec<Set<'a>> = Vec::new();
    for index in document.indices(Kind::Object) {
        let members = document.members(index);
        let keys: Vec<&[u8]> = members.iter().map(|(key, _)| document.key_text(*key)).collect();
        if keys.len() > 1 && set_of(&sets, &keys) == OPEN {
            let known = members.iter().filter(|(key, _)| ranks.place(*key).is_some()).count();
            sets.push(Set { keys, known, mode: Mode::Free, order: Vec::new() });
        }
    }
    sets
}

/// How many orders these sets have together, if they are not too many.
pub(crate) fn count(sets: &[Set<'_>]) -> Option<usize> {
    let mut total = 1;
    for set in sets {
        let from = match set.mode {
            Mode::Fixed => set.keys.len(),
            Mode::Chained => set.known.max(1),
            Mode::Free => 1,
        };
        for factor in from + 1..=set.keys.len() {
            total *= factor;
            if total > MOST_ORDERS {
                return None;
            }
        }
    }
    Some(total)
}

pub(crate) fn set_of(sets: &[Set<'_>], keys: &[&[u8]]) -> usize {
    let same = |set: &Set<'_>| set.keys.len() == keys.len() && set.keys.iter().all(|key| keys.contains(key));
    sets.iter().position(same).unwrap_or(OPEN)
}
