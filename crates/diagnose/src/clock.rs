//! The clock: how far it is off, and which time it would have to show.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::{Delivery, Scheme, TimestampFormat, Tolerance, UnixTime};

use crate::finding::Finding;
use crate::headers::times::{format_name, other_format};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

pub(crate) fn is_fresh(tolerance: Tolerance, signed: UnixTime, now: UnixTime) -> bool {
    tolerance.past.is_none_or(|limit| now.since(signed) <= limit)
        && tolerance.future.is_none_or(|limit| signed.since(now) <= limit)
}

/// The mistake in the time of an authentic delivery; `None` where the delivery is fresh.
pub(crate) fn finding(scheme: &Scheme, delivery: &Delivery<'_>, signed: UnixTime, now: UnixTime) -> Option<Finding> {
    if is_fresh(scheme.tolerance, signed, now) {
        return None;
    }
    // A time in another unit is off by decades; no clock is.
    let format = scheme.timestamp.as_ref().map_or(TimestampFormat::UnixSeconds, |source| source.format);
    let fresh = |time| is_fresh(scheme.tolerance, time, now);
    if let Some(other) = received(scheme, delivery).iter().find_map(|text| other_format(format, text, fresh)) {
        let evidence = facts! { "found": other, "expected": format_name(format), "signed": "as received" };
        return Some(Finding::new(CauseCode::TimestampFormat, evidence));
    }
    let (direction, skew) = match signed > now {
        true => ("future", signed.since(now).as_secs()),
        false => ("past", now.since(signed).as_secs()),
    };
    let write = |time| TimestampFormat::Iso8601.write(time);
    let from = scheme.tolerance.future.map(|limit| signed.as_secs().saturating_sub(limit.as_secs()));
    let to = scheme.tolerance.past.map(|limit| signed.plus(limit));
    let mut evidence = facts! {
        "direction": direction, "skew_seconds": skew, "signed_at": write(signed), "now": write(now),
        "clock_from": from.map(|from| write(UnixTime::from_secs(from))), "clock_to": to.map(write),
    };
    let limit = if direction == "past" { scheme.tolerance.past } else { scheme.tolerance.future };
    let limit = limit.map(|limit| limit.as_secs());
    evidence.insert("allowed_seconds", limit.into());
    if now.as_secs() / 1000 > signed.as_secs() / 2 && fresh(UnixTime::from_secs(now.as_secs() / 1000)) {
        evidence.insert("hint", "now is in milliseconds".into());
    } else if let Some(hours) = whole_hours(skew, limit.unwrap_or(300).min(300)) {
        evidence.insert("whole_hours", hours.into());
        evidence.insert("hint", "off by whole hours: a local time may have been taken for UTC".into());
    }
    Some(Finding::new(CauseCode::ClockSkew, evidence))
}

/// The skew in hours, where it is the whole hours of a time zone and a few seconds of transport.
fn whole_hours(skew: u64, slack: u64) -> Option<u64> {
    let hours = (skew + slack / 2) / 3600;
    (hours > 0 && hours <= 14 && skew.abs_diff(hours * 3600) <= slack / 2).then_some(hours)
}

fn received(scheme: &Scheme, delivery: &Delivery<'_>) -> Vec<Vec<u8>> {
    let Some(source) = &scheme.timestamp else {
        return Vec::new();
    };
    if !source.header.is_empty() {
        return delivery.values(&source.header).map(Vec::from).collect();
    }
    let field = String::from(source.field.as_ref()) + "=";
    let items = delivery.values(&scheme.signature.header).flat_map(|value| value.split(|b| b",; ".contains(b)));
    items.filter_map(|item| item.strip_prefix(field.as_bytes())).map(Vec::from).collect()
}
