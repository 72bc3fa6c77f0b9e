//! PlanDocket: HMAC-SHA256 over `timestamp.body` in `X-Webhook-Signature: v1=…`.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{About, Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// How the sender signs. Facts: <https://docs.plandocket.com/en/guides/webhooks-setup.html>.
pub(crate) static PRESET: Preset = Preset {
    name: "plandocket",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("X-Webhook-Signature"),
                prefix: Borrowed("v1="),
                prefix_optional: false,
                ed25519_prefix: None,
                separator: Borrowed(", "),
                encoding: Encoding::Hex,
            },
            timestamp: Some(TimestampSource {
                header: Borrowed("X-Webhook-Timestamp"),
                field: Borrowed(""),
                format: TimestampFormat::UnixSeconds,
            }),
            id: None,
            signed: Borrowed("{timestamp}.{body}"),
            signed_if_empty: None,
            key: KeyFormat::Utf8,
            algorithm: Algorithm::HmacSha256,
            tolerance: Tolerance::DEFAULT,
            event: EventPaths { event_type: None, id: None },
        },
    }],
    wrong_kinds: &[],
    retry_horizon: 7 * 86_400,
    detectable: true,
};

/// What else is known about the sender.
pub(crate) static ABOUT: About = About {
    title: "PlanDocket",
    docs: "https://docs.plandocket.com/en/guides/webhooks-setup.html",
    covers: "X-Webhook-Timestamp and the body",
    not_covered: "all other headers",
    shapes: &[
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: &["id", "event_id"] },
        Shape { requires: &[], event_type: &[Part::Field("type")], id: &["id", "event_id"] },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    events: EVENTS,
};

/// A body. The sender documents its event types but not the object around them, so any of these may be there, as
/// anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// The event type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
    /// The event type, in the other place where senders put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<Value>,
    /// The event's id, text or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Value>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
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
