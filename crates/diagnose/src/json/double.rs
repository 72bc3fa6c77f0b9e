//! Whole numbers beyond 2^53, as a parser that reads doubles rounds them.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::push_number;

use crate::json::decimal::Decimal;

/// Every whole number that JavaScript (or another reader of doubles) rounds to this one.
pub(crate) fn rounded(text: &[u8]) -> Vec<String> {
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

/// Numbers up to about 3.7e19: ids of 64 bits.
const LARGEST_STEP: u128 = 4096;

/// The value of a number that looks as a double beyond 2^53 is written, and whether it is negative.
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
    // Numbers of 128 bits are costly to divide: it is written in two halves.
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
