//! Number text that a parser has changed: which texts the sender may have written instead.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::reformat::{Document, Kind, Part};

/// Texts for parts, by index.
pub(super) type Replaced = BTreeMap<usize, String>;

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
        let all: Replaced = groups
            .iter()
            .flat_map(|group| group.alternatives.iter().filter(|(known, _)| *known == name))
            .flat_map(|(_, list)| list.iter().cloned())
            .collect();
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
        let replaced = chosen.iter().flat_map(|(_, _, list)| list.iter().cloned()).collect();
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
    groups(document)
        .into_iter()
        .filter(|group| keys.iter().any(|key| key.as_bytes() == group.key))
        .flat_map(|group| group.alternatives.into_iter().filter(|(name, _)| *name == FLOATS))
        .flat_map(|(_, list)| list)
        .collect()
}

/// A whole number that JavaScript (or another reader of doubles) has rounded: the parts that hold it, and every whole
/// number that rounds to it. `None` if there is none, or more than one, or too many to try.
pub(super) fn rounded(document: &Document<'_>) -> Option<(Vec<usize>, Vec<String>)> {
    let mut found: Option<(f64, Vec<usize>)> = None;
    for index in document.indices(Kind::Number) {
        let text = document.part(index).map(|part| document.text(part)).unwrap_or_default();
        let Some(value) = rounded_value(text) else {
            continue;
        };
        match &mut found {
            None => found = Some((value, alloc::vec![index])),
            Some((known, indices)) if *known == value => indices.push(index),
            Some(_) => return None,
        }
    }
    let (value, indices) = found?;
    let magnitude = value.abs();
    let sign = if value < 0.0 { "-" } else { "" };
    // Whole numbers from 2^53 on; the step is a power of two.
    let middle = magnitude as u128;
    let step = (magnitude.next_up() as u128).checked_sub(middle)?;
    if step > LARGEST_STEP {
        return None;
    }
    let texts = (middle.saturating_sub(step / 2)..=middle + step / 2)
        .filter(|whole| *whole as f64 == magnitude)
        .map(|whole| format!("{sign}{whole}"))
        .filter(|text| {
            text.as_bytes()
                != document
                    .part(indices.first().copied().unwrap_or_default())
                    .map_or(&[][..], |part| document.text(part))
        })
        .collect();
    Some((indices, texts))
}

/// Up to about 3.7e19: ids of 64 bits.
const LARGEST_STEP: u128 = 4096;

/// The value of a number that looks as a double beyond 2^53 is written.
fn rounded_value(text: &[u8]) -> Option<f64> {
    const LAST_EXACT: f64 = 9_007_199_254_740_992.0;
    let text = core::str::from_utf8(text).ok()?;
    let value: f64 = text.parse().ok()?;
    let plain = format!("{value}");
    let as_written = plain == text || (text.contains(['e', 'E']) && !plain.contains('.'));
    (value.abs() >= LAST_EXACT && value.abs() < 7.0e19 && as_written).then_some(value)
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
        let sign = if exponent < 0 { '-' } else { '+' };
        Some(format!("{}e{sign}{:02}", self.mantissa(0), exponent.abs()))
    }

    /// `Double.toString`.
    fn java(&self) -> Option<String> {
        let exponent = self.point - 1;
        if (-3..7).contains(&exponent) {
            return None; // as Python writes it
        }
        Some(format!("{}E{exponent}", self.mantissa(1)))
    }
}
