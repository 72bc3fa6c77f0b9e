//! How providers write what they send: the search tries that first, and another style is evidence. The habits of each
//! provider stand in its file in countersign-core.

use countersign_core::internal::{HABITS, Habits, PRESETS, Preset};

/// The habits of a provider; the usual ones for a scheme of your own.
pub(crate) fn of(preset: Option<&Preset>) -> &'static Habits {
    let at = preset.and_then(|preset| PRESETS.iter().position(|known| known.name == preset.name));
    at.and_then(|at| HABITS.get(at)).copied().unwrap_or(&Habits::UNKNOWN)
}

/// How signing secrets begin, each beginning once.
pub(crate) fn secret_prefixes() -> impl Iterator<Item = &'static str> {
    let own = HABITS.iter().enumerate().filter_map(|(at, habits)| {
        let known = HABITS.iter().take(at).any(|before| before.secret_prefix == habits.secret_prefix);
        (!known && !habits.secret_prefix.is_empty()).then_some(habits.secret_prefix)
    });
    core::iter::once("whsec_").chain(own)
}

/// Orders in which many programs write the keys of an event and of its items.
pub(crate) const USUAL_ORDER: &str = "event_id id object api_version event type action status name first_name last_name email \
    title description amount currency customer user order_id order quantity price total \
    tax url created created_at createdAt updated_at updatedAt timestamp occurred_at items tags note livemode data \
    payload metadata|sku qty quantity price title";
