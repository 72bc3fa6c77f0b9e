//! PlanDocket: HMAC-SHA256 over `timestamp.body` in `X-Webhook-Signature: v1=…`.

use core::time::Duration;

use serde_json::Value;

use crate::envelope::{object, payload};
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
use crate::scheme::Scheme;
use crate::shape::{Is, Part, Shape};

/// How the provider signs. Facts: <https://docs.plandocket.com/en/guides/webhooks-setup.html>.
pub(crate) static PRESET: Preset = Preset {
    name: "plandocket",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("X-Webhook-Signature")
                .prefix("v1=")
                .separator(", ")
                .timestamp("X-Webhook-Timestamp")
                .signed("{timestamp}.{body}")
        },
    }],
    wrong_kinds: &[],
    retry_horizon: Duration::from_secs(7 * 86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "PlanDocket",
    docs: "https://docs.plandocket.com/en/guides/webhooks-setup.html",
    signs: Signs::Always,
    instead: &[],
    covers: "X-Webhook-Timestamp and the body",
    not_covered: "all other headers",
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
    shapes: &[
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: &["id", "event_id"] },
        Shape { requires: &[], event_type: &[Part::Field("type")], id: &["id", "event_id"] },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    retries: None,
    events: EVENTS,
};

/// In which order it writes the keys of an event.
pub(crate) static HABITS: Habits = Habits {
    key_order: "event type id created_at data",
    hints: &["Plandocket's API gives a secret only where it creates a webhook, or shows a single one."],
    ..Habits::UNKNOWN
};

object! {
    /// A body. The provider documents its event types but not the object around them, so any of these may be there, as
    /// anything.
    Envelope {
        optional {
            /// The event type.
            event: Value,
            /// The event type, in the other place where providers put it.
            r#type: Value,
            /// The event's id, text or number.
            id: Value,
            /// When it happened.
            created_at: Value,
            /// What happened.
            data: Value,
        }
    }
}

payload! {
    /// The typed payload, with the event types of <https://docs.plandocket.com/en/admin-guide/webhooks.html>.
    {
        Application(Envelope) = "application.approved" | "application.rejected";
        Contact(Envelope) = "contact.created" | "contact.updated";
        Participant(Envelope) = "participant.added" | "participant.removed" | "participant.confirmed";
        Invoice(Envelope) = "invoice.created" | "invoice.paid" | "invoice.cancelled";
        Booth(Envelope) = "booth.assigned" | "booth.unassigned";
        ServiceOrder(Envelope) = "service_order.confirmed" | "service_order.completed";
    } other Envelope
}
