//! Points in time. The core asks no clock: "now" is always an argument of this type.

use core::time::Duration;

use crate::vocabulary::vocabulary;

/// Whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The time that many seconds after the epoch.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// This time moved later by whole seconds; stops at the end of time instead of wrapping.
    #[must_use]
    pub const fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(length.as_secs()))
    }

    /// How long from `earlier` to this time, or zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }

    /// Now, by this machine's clock. A clock that stands before 1970 counts as 1970.
    #[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
    #[must_use]
    pub fn now() -> Self {
        Self((js_sys::Date::now() / 1000.0) as u64)
    }

    /// Now, by this machine's clock. A clock that stands before 1970 counts as 1970.
    #[cfg(all(feature = "std", not(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(since_epoch.map_or(0, |length| length.as_secs()))
    }
}

/// The last time that RFC 3339 can write, which has four digits for the year.
pub const LAST_SECOND_OF_9999: u64 = 253_402_300_799;

vocabulary! {
    /// How a provider writes the time into a header.
    TimestampFormat of "timestamp.format" {
        /// `1700000000`: decimal Unix seconds, at most 12 digits, without zeros before them.
        UnixSeconds = "unix",
        /// `1700000000000`: decimal Unix milliseconds, at most 15 digits, without zeros before them.
        UnixMillis = "unix-ms",
        /// `2023-11-14T22:13:20Z`: RFC 3339, with any offset and fraction.
        Iso8601 = "iso8601",
    }
}

impl TimestampFormat {
    /// Reads a timestamp strictly: no sign, no space, no trailing text. `None` is "not a timestamp".
    #[must_use]
    pub fn parse(self, text: &[u8]) -> Option<UnixTime> {
        match self {
            Self::UnixSeconds => unix(text, 12).map(UnixTime),
            Self::UnixMillis => unix(text, 15).map(|ms| UnixTime(ms / 1000)),
            Self::Iso8601 => rfc3339(text),
        }
    }

    /// Writes the text that [`parse`](Self::parse) reads back.
    #[must_use]
    pub fn write(self, time: UnixTime) -> alloc::string::String {
        let mut text = alloc::string::String::new();
        match self {
            Self::UnixSeconds => push_number(&mut text, time.0, 1),
            Self::UnixMillis => push_number(&mut text, time.0.saturating_mul(1000), 1),
            Self::Iso8601 => {
                let seconds = time.0.min(LAST_SECOND_OF_9999);
                let (year, month, day) = civil_from_days(seconds / 86_400);
                let second = seconds % 86_400;
                for (number, width, end) in [
                    (year, 4, "-"),
                    (month, 2, "-"),
                    (day, 2, "T"),
                    (second / 3600, 2, ":"),
                    (second / 60 % 60, 2, ":"),
                    (second % 60, 2, "Z"),
                ] {
                    push_number(&mut text, number, width);
                    text.push_str(end);
                }
            }
        }
        text
    }
}

/// A time as a number. With zeros before it, a digit of what is signed next to it could be taken for one of its own.
fn unix(text: &[u8], at_most: usize) -> Option<u64> {
    match text {
        [b'0', _, ..] => None,
        _ => digits(text, at_most),
    }
}

/// A decimal number of at most so many digits, and nothing else.
#[must_use]
pub fn digits(text: &[u8], at_most: usize) -> Option<u64> {
    if text.is_empty() || text.len() > at_most {
        return None;
    }
    text.iter().try_fold(0u64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))
}

/// Writes a number with at least so many digits.
pub fn push_number(text: &mut alloc::string::String, mut number: u64, width: usize) {
    let start = text.len();
    while number > 0 || text.len() < start + width {
        let digit = (number % 10) as usize;
        text.insert_str(start, "0123456789".get(digit..=digit).unwrap_or_default());
        number /= 10;
    }
}

/// RFC 3339 in years 1970 to 9999. Small enough to own: a date crate would weigh more than the rest of the module.
fn rfc3339(text: &[u8]) -> Option<UnixTime> {
    let (date_time, rest) = text.split_at_checked(19)?;
    let [y @ .., b'-', m1, m2, b'-', d1, d2, separator, h1, h2, b':', n1, n2, b':', s1, s2] = date_time else {
        return None;
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let two = |a: &u8, b: &u8| digits(&[*a, *b], 2);
    let (year, month, day) = (digits(y, 4)?, two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    // 60 is a leap second; it counts as the second before it.
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if year < 1970 || day == 0 || day > days_in_month(year, month) {
        return None;
    }
    let local = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59);

    let zone = match rest {
        [b'.', fraction @ ..] => {
            let end = fraction.iter().position(|b| !b.is_ascii_digit())?;
            if end == 0 {
                return None;
            }
            fraction.get(end..)?
        }
        other => other,
    };
    match zone {
        b"Z" | b"z" => Some(UnixTime(local)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = hours * 3600 + minutes * 60;
            if *sign == b'+' { local.checked_sub(offset).map(UnixTime) } else { Some(UnixTime(local + offset)) }
        }
        _ => None,
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// How many days a month of the Gregorian calendar has.
#[must_use]
pub fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day that is not earlier.
#[must_use]
pub fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let before = year - 1;
    let leap_days = before / 4 - before / 100 + before / 400;
    let months: u64 = (1..month).map(|m| days_in_month(year, m)).sum();
    // 719,162 days lie between 0001-01-01 and 1970-01-01.
    before * 365 + leap_days + months + day - 1 - 719_162
}

/// Year, month and day, that many days after 1970-01-01.
#[must_use]
pub fn civil_from_days(days: u64) -> (u64, u64, u64) {
    // A year is never longer than 366 days, so the estimate is at most a little low.
    let mut year = 1970 + days / 366;
    while days_from_civil(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut left = days - days_from_civil(year, 1, 1);
    let mut month = 1;
    while left >= days_in_month(year, month) {
        left -= days_in_month(year, month);
        month += 1;
    }
    (year, month, left + 1)
}
