//! What else a provider may have signed: other timestamps, ids and templates around the body.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{Piece, pieces, uses};
use countersign_core::{Delivery, Scheme, TimestampFormat, UnixTime};

use crate::decode::contains;
use crate::finding::Finding;
use crate::headers::said::{Said, Text};
use crate::headers::times::any_time;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// The bytes around a body, and the mistakes after which they were signed.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
    /// Whether this is what the scheme and the headers say. Other contents are tried later.
    pub(crate) first: bool,
}

/// The bytes before and after the body in a template.
pub(crate) fn fill(template: &str, timestamp: &[u8], id: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
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

/// What schemes sign, the most frequent first.
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

/// Every content to try. `dialects` are the provider's own ways of signing, so that a content is called by its dialect.
pub(crate) fn candidates(
    scheme: &Scheme,
    said: &Said,
    delivery: &Delivery<'_>,
    dialects: &[(&str, Scheme)],
) -> Vec<Content> {
    let is_empty = delivery.body().is_empty();
    let own = scheme.signed_if_empty.as_deref().filter(|_| is_empty).unwrap_or(&scheme.signed);
    let mut list = List(Vec::new());
    list.of_scheme(scheme, own, said, delivery);
    list.of_templates(own, said, delivery, dialects);
    list.0
}

/// What stands in place of a time or an id that nothing says.
const fn nothing() -> Text {
    Text { text: Vec::new(), time: None, findings: Vec::new() }
}

/// The contents so far, each once.
struct List(Vec<Content>);

impl List {
    fn add(&mut self, template: &str, timestamp: &Text, id: &Text, more: Option<Finding>, first: bool) {
        let Some((before, after)) = fill(template, &timestamp.text, &id.text) else { return };
        if self.0.iter().all(|known| known.before != before || known.after != after) {
            let findings = timestamp.findings.iter().chain(&id.findings).cloned().chain(more).collect();
            self.0.push(Content { before, after, time: timestamp.time, findings, first });
        }
    }

    /// What the scheme signs, with every time and id that the headers may mean.
    fn of_scheme(&mut self, scheme: &Scheme, own: &str, said: &Said, delivery: &Delivery<'_>) {
        let (timestamps, ids) = (timestamps(scheme, said, delivery), ids(scheme, said));
        for (at, timestamp) in timestamps.iter().enumerate() {
            for (position, id) in ids.iter().enumerate() {
                self.add(own, timestamp, id, None, at == 0 && position == 0);
            }
        }
        // The body that is empty now may have been full when it was signed, or the other way round.
        if scheme.signed_if_empty.is_some() {
            for timestamp in &timestamps {
                for id in &ids {
                    self.add(&scheme.signed, timestamp, id, None, false);
                }
            }
        }
    }

    /// What other schemes sign.
    fn of_templates(&mut self, own: &str, said: &Said, delivery: &Delivery<'_>, dialects: &[(&str, Scheme)]) {
        let none = nothing();
        let other_times = if said.timestamps.is_empty() { other_times(delivery) } else { Vec::new() };
        let other_ids = if said.ids.is_empty() { other_ids(delivery) } else { Vec::new() };
        for template in TEMPLATES {
            let mut evidence = facts! { "signed": *template, "scheme": own };
            if let Some((name, _)) = dialects.iter().find(|(_, dialect)| dialect.signed == *template) {
                evidence.insert("dialect", (*name).into());
            }
            let times: Vec<&Text> = match uses(template, Piece::Timestamp) {
                0 => alloc::vec![&none],
                _ => said.timestamps.iter().chain(&other_times).take(MOST_OTHERS).collect(),
            };
            let ids: Vec<&Text> = match uses(template, Piece::Id) {
                0 => alloc::vec![&none],
                _ => said.ids.iter().chain(&other_ids).take(MOST_OTHERS).collect(),
            };
            for timestamp in &times {
                for id in &ids {
                    let finding = Finding::new(CauseCode::SignedContent, evidence.clone());
                    self.add(template, timestamp, id, Some(finding), false);
                }
            }
        }
    }
}

/// So many times and so many ids are tried with each template.
const MOST_OTHERS: usize = 4;

/// What the timestamp may have been. Where the scheme signs one and none is there, other headers may have it.
fn timestamps(scheme: &Scheme, said: &Said, delivery: &Delivery<'_>) -> Vec<Text> {
    if !said.timestamps.is_empty() {
        return said.timestamps.clone();
    }
    let Some(source) = scheme.timestamp.as_ref().filter(|_| scheme.signs_timestamp()) else {
        return alloc::vec![nothing()];
    };
    let finding = if source.header.is_empty() {
        let header = scheme.signature.header.as_ref();
        Finding::new(CauseCode::HeaderPrefix, facts! { "header": header, "found": "no timestamp" })
    } else {
        missing(&source.header)
    };
    let mut texts = other_times(delivery);
    if texts.is_empty() {
        texts.push(nothing());
    }
    for text in &mut texts {
        text.findings = alloc::vec![finding.clone()];
    }
    texts
}

/// What the id may have been.
fn ids(scheme: &Scheme, said: &Said) -> Vec<Text> {
    if !said.ids.is_empty() {
        return said.ids.clone();
    }
    let source = scheme.id.as_ref().filter(|_| scheme.signs_id());
    let findings = source.map(|source| missing(&source.header)).into_iter().collect();
    alloc::vec![Text { findings, ..nothing() }]
}

fn missing(header: &str) -> Finding {
    Finding::new(CauseCode::HeaderMissing, facts! { "header": header })
}

/// Times in headers that the scheme does not read.
pub(crate) fn other_times(delivery: &Delivery<'_>) -> Vec<Text> {
    let named = delivery.pairs().filter(|(name, _)| contains(name, b"timestamp") || contains(name, b"date"));
    let texts = named.filter_map(|(_, value)| {
        let (time, form) = any_time(value)?;
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

/// The template that counts for this body, for people.
pub(crate) fn template_of(scheme: &Scheme, is_empty: bool) -> String {
    scheme.signed_if_empty.as_deref().filter(|_| is_empty).unwrap_or(&scheme.signed).into()
}
