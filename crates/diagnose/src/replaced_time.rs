//! Contents with a timestamp that was replaced: the seconds around the times that are known.

use alloc::vec::Vec;

use countersign_core::{Delivery, Scheme, TimestampSource, UnixTime};

use crate::content::{Content, fill, other_times};
use crate::finding::Finding;
use crate::headers::said::{Said, Text};
use crate::headers::times::any_time;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// Contents with the seconds around the times that the headers, the body and the clock say, the nearest first.
pub(crate) fn near(
    scheme: &Scheme,
    said: &Said,
    delivery: &Delivery<'_>,
    body_times: &[UnixTime],
    now: UnixTime,
) -> Vec<Content> {
    let Some(source) = scheme.timestamp.as_ref().filter(|_| scheme.signs_timestamp()) else {
        return Vec::new();
    };
    let none = Text { text: Vec::new(), time: None, findings: Vec::new() };
    let id = said.ids.first().unwrap_or(&none);
    let mut centres: Vec<UnixTime> = said.timestamps.iter().filter_map(|text| text.time).collect();
    centres.extend(other_times(delivery).into_iter().filter_map(|text| text.time));
    centres.extend_from_slice(body_times);
    centres.push(now);
    let mut all = Vec::new();
    for second in around(&centres) {
        let time = UnixTime::from_secs(second);
        // Nothing says the milliseconds: only times without any are found.
        let text = source.format.write(time);
        let Some((before, after)) = fill(&scheme.signed, text.as_bytes(), &id.text) else { continue };
        let finding = finding(scheme, source, said, second);
        let findings = id.findings.iter().cloned().chain([finding]).collect();
        all.push(Content { before, after, time: Some(time), findings, first: false });
    }
    all
}

/// The seconds around these times, the nearest first, each once.
fn around(centres: &[UnixTime]) -> Vec<u64> {
    let mut seconds: Vec<u64> = Vec::new();
    for distance in 0..=FARTHEST {
        for (at, centre) in centres.iter().enumerate() {
            let before = centre.as_secs().checked_sub(distance).filter(|_| distance > 0);
            for second in [centre.as_secs().checked_add(distance), before].into_iter().flatten() {
                // A second that is nearer to another time, or as near to an earlier one of the list, is there already.
                let known = centres.iter().enumerate().any(|(other, centre)| {
                    let far = centre.as_secs().abs_diff(second);
                    far < distance || (far == distance && other < at)
                });
                if !known {
                    seconds.push(second);
                }
            }
        }
    }
    seconds
}

/// The mistake where this second was signed.
fn finding(scheme: &Scheme, source: &TimestampSource, said: &Said, second: u64) -> Finding {
    let Some(first) = said.timestamps.first() else {
        if !source.header.is_empty() {
            let evidence = facts! { "header": source.header.as_ref(), "signed_at": second };
            return Finding::new(CauseCode::HeaderMissing, evidence);
        }
        let header = scheme.signature.header.as_ref();
        let evidence = facts! { "header": header, "found": "no timestamp", "signed_at": second };
        return Finding::new(CauseCode::HeaderPrefix, evidence);
    };
    let received = first.time.map(UnixTime::as_secs);
    let evidence = facts! { "signed_at": second, "received": received };
    // A text that is no time at all does not belong to another delivery.
    let code = if received.is_none() { CauseCode::TimestampFormat } else { CauseCode::TimestampReplaced };
    Finding::new(code, evidence)
}

/// So many seconds around each known time are tried.
const FARTHEST: u64 = 600;

/// The first times among these texts that a delivery of our days can have.
pub(crate) fn times_in(fields: impl Iterator<Item = Vec<u8>>) -> Vec<UnixTime> {
    let plausible = |time: &UnixTime| (1_000_000_000..10_000_000_000).contains(&time.as_secs());
    fields.filter_map(|text| any_time(&text).map(|(time, _)| time)).filter(plausible).take(4).collect()
}
