//! Dates as HTTP writes them.

use countersign_core::UnixTime;
use countersign_core::internal::{LAST_SECOND_OF_9999, civil_from_days, days_from_civil, days_in_month, digits};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two older forms (RFC 9110, 5.6.7). The name
/// of the weekday is not checked. No crate reads it without `std`.
pub(super) fn http_date(text: &str, now: UnixTime) -> Option<UnixTime> {
    let mut words = text.split_ascii_whitespace().skip(1);
    let mut word = || words.next();
    let (day, month, year, time) = match text.split_once(' ')?.0 {
        // Sunday, 06-Nov-94 08:49:37 GMT
        weekday if weekday.len() > 4 => {
            let (date, time) = (word()?, word()?);
            let (day, rest) = date.split_once('-')?;
            let (month, year) = rest.split_once('-')?;
            (day, month, full_year(digits(year.as_bytes(), 2).filter(|_| year.len() == 2)?, now), time)
        }
        // Sun, 06 Nov 1994 08:49:37 GMT
        weekday if weekday.ends_with(',') => {
            let (day, month, year) = (word()?, word()?, word()?);
            (day, month, digits(year.as_bytes(), 4).filter(|_| year.len() == 4)?, word()?)
        }
        // Sun Nov  6 08:49:37 1994
        _ => {
            let (month, day, time, year) = (word()?, word()?, word()?, word()?);
            let year = digits(year.as_bytes(), 4).filter(|_| year.len() == 4)?;
            return word().is_none().then(|| at(year, month, day, time))?;
        }
    };
    (word() == Some("GMT") && word().is_none()).then(|| at(year, month, day, time))?
}

/// A year of two digits is never more than 50 years ahead.
fn full_year(two_digits: u64, now: UnixTime) -> u64 {
    let (this_year, ..) = civil_from_days(now.as_secs().min(LAST_SECOND_OF_9999) / 86_400);
    let latest = this_year + 50;
    latest - (latest + 100 - two_digits) % 100
}

fn at(year: u64, month: &str, day: &str, time: &str) -> Option<UnixTime> {
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = u64::try_from(month).ok()? + 1;
    let day = digits(day.as_bytes(), 2)?;
    let [h1, h2, b':', n1, n2, b':', s1, s2] = time.as_bytes() else { return None };
    let two = |a: &u8, b: &u8| digits(&[*a, *b], 2);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    if year < 1970 || day == 0 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59);
    Some(UnixTime::from_secs(seconds))
}
