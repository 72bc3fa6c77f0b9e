//! Number text that a parser has changed: which texts the sender may have written instead.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::push_number;

use crate::choices::{Choices, Place};
use crate::document::{Document, Kind, Part};
use crate::reformat::Style;

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

/// Parts under one key, and what each of them may have been. Numbers under one key are mostly of one type.
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

/// Everything of these kinds at once, the most frequent first.
pub(crate) const BASES: &[&[&str]] =
    &[&[FLOATS], &[OBJECTS], &[FLOATS, OBJECTS], &[CENTS], &[WHOLE], &[MILLIS], &[JAVA], &[CENTS, OBJECTS]];

/// What comes after so many is one with the last of them, so that an object of many thousand keys is no work.
const MOST_GROUPS: usize = 128;

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
        // The same number is the same id, wherever it stands; else numbers under one key are of one kind.
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

/// How many other texts there are.
pub(crate) fn texts(groups: &[Group<'_>]) -> usize {
    groups.iter().flat_map(|group| &group.alternatives).map(|(_, list)| list.len()).sum()
}

/// Whether it is an item next to numbers with a fraction: whole numbers there may be of either kind, each for itself.
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

/// A time in UTC without its milliseconds, or with less of them, with all of them.
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

/// The text of a document with what its numbers may have been, and what each choice of a group is called. The style puts
/// what is in `base` into the text.
pub(crate) fn choices(
    document: &Document<'_>,
    style: &Style<'_>,
    groups: &[Group<'_>],
    base: &[&str],
) -> (Choices, Vec<Vec<&'static str>>) {
    let mut of_part: Vec<usize> = alloc::vec![usize::MAX; document.parts().len()];
    // For each group the positions of its alternatives, 0 as it is; what stands in the text comes first.
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

/// What the choices that were made are called.
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

/// The same with what is frequent only.
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

/// More keys are not mixed.
const MOST_MIXED: usize = 5;

/// The keys of a sender whose numbers are always floating-point.
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

/// Every whole number that JavaScript (or another reader of doubles) rounds to this one.
fn rounded(text: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    if let Some((negative, value)) = rounded_value(text) {
        let step = step_at(value);
        for whole in value - step / 2..=value + step / 2 {
            if step <= LARGEST_STEP && double(whole) == value {
                let other = [if negative { "-" } else { "" }, &decimal(whole)].concat();
                if other.as_bytes() != text {
                    all.push(other);
                }
            }
        }
    }
    all
}

/// So many texts in all: an id that stands in thousands of places is too much to try.
const MOST_ROUNDED: usize = 1 << 15;

/// So many different ones are brought back together.
const MOST_IDS: usize = 4;

/// Up to about 3.7e19: ids of 64 bits.
const LARGEST_STEP: u128 = 4096;

/// The value (and whether it is negative) of a number that looks as a double beyond 2^53 is written.
fn rounded_value(text: &[u8]) -> Option<(bool, u128)> {
    let Decimal { negative, digits, point } = Decimal::read(text)?;
    // From 2^53 on, and as many digits as `decimal` can write.
    let zeros = usize::try_from(point).ok().filter(|point| (16..=20).contains(point))?.checked_sub(digits.len())?;
    let whole = digits.iter().chain(core::iter::repeat_n(&b'0', zeros)).fold(0, with_digit);
    let value = double(whole);
    let exponent = text.iter().any(|b| matches!(b, b'e' | b'E'));
    let as_written = exponent || (!text.contains(&b'.') && shortest(value) == whole);
    ((1 << 53..70_000_000_000_000_000_000).contains(&value) && as_written).then_some((negative, value))
}

const fn with_digit(whole: u128, digit: &u8) -> u128 {
    (whole << 3) + (whole << 1) + (*digit & 15) as u128
}

/// The distance between doubles at this value.
const fn step_at(value: u128) -> u128 {
    1 << (128 - value.leading_zeros()).saturating_sub(53)
}

/// The double nearest to a whole number, ties to even.
const fn double(whole: u128) -> u128 {
    let step = step_at(whole);
    let rest = whole & (step - 1);
    let below = whole - rest;
    // A step of one leaves no rest.
    if rest * 2 > step || (rest * 2 == step && below & step != 0) { below + step } else { below }
}

/// What JavaScript writes for a double: the whole number of the fewest digits (but zeros at the end) that reads as it.
fn shortest(value: u128) -> u128 {
    let digits = decimal(value);
    for kept in 1..digits.len() {
        let (mut below, mut unit) = (0, 1);
        for (at, digit) in digits.bytes().enumerate() {
            below = with_digit(below, if at < kept { &digit } else { &0 });
            unit = if at < kept { 1 } else { with_digit(unit, &0) };
        }
        let mut candidates = [below, below + unit];
        if value - below > below + unit - value {
            candidates.reverse();
        }
        for candidate in candidates {
            if double(candidate) == value {
                return candidate;
            }
        }
    }
    value
}

/// A whole number below 2^66 as text.
fn decimal(whole: u128) -> String {
    const HALF: u64 = 10_000_000_000;
    // In two halves, since numbers of 128 bits are costly to divide.
    let (quarter, rest) = ((whole >> 2) as u64, (whole & 3) as u64);
    let low = quarter % HALF * 4 + rest;
    let high = quarter / HALF * 4 + low / HALF;
    let mut text = String::new();
    if high > 0 {
        push_number(&mut text, high, 1);
    }
    push_number(&mut text, low % HALF, if high > 0 { 10 } else { 1 });
    text
}

/// A number as its digits: `0.d₁d₂… × 10^point`.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    fn read(text: &[u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            other => (false, other),
        };
        let at = text.iter().position(|b| matches!(b, b'e' | b'E'));
        let (mantissa, exponent) = match at {
            Some(at) => (text.get(..at)?, core::str::from_utf8(text.get(at + 1..)?).ok()?.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let whole = mantissa.iter().position(|b| *b == b'.').unwrap_or(mantissa.len());
        let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
        if digits.len() > 40 || exponent.abs() > 400 {
            return None;
        }
        let zeros = digits.iter().position(|b| *b != b'0').unwrap_or(digits.len());
        digits.drain(..zeros);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = match digits.is_empty() {
            true => 1,
            false => i32::try_from(whole).ok()? - i32::try_from(zeros).ok()? + exponent,
        };
        Some(Self { negative, digits, point })
    }

    /// With at least so many decimals; `None` if it has more.
    fn fixed(&self, decimals: usize) -> Option<String> {
        if !(-8..=25).contains(&self.point) {
            return None;
        }
        let text = self.plain(decimals);
        let (_, after) = text.split_once('.')?;
        (after.len() == decimals).then_some(text)
    }

    fn plain(&self, least_decimals: usize) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        let digit =
            |at: i32| usize::try_from(at).ok().and_then(|at| self.digits.get(at)).map_or('0', |b| char::from(*b));
        let last = i32::try_from(self.digits.len()).unwrap_or_default();
        if self.point <= 0 {
            text.push('0');
        }
        text.extend((0..self.point).map(digit));
        let decimals = (last - self.point).max(i32::try_from(least_decimals).unwrap_or_default());
        if decimals > 0 {
            text.push('.');
            text.extend((self.point..self.point + decimals).map(digit));
        }
        text
    }

    /// Without a fraction.
    fn whole(&self) -> String {
        let text = self.plain(1);
        text.strip_suffix(".0").unwrap_or(&text).into()
    }

    /// `d.ddd` for the forms with an exponent.
    fn mantissa(&self, least_decimals: usize) -> String {
        Self { negative: self.negative, digits: self.digits.clone(), point: 1 }.plain(least_decimals)
    }

    /// `repr(float)`.
    fn python(&self) -> Option<String> {
        let exponent = self.point - 1;
        if (-4..16).contains(&exponent) {
            return Some(self.plain(1));
        }
        let mut text = self.mantissa(0);
        text.push_str(if exponent < 0 { "e-" } else { "e+" });
        push_number(&mut text, exponent.unsigned_abs().into(), 2);
        Some(text)
    }

    /// `Double.toString`.
    fn java(&self) -> Option<String> {
        let exponent = self.point - 1;
        if (-3..7).contains(&exponent) {
            return None; // as Python writes it
        }
        let mut text = self.mantissa(1);
        text.push_str(if exponent < 0 { "E-" } else { "E" });
        push_number(&mut text, exponent.unsigned_abs().into(), 1);
        Some(text)
    }
}
