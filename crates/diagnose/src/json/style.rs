//! What to write differently in a document: white space, strings, order of keys, number text.

use alloc::string::String;
use alloc::vec::Vec;

use crate::json::document::{Document, Kind};
use crate::json::notation::{Spacing, Strings};

/// In which order keys are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order<'o> {
    Keep,
    Sorted,
    /// The order of a list.
    Known(&'o Ranks),
}

/// The places of a document's keys in a list, by index of the part. Keys that are not in it come after those that are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ranks {
    places: Vec<usize>,
    /// Whether keys that are not in the list are sorted. Otherwise they keep their order.
    pub(crate) sorted: bool,
}

impl Ranks {
    /// The place of a key, if it has one.
    pub(crate) fn place(&self, key: usize) -> Option<usize> {
        self.places.get(key).copied().filter(|place| *place < usize::MAX)
    }
}

/// Texts for parts, by index.
#[derive(Default)]
pub(crate) struct Replaced(Vec<Option<String>>);

impl Replaced {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }

    pub(crate) fn put(&mut self, texts: &[(usize, String)]) {
        for (index, text) in texts {
            if self.0.len() <= *index {
                self.0.resize(index + 1, None);
            }
            if let Some(slot) = self.0.get_mut(*index) {
                *slot = Some(text.clone());
            }
        }
    }
}

/// What to write differently.
#[derive(Clone, Copy)]
pub(crate) struct Style<'o> {
    pub(crate) spacing: Spacing,
    pub(crate) strings: Strings,
    pub(crate) order: Order<'o>,
    /// Other texts for parts, by index.
    pub(crate) replaced: &'o Replaced,
}

impl Document<'_> {
    /// Where each key stands in these lists. For each object the part of a list (between bars) counts that has most of
    /// its keys: of several parts the first, or the last.
    pub(crate) fn ranks(&self, lists: &[&str], sorted: bool, last: bool) -> Ranks {
        let mut places = alloc::vec![usize::MAX; self.parts.len()];
        let mut own: Vec<(usize, usize)> = Vec::new();
        for index in self.indices(Kind::Object) {
            let members = self.members(index);
            let mut most = 0;
            for list in lists.iter().flat_map(|list| list.as_bytes().split(|b| *b == b'|')) {
                own.clear();
                for (at, name) in list.split(|b| *b == b' ').enumerate() {
                    own.extend(
                        members.iter().filter(|(key, _)| self.key_text(*key) == name).map(|(key, _)| (*key, at)),
                    );
                }
                if own.len() > most || (last && most > 0 && own.len() == most) {
                    most = own.len();
                    for (key, _) in &members {
                        let at = own.iter().find(|(own, _)| own == key).map_or(usize::MAX, |(_, at)| *at);
                        if let Some(slot) = places.get_mut(*key) {
                            *slot = at;
                        }
                    }
                }
            }
        }
        Ranks { places, sorted }
    }
}
