//! What a delivery without its signature header shows instead: why nothing is signed, or who sent it.
//!
//! Nothing is verified here, and nothing is accepted: this only chooses the sentence of a refusal.

use serde_json::Value;

use crate::delivery::Delivery;
use crate::detect;
use crate::error::{Clue, Lead};
use crate::json;
use crate::provider::{About, Signs};
use crate::providers::PRESETS;

/// Larger bodies are not read for a sentence. Services that deliver events without a signature have lower limits.
const LONGEST: usize = 256 * 1024;

/// What is said where the signature header is missing: the most that the delivery shows.
pub(crate) fn unsigned(delivery: &Delivery<'_>, about: Option<&About>) -> Lead {
    if delivery.pairs().next().is_none() {
        return Lead::Clue(Clue::NoHeaders, "");
    }
    if let Some(preset) = detect::position(delivery).and_then(|at| PRESETS.get(at)) {
        return Lead::Clue(Clue::OtherProvider, preset.name);
    }
    let instead = about.and_then(|about| {
        about
            .instead
            .iter()
            .find(|(header, beginning, _)| delivery.values(header).any(|value| value.starts_with(beginning.as_bytes())))
    });
    if let Some((_, _, sentence)) = instead {
        return Lead::Own(sentence);
    }
    if let Some(clue) = envelope(delivery.body()) {
        return Lead::Clue(clue, "");
    }
    match about {
        Some(about) if about.signs == Signs::IfConfigured => Lead::Clue(Clue::SignsIfConfigured, about.title),
        _ => Lead::Clue(Clue::Unsigned, ""),
    }
}

/// The body as what a service wraps events in that it does not sign.
fn envelope(body: &[u8]) -> Option<Clue> {
    // Nearly every body is none, and must not cost a forger's refusal a parser.
    let text = core::str::from_utf8(body).ok().filter(|text| text.len() <= LONGEST)?;
    if !["detail-type", "specversion", "eventType"].into_iter().any(|field| text.contains(field)) {
        return None;
    }
    let body = json::parse(body).ok()?;
    let has =
        |value: &Value, fields: &[&str]| fields.iter().all(|field| value.get(field).is_some_and(Value::is_string));
    if has(&body, &["detail-type", "source"]) && body.get("detail").is_some() {
        return Some(Clue::EventBridge);
    }
    if has(&body, &["specversion", "type", "source", "id"]) {
        return Some(Clue::CloudEvent);
    }
    let first = body.as_array()?.first()?;
    has(first, &["eventType", "subject", "eventTime", "id"]).then_some(Clue::EventGrid)
}
