//! The facts that a diagnosis states: plain values under names, in the order of the names.
//!
//! It is a list and no map, with few kinds of values: it is built in hundreds of places, and most of their code is this.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Fact {
    /// Nothing: `null`.
    None,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(Cow<'static, str>),
    /// A list of things, each with facts of its own.
    List(Vec<Facts>),
}

/// Named facts, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(&'static str, Fact)>);

macro_rules! facts {
    ($($name:literal: $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut facts = $crate::report::facts::Facts::default();
        $($crate::report::facts::Put::put($value, &mut facts, $name);)*
        facts
    }};
}
pub(crate) use facts;

impl Facts {
    /// The value under this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.iter().find(|(known, _)| *known == name).map(|(_, fact)| fact)
    }

    /// Every name and value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Fact)> {
        self.0.iter().map(|(name, fact)| (*name, fact))
    }

    #[inline(never)]
    pub(crate) fn insert(&mut self, name: &'static str, fact: Fact) {
        let mut at = 0;
        while let Some((known, slot)) = self.0.get_mut(at) {
            if *known == name {
                *slot = fact;
                return;
            }
            if *known > name {
                break;
            }
            at += 1;
        }
        self.0.insert(at, (name, fact));
    }

    #[inline(never)]
    fn insert_text(&mut self, name: &'static str, text: &str) {
        self.insert(name, text.into());
    }

    pub(crate) fn extend(&mut self, more: Self) {
        for (name, fact) in more.0 {
            self.insert(name, fact);
        }
    }
}

/// A value that `facts!` takes. Most are texts, which go through one short call.
pub(crate) trait Put {
    fn put(self, facts: &mut Facts, name: &'static str);
}

impl Put for &str {
    #[inline(always)]
    fn put(self, facts: &mut Facts, name: &'static str) {
        facts.insert_text(name, self);
    }
}

macro_rules! put {
    ($($kind:ty)*) => {
        $(impl Put for $kind {
            fn put(self, facts: &mut Facts, name: &'static str) {
                facts.insert(name, self.into());
            }
        })*
    };
}
put! { String Cow<'_, str> bool u64 usize i32 Vec<Facts> Option<u64> Option<usize> Option<String> Option<&str> }

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl PartialEq<str> for Fact {
    fn eq(&self, other: &str) -> bool {
        matches!(self, Self::Text(text) if text == other)
    }
}

impl From<&str> for Fact {
    #[inline(never)]
    fn from(text: &str) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Cow<'_, str>> for Fact {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(text.into_owned())
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Fact {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<i32> for Fact {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Facts>> for Fact {
    fn from(list: Vec<Facts>) -> Self {
        Self::List(list)
    }
}

impl<T: Into<Self>> From<Option<T>> for Fact {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}
