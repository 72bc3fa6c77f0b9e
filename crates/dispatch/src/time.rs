//! Times as stores count them: milliseconds in an i64.

use core::time::Duration;

use countersign_core::UnixTime;

pub(crate) fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub(crate) fn unix_ms(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs().saturating_mul(1000)).unwrap_or(i64::MAX)
}
