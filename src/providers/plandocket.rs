//! PlanDocket: HMAC-SHA256 over `timestamp.body` in `X-Webhook-Signature: v1=…`.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The sender as data. Facts: <https://docs.plandocket.com/en/guides/webhooks-setup.html>.
pub(crate) static PRESET: Preset = Preset {
    name: "plandocket",
    title: "PlanDocket",
    docs: "https://docs.plandocket.com/en/guides/webhooks-setup.html",
    covers: "X-Webhook-Timestamp and the body",
    not_covered: "all other headers",
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
    shapes: &[
        Shape { requires: &[("event", Is::Text)], event_type: &[Part::Field("event")], id: Some("id") },
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
