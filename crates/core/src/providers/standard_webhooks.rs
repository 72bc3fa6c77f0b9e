//! Standard Webhooks: HMAC-SHA256 (v1) or Ed25519 (v1a) over `id.timestamp.body` in `webhook-*` headers.

use alloc::string::String;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::envelope::{Extra, payload};
use crate::habits::Habits;
use crate::provider::{About, Dialect, Preset, Sent, Signs};
use crate::retries::{Retries, Waits};
use crate::scheme::{Encoding, KeyFormat, Scheme};
use crate::shape::{Part, Shape};

/// How the provider signs. Facts:
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
pub(crate) static PRESET: Preset = Preset {
    name: "standard-webhooks",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("webhook-signature")
                .prefix("v1,")
                .ed25519_prefix("v1a,")
                .separator(" ")
                .encoding(Encoding::Base64)
                .timestamp("webhook-timestamp")
                .id("webhook-id")
                .signed("{id}.{timestamp}.{body}")
                .key(KeyFormat::Whsec)
        },
    }],
    wrong_kinds: &[],
    retry_horizon: Duration::from_secs(76 * 3600),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Standard Webhooks",
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    signs: Signs::Always,
    instead: &[],
    covers: "webhook-id, webhook-timestamp and the body",
    not_covered: "all other headers",
    shapes: &[Shape { requires: &[], event_type: &[Part::Field("type")], id: &[] }],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    retries: Some(Retries {
        waits: Waits::Steps(&[5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]),
        most: 9,
        only_200: false,
    }),
    events: EVENTS,
};

/// In which order the specification's example writes the keys of an event.
pub(crate) static HABITS: Habits = Habits {
    key_order: "type timestamp data",
    hints: &[
        "Each endpoint has a signing secret of its own: `whsec_…` is shared, `whpk_…` is the public key of Ed25519.",
    ],
    ..Habits::UNKNOWN
};

/// The body that the specification describes under "Payload structure".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope {
    /// The event type, such as `user.created`.
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
