//! The `Retry-After` header: a number of seconds, or a date.

use countersign_core::UnixTime;

use super::http_date::http_date;

/// How long the receiver asks to wait, from now; `None` if it does not say so in one of the two forms.
pub(super) fn seconds(text: &str, now: UnixTime) -> Option<u64> {
    let text = text.trim_matches([' ', '\t']);
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // Only overflow can fail here, and it means "very long".
        return Some(text.parse().unwrap_or(u64::MAX));
    }
    http_date(text, now).map(|date| date.since(now).as_secs())
}
