//! Planasonix: HMAC-SHA256 over `timestamp.body` in `X-Planasonix-Signature: v1=…`, or Ed25519 over the same.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{About, Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// How the sender signs. Facts: <https://docs.planasonix.com/orchestration/webhook-hmac>.
pub(crate) static PRESET: Preset = Preset {
    name: "planasonix",
    dialects: &[
        Dialect {
            name: "default",
            auto: true,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-Planasonix-Signature"),
                    prefix: Borrowed("v1="),
                    prefix_optional: false,
                    ed25519_prefix: None,
                    separator: Borrowed(", "),
                    encoding: Encoding::Hex,
                },
                timestamp: Some(TimestampSource {
                    header: Borrowed("X-Planasonix-Timestamp"),
                    field: Borrowed(""),
                    format: TimestampFormat::UnixSeconds,
                }),
                id: None,
                signed: Borrowed("{timestamp}.{body}"),
                signed_if_empty: Some(Borrowed("{timestamp}")),
                key: KeyFormat::Utf8,
                algorithm: Algorithm::HmacSha256,
                tolerance: Tolerance { past: Some(300), future: Some(60) },
                event: EventPaths { event_type: None, id: None },
            },
        },
        Dialect {
            name: "body-only",
            auto: false,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-Planasonix-Signature"),
                    prefix: Borrowed("v1="),
                    prefix_optional: true,
                    ed25519_prefix: None,
                    separator: Borrowed(", "),
                    encoding: Encoding::Hex,
                },
                timestamp: Some(TimestampSource {
                    header: Borrowed("X-Planasonix-Timestamp"),
                    field: Borrowed(""),
                    format: TimestampFormat::UnixSeconds,
                }),
                id: None,
                signed: Borrowed("{body}"),
                signed_if_empty: None,
                key: KeyFormat::Utf8,
                algorithm: Algorithm::HmacSha256,
                tolerance: Tolerance { past: Some(300), future: Some(60) },
                event: EventPaths { event_type: None, id: None },
            },
        },
        Dialect {
            name: "ed25519",
            auto: false,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-Planasonix-Signature"),
                    prefix: Borrowed("v1="),
                    prefix_optional: true,
                    ed25519_prefix: None,
                    separator: Borrowed(", "),
                    encoding: Encoding::HexOrBase64,
                },
                timestamp: Some(TimestampSource {
                    header: Borrowed("X-Planasonix-Timestamp"),
                    field: Borrowed(""),
                    format: TimestampFormat::UnixSeconds,
                }),
                id: None,
                signed: Borrowed("{timestamp}.{body}"),
                signed_if_empty: Some(Borrowed("{timestamp}")),
                key: KeyFormat::Ed25519,
                algorithm: Algorithm::Ed25519,
                tolerance: Tolerance { past: Some(300), future: Some(60) },
                event: EventPaths { event_type: None, id: None },
            },
        },
    ],
    wrong_kinds: &[],
    retry_horizon: 7 * 86_400,
    detectable: true,
};

/// What else is known about the sender.
pub(crate) static ABOUT: About = About {
    title: "Planasonix",
    docs: "https://docs.planasonix.com/orchestration/webhook-hmac",
    covers: "X-Planasonix-Timestamp and the body",
    not_covered: "all other headers; in the dialect `body-only` the timestamp too",
    shapes: &[
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: &["event_id", "id"] },
        Shape { requires: &[], event_type: &[Part::Field("type")], id: &["event_id", "id"] },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    events: EVENTS,
};

/// A body. The sender promises an event id in the envelope but does not document its keys, so any of these may be
/// there, as anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// The event type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
    /// The event type, in the other place where senders put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<Value>,
    /// The event's id: deliveries repeat, so handle each id once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<Value>,
    /// The event's id, in the other place where senders put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Value>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload, with the event types of the orchestration API; organization webhooks name none.
    {
        Job(Envelope) = "job.succeeded" | "job.failed";
        Backfill(Envelope) = "backfill.completed";
    } other Envelope
}
