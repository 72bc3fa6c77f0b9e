//! A JSON text taken apart: where its tokens begin and end, which keys and items belong together.

use alloc::vec::Vec;

use crate::json::units::{Unit, Units};

/// A part of the text, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{` up to its `}`; the parts between are its keys and values.
    Object,
    /// `[` up to its `]`.
    Array,
    /// A string before a colon.
    Key,
    String,
    Number,
    /// `true`, `false` or `null`.
    Word,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Index of the part after this one and all that is inside of it.
    pub(crate) after: usize,
    /// Whether a string may look different in another style.
    pub(crate) special: bool,
}

/// A JSON text, taken apart.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) parts: Vec<Part>,
    /// The characters in its strings that styles write differently.
    pub(crate) marks: Marks,
    pub(crate) sums: Sums,
}

/// The sums from which the length of the text in each spacing follows.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    /// The bytes of all tokens together.
    pub(crate) tokens: usize,
    pub(crate) keys: usize,
    pub(crate) items: usize,
    /// The objects and arrays that hold something.
    pub(crate) filled: usize,
    /// The depths of all lines, added up.
    pub(crate) levels: usize,
}

/// Which of the characters occur that styles write differently.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) non_ascii: bool,
    pub(crate) separators: bool,
    pub(crate) slash: bool,
    pub(crate) html: bool,
    pub(crate) quotes: bool,
    pub(crate) apostrophe: bool,
    pub(crate) equals: bool,
    pub(crate) plus: bool,
    pub(crate) delete: bool,
    pub(crate) control: bool,
}

impl<'a> Document<'a> {
    /// All of the text, without white space around it.
    pub(crate) fn whole(&self) -> &'a [u8] {
        self.parts.first().map_or(&[], |part| self.text(part))
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn part(&self, index: usize) -> Option<&Part> {
        self.parts.get(index)
    }

    pub(crate) fn text(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start..part.end).unwrap_or_default()
    }

    /// The text of a string without its quotes, escapes as they are.
    pub(crate) fn inner(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start + 1..part.end - 1).unwrap_or_default()
    }

    /// The text of a string, its escapes resolved; `None` where it has half a surrogate pair.
    pub(crate) fn string_at(&self, part: &Part) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for unit in Units::new(self.inner(part)) {
            match unit {
                Unit::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Unit::Byte(byte) => bytes.push(byte),
                Unit::Half(_) => return None,
            }
        }
        Some(bytes)
    }

    /// The members of the object at this index: the indices of key and value.
    pub(crate) fn members(&self, index: usize) -> Vec<(usize, usize)> {
        let Some(object) = self.parts.get(index).filter(|part| part.kind == Kind::Object) else {
            return Vec::new();
        };
        let mut members = Vec::new();
        let mut key = index + 1;
        while key < object.after {
            members.push((key, key + 1));
            key = self.parts.get(key + 1).map_or(usize::MAX, |value| value.after);
        }
        members
    }

    /// The items of the array at this index, each as its own key.
    pub(crate) fn items(&self, index: usize) -> Vec<(usize, usize)> {
        let mut items = Vec::new();
        let after = self.parts.get(index).map_or(0, |part| part.after);
        let mut item = index + 1;
        while item < after {
            items.push((item, item));
            item = self.parts.get(item).map_or(usize::MAX, |item| item.after);
        }
        items
    }

    /// Whether an object with more than one key is in this part.
    pub(crate) fn has_order(&self, index: usize) -> bool {
        let after = self.parts.get(index).map_or(0, |part| part.after);
        (index..after).any(|index| {
            let second = self.parts.get(index + 2).map_or(usize::MAX, |value| value.after);
            self.parts.get(index).is_some_and(|part| part.kind == Kind::Object && second < part.after)
        })
    }

    pub(crate) fn key_text(&self, index: usize) -> &'a [u8] {
        self.parts.get(index).map_or(&[], |part| self.inner(part))
    }

    /// The value of this key in the outermost object.
    pub(crate) fn field(&self, name: &str) -> Option<&Part> {
        let found = self.members(0).into_iter().find(|(key, _)| self.key_text(*key) == name.as_bytes())?;
        self.parts.get(found.1)
    }

    /// Whether the keys of every object are sorted, and how many keys the largest has.
    pub(crate) fn sorted_keys(&self) -> Option<usize> {
        let mut most = 0;
        for index in self.indices(Kind::Object) {
            let keys: Vec<&[u8]> = self.members(index).iter().map(|(key, _)| self.key_text(*key)).collect();
            if !keys.is_sorted() {
                return None;
            }
            most = most.max(keys.len());
        }
        Some(most)
    }

    pub(crate) fn indices(&self, kind: Kind) -> impl Iterator<Item = usize> {
        self.parts.iter().enumerate().filter(move |(_, part)| part.kind == kind).map(|(index, _)| index)
    }

    pub(crate) fn is_empty_container(&self, index: usize) -> bool {
        self.parts.get(index).is_some_and(|part| part.after == index + 1)
    }

    /// The key that each part stands under; parts of an array stand under the array's.
    pub(crate) fn keys_above(&self) -> Vec<&'a [u8]> {
        let mut above: Vec<&[u8]> = alloc::vec![&[]; self.parts.len()];
        let mut open: Vec<(usize, &[u8])> = Vec::new();
        let mut key: &[u8] = &[];
        for (index, part) in self.parts.iter().enumerate() {
            while open.last().is_some_and(|(after, _)| *after <= index) {
                open.pop();
            }
            if part.kind == Kind::Key {
                key = self.inner(part);
                continue;
            }
            let is_value = index > 0 && self.parts.get(index - 1).is_some_and(|before| before.kind == Kind::Key);
            let name = if is_value { key } else { open.last().map_or(&[][..], |(_, name)| name) };
            if let Some(slot) = above.get_mut(index) {
                *slot = name;
            }
            if matches!(part.kind, Kind::Object | Kind::Array) {
                open.push((part.after, name));
            }
        }
        above
    }
}
