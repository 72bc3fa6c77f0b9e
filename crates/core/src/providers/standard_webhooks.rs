//! Standard Webhooks: HMAC-SHA256 (v1) or Ed25519 (v1a) over `id.timestamp.body` in `webhook-*` headers.

use alloc::borrow::Cow::Borrowed;
use alloc::string::String;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{About, Dialect, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// How the sender signs. Facts: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
pub(crate) static PRESET: Preset = Preset {
    name: "standard-webhooks",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("webhook-signature"),
                prefix: Borrowed("v1,"),
                prefix_optional: false,
                ed25519_prefix: Some(Borrowed("v1a,")),
                separator: Borrowed(" "),
                encoding: Encoding::Base64,
            },
            timestamp: Some(TimestampSource {
                header: Borrowed("webhook-timestamp"),
                field: Borrowed(""),
                format: TimestampFormat::UnixSeconds,
            }),
            id: Some(IdHeader { header: Borrowed("webhook-id") }),
            signed: Borrowed("{id}.{timestamp}.{body}"),
            signed_if_empty: None,
            key: KeyFormat::Whsec,
            algorithm: Algorithm::HmacSha256,
            tolerance: Tolerance::DEFAULT,
            event: EventPaths { event_type: None, id: None },
        },
    }],
    wrong_kinds: &[],
    retry_horizon: 76 * 3600,
    detectable: true,
};

/// What else is known about the sender.
pub(crate) static ABOUT: About = About {
    title: "Standard Webhooks",
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    covers: "webhook-id, webhook-timestamp and the body",
    not_covered: "all other headers",
    shapes: &[Shape { requires: &[], event_type: &[Part::Field("type")], id: &[] }],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    events: EVENTS,
};

/// The body that the specification describes under "Payload structure".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// The event's name, such as `user.created`.
    pub r#type: String,
    /// When it happened (not when it was sent), in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// What happened.
    pub data: Value,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload.
    {} other Envelope
}
