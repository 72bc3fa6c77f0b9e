//! What a delivery without its signature header shows instead: why nothing is signed, or who sent it.
//!
//! Nothing is verified here, and nothing is accepted: this only chooses the sentence of a refusal.

use crate::delivery::Delivery;
use crate::detect;
use crate::error::{Clue, Lead};
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

/// The body as what a service wraps events in that it does not sign, by the names of its fields: a parser would make the
/// module for JavaScript a quarter larger, for a sentence.
fn envelope(body: &[u8]) -> Option<Clue> {
    let text = core::str::from_utf8(body).ok().filter(|text| text.len() <= LONGEST)?;
    let has = |fields: &[&str]| fields.iter().all(|field| text.contains(field));
    match text.trim_ascii_start().as_bytes().first()? {
        b'{' if has(&["\"detail-type\"", "\"detail\"", "\"source\""]) => Some(Clue::EventBridge),
        b'{' if has(&["\"specversion\"", "\"type\"", "\"source\"", "\"id\""]) => Some(Clue::CloudEvent),
        b'[' if has(&["\"eventType\"", "\"subject\"", "\"eventTime\"", "\"id\""]) => Some(Clue::EventGrid),
        _ => None,
    }
}
