//! What else a sender may have signed: other timestamps, ids and templates around the body.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{Piece, pieces, uses};
use countersign_core::{Delivery, Scheme, TimestampFormat, UnixTime};

use crate::facts::facts;
use crate::headers::{self, Text, Values};
use crate::report::{CauseCode, Finding};

/// The bytes around a body, and how they came about.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
    /// Whether this is what the headers say; the others are tried after those.
    pub(crate) first: bool,
}

/// What the headers say, as far as they do.
pub(crate) struct Said {
    pub(crate) timestamps: Vec<Text>,
    pub(crate) ids: Vec<Text>,
}

impl Said {
    pub(crate) fn read(scheme: &Scheme, delivery: &Delivery<'_>, signatures: &Values<'_>) -> Self {
        Self { timestamps: headers::timestamps(scheme, delivery, signatures), ids: headers::ids(scheme, delivery) }
    }
}

fn fill(template: &str, timestamp: &[u8], id: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut body = false;
    for piece in pieces(template) {
        let side = if body { &mut after } else { &mut before };
        match piece {
            Piece::Literal(text) => side.extend_from_slice(text.as_bytes()),
            Piece::Timestamp => side.extend_from_slice(timestamp),
            Piece::Id => side.extend_from_slice(id),
            Piece::Body => body = true,
        }
    }
    body.then_some((before, after))
}

/// Other contents than the scheme's, the frequent ones first.
const TEMPLATES: &[&str] = &[
    "{body}",
    "{timestamp}.{body}",
    "{id}.{timestamp}.{body}",
    "{timestamp}{body}",
    "{timestamp}:{body}",
    "{id}.{body}",
    ".{timestamp}.{body}",
    "{id}..{body}",
    "{timestamp}.{id}.{body}",
    "v0:{timestamp}:{body}",
    "v1:{timestamp}:{body}",
    "v1.{timestamp}.{body}",
    "t={timestamp}.{body}",
    "{timestamp},{body}",
    "{timestamp}\n{body}",
    "{timestamp}|{body}",
    "{timestamp} {body}",
    "{timestamp}-{body}",
    "{body}.{timestamp}",
    "{body}{timestamp}",
    "{body}:{timestamp}",
    "{id}{timestamp}{body}",
    "{id}:{timestamp}:{body}",
    "{id}{body}",
    "{id}:{body}",
    "{id}.{body}.{timestamp}",
    "{timestamp}.{body}.{id}",
];

/// Every content to try. `dialects` are the sender's own other schemes, to be called by their names.
pub(crate) fn candidates(
    scheme: &Scheme,
    said: &Said,
    delivery: &Delivery<'_>,
    dialects: &[(&str, Scheme)],
) -> Vec<Content> {
    let none = Text { text: Vec::new(), time: None, findings: Vec::new() };
    let or_none = |texts: &[Text], findings: &[Finding]| match texts {
        [] => alloc::vec![Text { findings: findings.to_vec(), ..none.clone() }],
        texts => texts.to_vec(),
    };
    let missing = |header: &str| [Finding::new(CauseCode::HeaderMissing, facts! { "header": header })];
    let no_field = || {
        [Finding::new(
            CauseCode::HeaderPrefix,
            facts! { "header": scheme.signature.header.as_ref(), "found": "no timestamp" },
        )]
    };
    let (mut timestamps, mut ids) = (or_none(&said.timestamps, &[]), or_none(&said.ids, &[]));
    if let Some(source) = scheme.timestamp.as_ref().filter(|_| said.timestamps.is_empty() && scheme.signs_timestamp()) {
        let findings = if source.header.is_empty() { no_field() } else { missing(&source.header) };
        timestamps = or_none(&other_times(delivery), &findings);
        for text in &mut timestamps {
            text.findings = findings.to_vec();
        }
    }
    if let Some(source) = scheme.id.as_ref().filter(|_| said.ids.is_empty() && scheme.signs_id()) {
        ids = or_none(&[], &missing(&source.header));
    }

    let mut all: Vec<Content> = Vec::new();
    let mut add = |template: &str, timestamp: &Text, id: &Text, more: Option<Finding>, first: bool| {
        let Some((before, after)) = fill(template, &timestamp.text, &id.text) else { return };
        if all.iter().any(|known| known.before == before && known.after == after) {
            return;
        }
        let findings = timestamp.findings.iter().chain(&id.findings).cloned().chain(more).collect();
        all.push(Content { before, after, time: timestamp.time, findings, first });
    };
    let is_empty = delivery.body().is_empty();
    let own = scheme.signed_if_empty.as_deref().filter(|_| is_empty).unwrap_or(&scheme.signed);
    for (at, timestamp) in timestamps.iter().enumerate() {
        for (position, id) in ids.iter().enumerate() {
            add(own, timestamp, id, None, at == 0 && position == 0);
        }
    }
    // Where the body is now empty and was not, or the other way round.
    if scheme.signed_if_empty.is_some() {
        for timestamp in &timestamps {
            for id in &ids {
                add(&scheme.signed, timestamp, id, None, false);
            }
        }
    }
    let others = if said.timestamps.is_empty() { other_times(delivery) } else { Vec::new() };
    let other_ids = if said.ids.is_empty() { other_ids(delivery) } else { Vec::new() };
    for template in TEMPLATES {
        let dialect = dialects.iter().find(|(_, dialect)| dialect.signed == *template).map(|(name, _)| *name);
        let mut evidence = facts! { "signed": *template, "scheme": own };
        if let Some(name) = dialect {
            evidence.insert("dialect", name.into());
        }
        let (needs_time, needs_id) = (uses(template, Piece::Timestamp) > 0, uses(template, Piece::Id) > 0);
        let times: Vec<&Text> = match needs_time {
            false => alloc::vec![&none],
            true => said.timestamps.iter().chain(&others).take(MOST_OTHERS).collect(),
        };
        let names: Vec<&Text> = match needs_id {
            false => alloc::vec![&none],
            true => said.ids.iter().chain(&other_ids).take(MOST_OTHERS).collect(),
        };
        for timestamp in &times {
            for id in &names {
                add(template, timestamp, id, Some(Finding::new(CauseCode::SignedContent, evidence.clone())), false);
            }
        }
    }
    all
}

const MOST_OTHERS: usize = 4;

/// Times in headers that the scheme does not read.
fn other_times(delivery: &Delivery<'_>) -> Vec<Text> {
    let named = delivery.pairs().filter(|(name, _)| contains(name, b"timestamp") || contains(name, b"date"));
    let texts = named.filter_map(|(_, value)| {
        let (time, form) = headers::any_time(value)?;
        let text = match form {
            "an HTTP date" => TimestampFormat::UnixSeconds.write(time).into_bytes(),
            _ => value.to_vec(),
        };
        Some(Text { text, time: Some(time), findings: Vec::new() })
    });
    texts.collect()
}

/// Ids in headers that the scheme does not read.
fn other_ids(delivery: &Delivery<'_>) -> Vec<Text> {
    let words: [&[u8]; 6] = [b"webhook", b"delivery", b"event", b"message", b"svix", b"hook"];
    let named = delivery.pairs().filter(|(name, value)| {
        (contains(name, b"id") || contains(name, b"delivery"))
            && words.iter().any(|word| contains(name, word))
            && !contains(name, b"signature")
            && value.len() <= 128
    });
    named.map(|(_, value)| Text { text: value.to_vec(), time: None, findings: Vec::new() }).collect()
}

/// Whether a word is in it, in any letter case.
#[inline(never)]
pub(crate) fn contains(name: &[u8], word: &[u8]) -> bool {
    name.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

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
    fields.filter_map(|text| headers::any_time(&text).map(|(time, _)| time)).filter(plausible).take(4).collect()
}

/// The text that a template shows with its placeholders, for people.
pub(crate) fn template_of(scheme: &Scheme, is_empty: bool) -> String {
    scheme.signed_if_empty.as_deref().filter(|_| is_empty).unwrap_or(&scheme.signed).into()
}

/// Where a timestamp reads in another format as a time that is fresh, that is its format.
pub(crate) fn other_format(
    format: TimestampFormat,
    text: &[u8],
    fresh: impl Fn(UnixTime) -> bool,
) -> Option<&'static str> {
    [TimestampFormat::UnixSeconds, TimestampFormat::UnixMillis, TimestampFormat::Iso8601]
        .into_iter()
        .filter(|other| *other != format)
        .find(|other| other.parse(text).is_some_and(&fresh))
        .map(headers::format_name)
}
