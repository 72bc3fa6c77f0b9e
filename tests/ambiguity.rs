//! Signed content is unambiguous: of every short template that is taken, no two deliveries have the same content, by trying all of
//! many short ones.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashMap;
use std::time::Duration;

use countersign::{Delivery, Scheme, SignOptions, TimestampFormat, Tolerance, UnixTime, Webhook};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);
const SECRET: &str = "a-secret";
/// Placeholders, and texts that could be a part of what they stand for.
const PIECES: [&str; 5] = ["{timestamp}", "{id}", "{body}", ".", "0"];

/// Every text of at most so many of these characters.
fn texts(of: &[&str], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|text| of.iter().map(move |one| format!("{text}{one}"))).collect();
        all.extend(last.clone());
    }
    all
}

/// A time, an id and a body.
type Parts = (String, String, String);

/// Deliveries that could be mistaken for one another: parts of each piece stand at the edge of others.
fn deliveries(times: &[&str]) -> Vec<Parts> {
    let mut bodies = texts(&["0", ".", "a"], 2);
    bodies.extend(times.iter().flat_map(|time| [time.to_string(), format!(".{time}"), format!("{time}.")]));
    let mut ids = texts(&["0", ".", "a"], 2);
    ids.push(format!("a{}", times[0]));
    let mut all = Vec::new();
    for time in times {
        for id in &ids {
            all.extend(bodies.iter().map(|body| (time.to_string(), id.clone(), body.clone())));
        }
    }
    all
}

fn content(scheme: &Scheme, (time, id, body): &Parts) -> String {
    let template = match &scheme.signed_if_empty {
        Some(template) if body.is_empty() => template,
        _ => &scheme.signed,
    };
    // The body last, since it could look like a placeholder.
    template.replace("{timestamp}", time).replace("{id}", id).replace("{body}", body)
}

/// Whether the webhook takes these parts under the signature of this content.
fn takes(webhook: &Webhook, (time, id, body): &Parts, content: &str) -> bool {
    let plain = Scheme::hmac_sha256("X-S").webhook(SECRET).unwrap();
    let mut headers = plain.sign(content, &SignOptions::at(NOW)).unwrap();
    headers.push(("X-T".into(), time.clone()));
    headers.push(("X-I".into(), id.clone()));
    webhook.verify(&Delivery::new(&headers, body), NOW).is_ok()
}

/// Two deliveries with one content, if there are any.
fn ambiguous(scheme: &Scheme, deliveries: &[Parts]) -> Option<(Parts, Parts)> {
    let webhook = scheme.clone().webhook(SECRET).unwrap();
    let mut by_content: HashMap<String, Vec<&Parts>> = HashMap::new();
    for parts in deliveries {
        by_content.entry(content(scheme, parts)).or_default().push(parts);
    }
    by_content.iter().find_map(|(content, all)| {
        // What the content does not hold is not told apart by it.
        let signed = |(time, id, body): &Parts| {
            let time = if scheme.signs_timestamp() { time.as_str() } else { "" };
            (time.to_string(), if scheme.signs_id() { id.clone() } else { String::new() }, body.clone())
        };
        let mut taken = all.iter().filter(|parts| takes(&webhook, parts, content));
        let first = taken.next()?;
        taken.find(|parts| signed(parts) != signed(first)).map(|other| ((*first).clone(), (**other).clone()))
    })
}

fn scheme(template: &str, format: TimestampFormat, tolerance: Tolerance) -> Scheme {
    let template = template.to_string();
    Scheme::hmac_sha256("X-S").timestamp("X-T").timestamp_format(format).id("X-I").signed(template).tolerance(tolerance)
}

/// Every template of at most four pieces that has one body.
fn templates() -> impl Iterator<Item = String> {
    texts(&PIECES, 4).into_iter().filter(|template| template.matches("{body}").count() == 1)
}

const UNIX: [&str; 5] = ["1767225600", "176722560", "17672256000", "01767225600", "0"];
const ISO: [&str; 4] =
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0Z", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00.0+00:00"];

#[test]
fn no_two_deliveries_have_the_same_content() {
    let both = Tolerance::DEFAULT;
    let (past, neither) = (Tolerance::new(Some(Duration::from_secs(300)), None), Tolerance::new(None, None));
    let (mut taken, mut refused, mut right) = (0, 0, 0);
    for (format, times, tolerance) in [
        (TimestampFormat::UnixSeconds, &UNIX[..], both),
        (TimestampFormat::UnixSeconds, &UNIX[..], past),
        (TimestampFormat::UnixSeconds, &UNIX[..], neither),
        (TimestampFormat::Iso8601, &ISO[..], neither),
    ] {
        let deliveries = deliveries(times);
        for template in templates() {
            let scheme = scheme(&template, format, tolerance);
            if scheme.check().is_ok() {
                taken += 1;
                assert_eq!(ambiguous(&scheme, &deliveries), None, "{template} {format:?} {tolerance:?}");
            } else {
                refused += 1;
                right += usize::from(ambiguous(&scheme.adjacent("to see what would happen"), &deliveries).is_some());
            }
        }
    }
    assert!(taken > 200, "{taken} taken, {refused} refused");
    // Some are refused although these short deliveries show no harm, but that is not the rule.
    assert!(right * 2 > refused, "{right} of {refused} refusals were needed");
}

#[test]
fn no_body_stands_for_an_empty_one() {
    let deliveries = deliveries(&UNIX);
    let (mut taken, mut needed) = (0, 0);
    for template in texts(&PIECES, 3).into_iter().filter(|template| template.matches("{body}").count() == 1) {
        for empty in texts(&["{timestamp}", "{id}", ".", "0"], 3) {
            let scheme =
                scheme(&template, TimestampFormat::UnixSeconds, Tolerance::DEFAULT).signed_if_empty(empty.clone());
            match scheme.check() {
                Ok(()) => {
                    taken += 1;
                    assert_eq!(ambiguous(&scheme, &deliveries), None, "{template} or {empty}");
                }
                Err(error) if error.sentence().starts_with("signedIfEmpty must be signed without") => needed += 1,
                Err(_) => {}
            }
        }
    }
    assert!(taken > 50 && needed > 50, "{taken} taken, {needed} refused");
}
