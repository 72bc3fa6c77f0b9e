//! Number text that a parser has changed: which texts the sender may have written instead.

use alloc::string::String;
use alloc::vec::Vec;

use super::reformat::{Document, Kind, Part};
use crate::time::push_number;

/// Texts for parts, by index.
#[derive(Default)]
pub(super) struct Replaced(Vec<Option<String>>);

impl Replaced {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }

    pub(super) fn put(&mut self, texts: &[(usize, String)]) {
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
pub(super) struct Group<'a> {
    pub(super) key: &'a [u8],
    pub(super) alternatives: Vec<(&'static str, Vec<(usize, String)>)>,
}

const FLOATS: &str = "floating-point numbers, such as 1.0 (Python, Ruby)";
const CENTS: &str = "numbers with two decimals, such as 1.00";
const JAVA: &str = "floating-point numbers, such as 1.0E7 (Java)";
const OBJECTS: &str = "empty objects, where PHP writes []";

/// Every group of the document that has alternatives.
pub(super) fn groups<'a>(document: &Document<'a>) -> Vec<Group<'a>> {
    let above = document.keys_above();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (index, part) in document.parts().iter().enumerate() {
        let key = above.get(index).copied().unwrap_or_default();
        let texts: Vec<(&'static str, String)> = match part.kind {
            Kind::Number => of_number(document, part),
            Kind::Array if document.is_empty_container(index) => alloc::vec![(OBJECTS, "{}".into())],
            _ => continue,
        };
        let at = groups.iter().position(|group| group.key == key).unwrap_or_else(|| {
            groups.push(Group { key, alternatives: Vec::new() });
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
    }
    groups.retain(|group| !group.alternatives.is_empty());
    groups
}

fn of_number(document: &Document<'_>, part: &Part) -> Vec<(&'static str, String)> {
    let text = document.text(part);
    let Some(decimal) = Decimal::read(text) else {
        return Vec::new();
    };
    [(FLOATS, decimal.python()), (CENTS, decimal.fixed(2)), (JAVA, decimal.java())]
        .into_iter()
        .filter_map(|(name, written)| Some((name, written?)))
        .filter(|(_, written)| written.as_bytes() != text)
        .collect()
}

/// Replacements to try, smallest change first: everything of one kind, one key, two keys, …. `each` also learns how many keys
/// there are.
pub(super) fn combinations(
    groups: &[Group<'_>],
    mut each: impl FnMut(&Replaced, &[&'static str], usize) -> bool,
) -> bool {
    for name in [FLOATS, CENTS, JAVA, OBJECTS] {
        let all = everything(groups, name);
        if !all.is_empty() && each(&all, &[name], 1) {
            return true;
        }
    }
    let single: Vec<Single<'_>> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.alternatives.iter().map(move |(name, list)| (at, *name, list.as_slice())))
        .collect();
    for size in 1..=MOST_KEYS {
        let mut chosen = Vec::new();
        if choose(&single, size, &mut chosen, &mut each) {
            return true;
        }
    }
    false
}

/// So many keys are changed at once.
const MOST_KEYS: usize = 5;

/// Position of the group, what the alternative is called, and its texts.
type Single<'s> = (usize, &'static str, &'s [(usize, String)]);

fn choose<'s>(
    single: &[Single<'s>],
    size: usize,
    chosen: &mut Vec<Single<'s>>,
    each: &mut impl FnMut(&Replaced, &[&'static str], usize) -> bool,
) -> bool {
    if chosen.len() == size {
        let mut replaced = Replaced::new();
        for (_, _, list) in &*chosen {
            replaced.put(list);
        }
        let mut names: Vec<&'static str> = chosen.iter().map(|(_, name, _)| *name).collect();
        names.dedup();
        return each(&replaced, &names, size);
    }
    for (position, item) in single.iter().enumerate() {
        if chosen.iter().any(|(group, _, _)| *group == item.0) {
            continue;
        }
        chosen.push(*item);
        let found = choose(single.get(position + 1..).unwrap_or_default(), size, chosen, each);
        chosen.pop();
        if found {
            return true;
        }
    }
    false
}

/// The keys of a sender whose numbers are always floating-point.
pub(super) fn known_floats(document: &Document<'_>, keys: &[&str]) -> Replaced {
    let mut groups = groups(document);
    groups.retain(|group| keys.iter().any(|key| key.as_bytes() == group.key));
    everything(&groups, FLOATS)
}

/// Every alternative of this name at once.
fn everything(groups: &[Group<'_>], name: &str) -> Replaced {
    let mut all = Replaced::new();
    for group in groups {
        for (known, list) in &group.alternatives {
            if *known == name {
                all.put(list);
            }
        }
    }
    all
}

/// A whole number that JavaScript (or another reader of doubles) has rounded: the parts that hold it, and every whole
/// number that rounds to it. `None` if there is none, or more than one, or too many to try.
pub(super) fn rounded(document: &Document<'_>) -> Option<(Vec<usize>, Vec<String>)> {
    let mut found: Option<(bool, u128)> = None;
    let mut indices = Vec::new();
    for index in document.indices(Kind::Number) {
        let Some(value) = document.part(index).and_then(|part| rounded_value(document.text(part))) else {
            continue;
        };
        if found.is_some_and(|known| known != value) {
            return None;
        }
        found = Some(value);
        indices.push(index);
    }
    let (negative, value) = found?;
    let step = step_at(value);
    if step > LARGEST_STEP {
        return None;
    }
    let held = document.part(*indices.first()?).map(|part| document.text(part)).unwrap_or_default();
    let mut texts = Vec::new();
    for whole in value - step / 2..=value + step / 2 {
        if double(whole) == value {
            let text = [if negative { "-" } else { "" }, &decimal(whole)].concat();
            if text.as_bytes() != held {
                texts.push(text);
            }
        }
    }
    Some((indices, texts))
}

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
    (value >= 1 << 53 && value < 70_000_000_000_000_000_000 && as_written).then_some((negative, value))
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
