//! PlaneConnection: HMAC-SHA256 over the body, in one of two headers; the timestamp header is not signed.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The window of the unsigned timestamp, and how long retries may come: a day covers five attempts and a manual one.
const RETRY_HORIZON: u64 = 86_400;

/// The sender as data. Facts: <https://docs.planeconnection.com/en/reference/webhook-events>.
pub(crate) static PRESET: Preset = Preset {
    name: "planeconnection",
    title: "PlaneConnection",
    docs: "https://docs.planeconnection.com/en/reference/webhook-events",
    covers: "the body",
    not_covered: "X-Webhook-Event, X-Webhook-Timestamp, X-Webhook-ID (the id of the configuration, the same for every delivery)",
    dialects: &[
        Dialect {
            name: "api",
            auto: true,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-Webhook-Signature"),
                    prefix: Borrowed("sha256="),
                    prefix_optional: false,
                    ed25519_prefix: None,
                    separator: Borrowed(""),
                    encoding: Encoding::Hex,
                },
                timestamp: Some(TimestampSource {
                    header: Borrowed("X-Webhook-Timestamp"),
                    field: Borrowed(""),
                    format: TimestampFormat::Iso8601,
                }),
                id: None,
                signed: Borrowed("{body}"),
                signed_if_empty: None,
                key: KeyFormat::Utf8,
                algorithm: Algorithm::HmacSha256,
                tolerance: Tolerance { past: Some(RETRY_HORIZON), future: Some(300) },
                event: EventPaths { event_type: None, id: None },
            },
        },
        Dialect {
            name: "settings",
            auto: true,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-PlaneConnection-Signature"),
                    prefix: Borrowed("sha256="),
                    prefix_optional: true,
                    ed25519_prefix: None,
                    separator: Borrowed(""),
                    encoding: Encoding::Hex,
                },
                timestamp: None,
                id: None,
                signed: Borrowed("{body}"),
                signed_if_empty: None,
                key: KeyFormat::Utf8,
                algorithm: Algorithm::HmacSha256,
                tolerance: Tolerance::DEFAULT,
                event: EventPaths { event_type: None, id: None },
            },
        },
    ],
    wrong_kinds: &[],
    retry_horizon: RETRY_HORIZON,
    shapes: &[Shape {
        requires: &[("id", Is::Text), ("type", Is::Text), ("data", Is::Present)],
        event_type: &[Part::Field("type")],
        id: Some("id"),
    }],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-Webhook-Event", Sent::BodyField("type")),
        ("X-Webhook-ID", Sent::Id),
    ],
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
