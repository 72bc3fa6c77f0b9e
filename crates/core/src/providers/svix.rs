//! Svix: HMAC-SHA256 (or Ed25519) over `id.timestamp.body` in `svix-*` headers.

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

/// How the provider signs. Facts: <https://docs.svix.com/receiving/verifying-payloads/how-manual>.
pub(crate) static PRESET: Preset = Preset {
    name: "svix",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("svix-signature")
                .prefix("v1,")
                .ed25519_prefix("v1a,")
                .separator(" ")
                .encoding(Encoding::Base64)
                .timestamp("svix-timestamp")
                .id("svix-id")
                .signed("{id}.{timestamp}.{body}")
                .key(KeyFormat::Whsec)
        },
    }],
    wrong_kinds: &[("ep_", "This is the id of the endpoint: copy its signing secret, which begins with whsec_.")],
    retry_horizon: Duration::from_secs(28 * 3600),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Svix",
    docs: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
    signs: Signs::Always,
    instead: &[],
    covers: "svix-id, svix-timestamp and the body",
    not_covered: "all other headers",
    shapes: &[Shape { requires: &[], event_type: &[Part::Field("type")], id: &[] }],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    retries: Some(Retries {
        waits: Waits::Steps(&[5, 300, 1800, 7200, 18_000, 36_000, 36_000]),
        most: 7,
        only_200: false,
    }),
    events: EVENTS,
};

/// In which order the specification's example writes the keys of an event.
pub(crate) static HABITS: Habits = Habits {
    key_order: "type timestamp data",
    hints: &["Each endpoint of an application has a signing secret of its own, also where two have the same URL."],
    ..Habits::UNKNOWN
};

/// A body. Svix forwards what the application sends, so nothing is certain; most follow Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope {
    /// The event type, such as `user.created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// When it happened, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload.
    {} other Envelope
}
