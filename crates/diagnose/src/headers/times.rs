//! Times in every form that programs write.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::push_number;
use countersign_core::{TimestampFormat, UnixTime};

pub(crate) fn format_name(format: TimestampFormat) -> &'static str {
    match format {
        TimestampFormat::UnixSeconds => "seconds",
        TimestampFormat::UnixMillis => "milliseconds",
        TimestampFormat::Iso8601 => "ISO 8601",
        _ => "another format",
    }
}

/// Whether it is a number in groups of three digits: `1,767,225,600`.
pub(crate) fn is_grouped(value: &[u8]) -> bool {
    let mut groups = value.split(|b| *b == b',');
    groups.next().is_some_and(|first| (1..4).contains(&first.len())) && groups.all(|group| group.len() == 3)
}

/// The time that a text in any form means, and the name of that form.
pub(crate) fn any_time(text: &[u8]) -> Option<(UnixTime, &'static str)> {
    if text.contains(&b',') && is_grouped(text) {
        let digits: Vec<u8> = text.iter().copied().filter(|b| *b != b',').collect();
        return any_time(&digits).map(|(time, _)| (time, "a number with commas"));
    }
    let bare = core::str::from_utf8(text).ok()?.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let around = bare.len() < text.len();
    let bare = bare.strip_prefix('+').unwrap_or(bare);
    let whole = bare.split(['.', ',']).next().unwrap_or_default();
    let fraction = bare.get(whole.len()..).unwrap_or_default();
    if !whole.is_empty() && whole.len() < 20 && whole.bytes().all(|b| b.is_ascii_digit()) {
        if fraction.bytes().skip(1).any(|b| !b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = whole.parse().ok()?;
        let significant = whole.trim_start_matches('0').len();
        let (divisor, name) = match significant {
            ..=11 => (1, "seconds"),
            12..=14 => (1000, "milliseconds"),
            15..=17 => (1_000_000, "microseconds"),
            _ => (1_000_000_000, "nanoseconds"),
        };
        let name = match (divisor, fraction.is_empty(), around) {
            (1, false, _) => "seconds with a fraction",
            (1, true, true) => "seconds with spaces or quotes around",
            (1, true, false) if bare.len() != significant || bare.len() != text.len() => {
                "seconds with a sign or zeros before"
            }
            _ => name,
        };
        return Some((UnixTime::from_secs(number / divisor), name));
    }
    let iso = |text: &str| TimestampFormat::Iso8601.parse(text.as_bytes());
    if let Some(time) = iso(bare) {
        return Some((time, "ISO 8601"));
    }
    if let Some(time) = iso(&[bare, "Z"].concat()) {
        return Some((time, "ISO 8601 without a zone"));
    }
    http_date(bare.as_bytes()).map(|time| (time, "an HTTP date"))
}

/// Reads `Thu, 01 Jan 2026 00:00:00 GMT`.
pub(crate) fn http_date(text: &[u8]) -> Option<UnixTime> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = core::str::from_utf8(text).ok()?.trim();
    let date = text.get(text.find(',')? + 2..)?;
    let mut words = date.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let two = |number: &str| [if number.len() < 2 { "0" } else { "" }, number].concat();
    let mut month_digits = String::new();
    push_number(&mut month_digits, month as u64, 2);
    TimestampFormat::Iso8601.parse([year, "-", &month_digits, "-", &two(day), "T", time, "Z"].concat().as_bytes())
}

/// The format in which the timestamp is a time that is fresh, where it is not this format.
pub(crate) fn other_format(
    format: TimestampFormat,
    text: &[u8],
    fresh: impl Fn(UnixTime) -> bool,
) -> Option<&'static str> {
    [TimestampFormat::UnixSeconds, TimestampFormat::UnixMillis, TimestampFormat::Iso8601]
        .into_iter()
        .filter(|other| *other != format)
        .find(|other| other.parse(text).is_some_and(&fresh))
        .map(format_name)
}
