//! Number text that a parser has changed: which texts the provider may have written instead.

use alloc::string::String;
use alloc::vec::Vec;

use crate::choices::{Choices, Place};
use crate::json::decimal::Decimal;
use crate::json::document::{Document, Kind, Part};
use crate::json::double::rounded;
use crate::json::style::{Replaced, Style};

/// The parts under one key, and the texts that each may have had. Numbers under one key are mostly of one type.
pub(crate) struct Group<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) alternatives: Vec<(&'static str, Vec<(usize, String)>)>,
}

pub(crate) const FLOATS: &str = "floating-point numbers, such as 1.0 (Python, Ruby)";
const CENTS: &str = "numbers with two decimals, such as 1.00";
const JAVA: &str = "floating-point numbers, such as 1.0E7 (Java)";
const WHOLE: &str = "whole numbers, where Gson writes 1.0";
const OBJECTS: &str = "empty objects, where PHP writes []";
const MILLIS: &str = "times with milliseconds, where .NET drops zeros";
const ROUNDED: &str = "a whole number beyond 2^53 was rounded";

/// The kinds of texts that all numbers may have had at once, the most frequent first.
pub(crate) const BASES: &[&[&str]] =
    &[&[FLOATS], &[OBJECTS], &[FLOATS, OBJECTS], &[CENTS], &[WHOLE], &[MILLIS], &[JAVA], &[CENTS, OBJECTS]];

/// All keys after so many are one group, so that an object of many thousand keys is little work.
const MOST_GROUPS: usize = 128;

/// So many rounded numbers are tried in all: an id that stands in thousands of places is too much work.
const MOST_ROUNDED: usize = 1 << 15;

/// So many different rounded numbers are tried together.
const MOST_IDS: usize = 4;

/// Every group of the document that has alternatives.
pub(crate) fn groups<'a>(document: &Document<'a>) -> Vec<Group<'a>> {
    let above = document.keys_above();
    let mut groups: Vec<Group<'a>> = Vec::new();
    let (mut ids, mut room) = (0, MOST_ROUNDED);
    for (index, part) in document.parts().iter().enumerate() {
        let key = above.get(index).copied().unwrap_or_default();
        let texts: Vec<(&'static str, String)> = match part.kind {
            Kind::Number => of_number(document, part),
            Kind::Array if document.is_empty_container(index) => alloc::vec![(OBJECTS, "{}".into())],
            Kind::String => millis(document.text(part)).map(|text| (MILLIS, text)).into_iter().collect(),
            _ => continue,
        };
        // A rounded number is the same id wherever it stands. Other numbers are of one kind under one key.
        let mut rounded = if part.kind == Kind::Number && ids <= MOST_IDS && room > 0 {
            rounded(document.text(part))
        } else {
            Vec::new()
        };
        if !rounded.is_empty() && groups.iter().all(|group| group.key != document.text(part)) {
            ids += 1;
            if ids > MOST_IDS {
                rounded.clear();
            }
        }
        room -= rounded.len().min(room);
        if room == 0 {
            rounded.clear();
        }
        let key = if rounded.is_empty() && !is_mixed(document, index) { key } else { document.text(part) };
        let at = groups.iter().position(|group| group.key == key).unwrap_or_else(|| {
            if groups.len() < MOST_GROUPS {
                groups.push(Group { key, alternatives: Vec::new() });
            }
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else {
            continue;
        };
        for (name, text) in texts {
            match group.alternatives.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => list.push((index, text)),
                None => group.alternatives.push((name, alloc::vec![(index, text)])),
            }
        }
        let known = group.alternatives.iter_mut().filter(|(name, _)| *name == ROUNDED);
        let mut count = 0;
        for ((_, list), text) in known.zip(&rounded) {
            list.push((index, text.clone()));
            count += 1;
        }
        for text in rounded.into_iter().skip(count) {
            group.alternatives.push((ROUNDED, alloc::vec![(index, text)]));
        }
    }
    groups.retain(|group| !group.alternatives.is_empty());
    groups
}

/// How many other texts there are in all groups.
pub(crate) fn texts(groups: &[Group<'_>]) -> usize {
    groups.iter().flat_map(|group| &group.alternatives).map(|(_, list)| list.len()).sum()
}

/// Whether the part is an item next to numbers with a fraction. There, each whole number may be a float or not.
fn is_mixed(document: &Document<'_>, index: usize) -> bool {
    let number = |at: usize| document.part(at).filter(|part| part.kind == Kind::Number);
    let before = index.checked_sub(1).and_then(|at| document.part(at));
    number(index).is_some()
        && before.is_some_and(|part| part.kind != Kind::Key)
        && (index.saturating_sub(2)..index + 3).filter_map(number).any(|part| document.text(part).contains(&b'.'))
}

fn of_number(document: &Document<'_>, part: &Part) -> Vec<(&'static str, String)> {
    let text = document.text(part);
    let Some(decimal) = Decimal::read(text) else {
        return Vec::new();
    };
    let dotted = text.contains(&b'.') && decimal.point >= 0 && decimal.point as usize >= decimal.digits.len();
    [
        (FLOATS, decimal.python()),
        (CENTS, decimal.fixed(2)),
        (JAVA, decimal.java()),
        (WHOLE, dotted.then(|| decimal.whole())),
    ]
    .into_iter()
    .filter_map(|(name, written)| Some((name, written?)))
    .filter(|(_, written)| written.as_bytes() != text)
    .collect()
}

/// The time with three digits of milliseconds, for a time in UTC that has fewer.
fn millis(text: &[u8]) -> Option<String> {
    let time = text.strip_suffix(b"Z\"")?;
    if !matches!(
        time.get(11..),
        Some(
            [b'T', _, _, b':', _, _, b':', _, _]
                | [b'T', _, _, b':', _, _, b':', _, _, b'.', _]
                | [b'T', _, _, b':', _, _, b':', _, _, b'.', _, _]
        )
    ) {
        return None;
    }
    let mut text = String::from(core::str::from_utf8(time).ok()?);
    if text.len() == 20 {
        text.push('.');
    }
    while text.len() < 24 {
        text.push('0');
    }
    text.push_str("Z\"");
    Some(text)
}

/// The document in this style, with the texts that its numbers may have had, and the name of each choice of a group.
/// The style has put the texts of the kinds in `base` into the document.
pub(crate) fn choices(
    document: &Document<'_>,
    style: &Style<'_>,
    groups: &[Group<'_>],
    base: &[&str],
) -> (Choices, Vec<Vec<&'static str>>) {
    let mut of_part: Vec<usize> = alloc::vec![usize::MAX; document.parts().len()];
    // For each group the positions of its alternatives, 0 for the number as it is. The one in the document comes first.
    let mut options: Vec<Vec<usize>> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let mut own: Vec<usize> = (0..=group.alternatives.len()).collect();
        for (position, (name, list)) in group.alternatives.iter().enumerate() {
            for (index, _) in list {
                if let Some(slot) = of_part.get_mut(*index) {
                    *slot = at;
                }
            }
            if own.first() == Some(&0) && base.contains(name) {
                own.swap(0, position + 1);
            }
        }
        options.push(own);
    }
    let (text, spots) = document.write_noting(style);
    let mut places = Vec::new();
    for (index, start, end) in spots {
        let at = of_part.get(index).copied().unwrap_or(usize::MAX);
        let (Some(group), Some(own), Some(part)) = (groups.get(at), options.get(at), document.part(index)) else {
            continue;
        };
        let mut texts = Vec::new();
        for option in own {
            let list = option.checked_sub(1).and_then(|option| group.alternatives.get(option));
            let text =
                list.and_then(|(_, list)| list.get(list.binary_search_by_key(&index, |(other, _)| *other).ok()?));
            texts.push(text.map_or(document.text(part), |(_, text)| text.as_bytes()).to_vec());
        }
        places.push(Place { start, end, group: at, texts });
    }
    let mut names = Vec::new();
    for (group, own) in groups.iter().zip(&options) {
        let name = |option: &usize| {
            option.checked_sub(1).and_then(|at| group.alternatives.get(at)).map_or("", |(name, _)| *name)
        };
        names.push(own.iter().map(name).collect());
    }
    (Choices::new(text, places), names)
}

/// The names of the choices that were made.
pub(crate) fn named(names: &[Vec<&'static str>], picked: &[usize]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for (names, picked) in names.iter().zip(picked) {
        let name = names.get(*picked).or_else(|| names.first()).copied().unwrap_or_default();
        if !name.is_empty() && !all.contains(&name) {
            all.push(name);
        }
    }
    all.join("; ")
}

/// The groups with the frequent alternatives only.
pub(crate) fn plain<'a>(groups: &[Group<'a>]) -> Vec<Group<'a>> {
    let mut all = Vec::new();
    for group in groups {
        let mut alternatives = group.alternatives.clone();
        alternatives.retain(|(name, _)| [FLOATS, OBJECTS, ROUNDED].contains(name));
        if !alternatives.is_empty() {
            all.push(Group { key: group.key, alternatives });
        }
    }
    all
}

/// The likely mixtures of whole and floating-point numbers: none and all of them floats, one key, all but one.
pub(crate) fn mixtures(groups: &[Group<'_>]) -> Vec<Replaced> {
    let has_floats = |group: &&Group<'_>| group.alternatives.iter().any(|(name, _)| *name == FLOATS);
    let floats: Vec<&Group<'_>> = groups.iter().filter(has_floats).collect();
    let mut all = alloc::vec![Replaced::new()];
    if floats.is_empty() {
        return all;
    }
    all.push(everything(&floats, &[FLOATS]));
    if (2..=MOST_MIXED).contains(&floats.len()) {
        for (at, one) in floats.iter().enumerate() {
            let mut but = floats.clone();
            but.remove(at);
            all.push(everything(core::slice::from_ref(one), &[FLOATS]));
            all.push(everything(&but, &[FLOATS]));
        }
    }
    all
}

/// Mixtures of more keys than that are not tried.
const MOST_MIXED: usize = 5;

/// The numbers under those keys that the provider always writes as floating-point numbers.
pub(crate) fn known_floats(groups: &[Group<'_>], keys: &[&str]) -> Replaced {
    let known = |group: &&Group<'_>| keys.iter().any(|key| key.as_bytes() == group.key);
    everything(&groups.iter().filter(known).collect::<Vec<_>>(), &[FLOATS])
}

/// In every group the first alternative that has one of these names.
pub(crate) fn everything(groups: &[&Group<'_>], names: &[&str]) -> Replaced {
    let mut all = Replaced::new();
    for group in groups {
        if let Some((_, list)) = group.alternatives.iter().find(|(name, _)| names.contains(name)) {
            all.put(list);
        }
    }
    all
}
