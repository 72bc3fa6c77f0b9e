//! Contents with a timestamp that was replaced: the seconds around the times that are known.

use alloc::vec::Vec;

use countersign_core::{Delivery, Scheme, UnixTime};

use crate::content::{Content, fill, other_times};
use crate::finding::Finding;
use crate::headers::said::{Said, Text};
use crate::headers::times::any_time;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// Contents with a timestamp near those that are known, for a delivery whose timestamp was replaced. The nearest first.
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
    let mut ids: Vec<&Text> = said.ids.iter().take(1).collect();
    if ids.is_empty() {
        ids.push(&none);
    }
    let mut centres: Vec<UnixTime> = said.timestamps.iter().filter_map(|text| text.time).collect();
    centres.extend(other_times(delivery).into_iter().filter_map(|text| text.time));
    centres.extend_from_slice(body_times);
    centres.push(now);
    let mut seconds: Vec<u64> = Vec::new();
    for distance in 0..=FARTHEST {
        for (at, centre) in centres.iter().enumerate() {
            let before = centre.as_secs().checked_sub(distance).filter(|_| distance > 0);
            for second in [centre.as_secs().checked_add(distance), before].into_iter().flatten() {
                // Nearer to another of them, or as near to one before it: that one's turn came first.
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
    let missing = said.timestamps.is_empty();
    let mut all = Vec::new();
    for second in seconds {
        let time = UnixTime::from_secs(second);
        // Milliseconds are lost: only a sender that writes none of them is found.
        let text = source.format.write(time);
        for id in &ids {
            let Some((before, after)) = fill(&scheme.signed, text.as_bytes(), &id.text) else { continue };
            let finding = if missing && source.header.is_empty() {
                let evidence =
                    facts! { "header": scheme.signature.header.as_ref(), "found": "no timestamp", "signed_at": second };
                Finding::new(CauseCode::HeaderPrefix, evidence)
            } else if missing {
                Finding::new(CauseCode::HeaderMissing, facts! { "header": source.header.as_ref(), "signed_at": second })
            } else {
                let received = said.timestamps.first().and_then(|text| text.time).map(UnixTime::as_secs);
                let evidence = facts! { "signed_at": second, "received": received };
                // What reads as no time at all was not another delivery's.
                let code = if received.is_none() { CauseCode::TimestampFormat } else { CauseCode::TimestampReplaced };
                Finding::new(code, evidence)
            };
            let findings = id.findings.iter().cloned().chain([finding]).collect();
            all.push(Content { before, after, time: Some(time), findings, first: false });
        }
    }
    all
}

/// So many seconds around each known time are tried.
const FARTHEST: u64 = 600;

/// Times that the body says, as far as they are at its top.
pub(crate) fn times_in(fields: impl Iterator<Item = Vec<u8>>) -> Vec<UnixTime> {
    let plausible = |time: &UnixTime| (1_000_000_000..10_000_000_000).contains(&time.as_secs());
    fields.filter_map(|text| any_time(&text).map(|(time, _)| time)).filter(plausible).take(4).collect()
}
