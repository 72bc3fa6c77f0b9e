//! Made Up: HMAC-SHA256 over `timestamp.body` in `X-Made-Up-Signature`.

use alloc::string::String;
use core::time::Duration;

use crate::envelope::{object, payload};
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
use crate::scheme::Scheme;
use crate::shape::{Is, Part, Shape};

/// How the provider signs.
pub(crate) static PRESET: Preset = Preset {
    name: "made-up",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("X-Made-Up-Signature").timestamp("X-Made-Up-Timestamp").signed("{timestamp}.{body}")
        },
    }],
    wrong_kinds: &[],
    retry_horizon: Duration::from_secs(86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Made Up",
    docs: "https://made-up.example.com/webhooks",
    signs: Signs::Always,
    instead: &[],
    covers: "X-Made-Up-Timestamp and the body",
    not_covered: "all other headers",
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
    shapes: &[Shape { requires: &[("type", Is::Text)], event_type: &[Part::Field("type")], id: &["id"] }],
    sends: &[("Content-Type", Sent::Fixed("application/json"))],
    retries: None,
    events: EVENTS,
};

/// How it writes JSON is not known.
pub(crate) static HABITS: Habits = Habits::UNKNOWN;

object! {
    /// A body.
    Envelope {
        required {
            /// The event type.
            r#type: String,
        }
        optional {
            /// The parcel's weight in grams.
            weight: i64,
        }
    }
}

payload! {
    /// The typed payload.
    {
        Sent(Envelope) = "parcel.sent";
    } other Envelope
}
