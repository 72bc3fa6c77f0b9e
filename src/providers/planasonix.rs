//! Planasonix: HMAC-SHA256 over `timestamp.body` in `X-Planasonix-Signature: v1=…`, or Ed25519 over the same.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The sender as data. Facts: <https://docs.planasonix.com/orchestration/webhook-hmac>.
pub(crate) static PRESET: Preset = Preset {
    name: "planasonix",
    title: "Planasonix",
    docs: "https://docs.planasonix.com/orchestration/webhook-hmac",
    covers: "X-Planasonix-Timestamp and the body",
    not_covered: "all other headers; in the dialect body-only the timestamp too",
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
    shapes: &[
        Shape {
            requires: &[("event", Is::Text), ("event_id", Is::Text)],
            event_type: &[Part::Field("event")],
            id: Some("event_id"),
        },
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: Some("id") },
        Shape { requires: &[("event_id", Is::Text)], event_type: &[Part::Field("type")], id: Some("event_id") },
        Shape { requires: &[], event_type: &[Part::Field("type")], id: Some("id") },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    detectable: true,
    events: EVENTS,
};

/// A body of this sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Everything in it.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload.
    {} other Body
}
