//! Standard Webhooks: HMAC-SHA256 (v1) or Ed25519 (v1a) over `id.timestamp.body` in `webhook-*` headers.

use alloc::string::String;
use core::time::Duration;

use serde_json::Value;

use crate::envelope::{object, one_of, payload};
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
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
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
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

object! {
    /// A body that says what happened, as the specification recommends under "Payload structure". It requires none of
    /// this, and applications differ.
    Envelope {
        required {
            /// The event type, such as `user.created`.
            r#type: String,
        }
        optional {
            /// When it happened (not when it was sent): a text in ISO 8601 by the recommendation, but some send a number.
            timestamp: Value,
            /// What happened.
            data: Value,
        }
    }
}

one_of! {
    /// A body: any JSON, as the application sent it.
    Body {
        /// It says what happened.
        Envelope(Envelope),
    } else {
        /// Any other JSON.
        Any(Value),
    }
}

payload! {
    /// The typed payload.
    {} other Body
}
