//! Planasonix: HMAC-SHA256 over `timestamp.body` in `X-Planasonix-Signature: v1=…`, or Ed25519 over the same.

use core::time::Duration;

use serde_json::Value;

use crate::envelope::{object, payload};
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
use crate::scheme::{Encoding, Scheme, Tolerance};
use crate::shape::{Is, Part, Shape};

/// How the provider signs. Facts: <https://docs.planasonix.com/orchestration/webhook-hmac>.
pub(crate) static PRESET: Preset = Preset {
    name: "planasonix",
    dialects: &[
        Dialect {
            name: "default",
            auto: true,
            scheme: || {
                Scheme::hmac_sha256("X-Planasonix-Signature")
                    .prefix("v1=")
                    .separator(", ")
                    .timestamp("X-Planasonix-Timestamp")
                    .signed("{timestamp}.{body}")
                    .signed_if_empty("{timestamp}")
                    .tolerance(Tolerance::from_secs(300, 60))
            },
        },
        Dialect {
            name: "body-only",
            auto: false,
            scheme: || {
                Scheme::hmac_sha256("X-Planasonix-Signature")
                    .prefix("v1=")
                    .prefix_optional()
                    .separator(", ")
                    .timestamp("X-Planasonix-Timestamp")
                    .tolerance(Tolerance::from_secs(300, 60))
            },
        },
        Dialect {
            name: "ed25519",
            auto: false,
            scheme: || {
                Scheme::ed25519("X-Planasonix-Signature")
                    .prefix("v1=")
                    .prefix_optional()
                    .separator(", ")
                    .encoding(Encoding::HexOrBase64)
                    .timestamp("X-Planasonix-Timestamp")
                    .signed("{timestamp}.{body}")
                    .signed_if_empty("{timestamp}")
                    .tolerance(Tolerance::from_secs(300, 60))
            },
        },
    ],
    wrong_kinds: &[],
    retry_horizon: Duration::from_secs(7 * 86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Planasonix",
    docs: "https://docs.planasonix.com/orchestration/webhook-hmac",
    signs: Signs::Always,
    instead: &[],
    covers: "X-Planasonix-Timestamp and the body",
    not_covered: "all other headers; in the dialect `body-only` the timestamp too",
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
    shapes: &[
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: &["event_id", "id"] },
        Shape { requires: &[], event_type: &[Part::Field("type")], id: &["event_id", "id"] },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    retries: None,
    events: EVENTS,
};

/// In which order it writes the keys of an event.
pub(crate) static HABITS: Habits = Habits {
    key_order: "event_id event occurred_at data",
    hints: &["Planasonix signs with a shared secret or with a key pair: use the one that its webhook settings name."],
    ..Habits::UNKNOWN
};

object! {
    /// A body. The provider promises an event id in the envelope but does not document its keys, so any of these may be
    /// there, as anything.
    Envelope {
        optional {
            /// The event type.
            event: Value,
            /// The event type, in the other place where providers put it.
            r#type: Value,
            /// The event's id: deliveries repeat, so handle each id once.
            event_id: Value,
            /// The event's id, in the other place where providers put it.
            id: Value,
            /// When it happened.
            occurred_at: Value,
            /// What happened.
            data: Value,
        }
    }
}

payload! {
    /// The typed payload, with the event types of the orchestration API; organization webhooks name none.
    {
        Job(Envelope) = "job.succeeded" | "job.failed";
        Backfill(Envelope) = "backfill.completed";
    } other Envelope
}
