//! A decimal number, and how programs write it.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::push_number;

/// A number as its digits: `0.d₁d₂… × 10^point`.
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    pub(crate) digits: Vec<u8>,
    pub(crate) point: i32,
}

impl Decimal {
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
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

    /// The number with so many decimals; `None` if it has more.
    pub(crate) fn fixed(&self, decimals: usize) -> Option<String> {
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

    /// The number without its fraction.
    pub(crate) fn whole(&self) -> String {
        let text = self.plain(1);
        text.strip_suffix(".0").unwrap_or(&text).into()
    }

    /// The number as `d.ddd`, for the forms with an exponent.
    fn mantissa(&self, least_decimals: usize) -> String {
        Self { negative: self.negative, digits: self.digits.clone(), point: 1 }.plain(least_decimals)
    }

    /// As Python's `repr(float)` writes it.
    pub(crate) fn python(&self) -> Option<String> {
        let exponent = self.point - 1;
        if (-4..16).contains(&exponent) {
            return Some(self.plain(1));
        }
        let mut text = self.mantissa(0);
        text.push_str(if exponent < 0 { "e-" } else { "e+" });
        push_number(&mut text, exponent.unsigned_abs().into(), 2);
        Some(text)
    }

    /// As Java's `Double.toString` writes it; `None` where that is as Python writes it.
    pub(crate) fn java(&self) -> Option<String> {
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
