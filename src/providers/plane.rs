//! Plane: HMAC-SHA256 over the body in `X-Plane-Signature`; no timestamp, no signed id in v1.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, Tolerance};

/// The sender as data. Facts: <https://developers.plane.so/dev-tools/intro-webhooks>.
pub(crate) static PRESET: Preset = Preset {
    name: "plane",
    title: "Plane",
    docs: "https://developers.plane.so/dev-tools/intro-webhooks",
    covers: "the body",
    not_covered: "X-Plane-Event, X-Plane-Delivery (new for every attempt); there is no timestamp",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("X-Plane-Signature"),
                prefix: Borrowed(""),
                prefix_optional: false,
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
    }],
    wrong_kinds: &[(
        "plane_api_",
        "This is an API token: copy the secret key of the webhook, which begins with plane_wh_.",
    )],
    retry_horizon: 86_400,
    shapes: &[
        Shape {
            requires: &[("event_id", Is::Text), ("event", Is::Text)],
            event_type: &[Part::Field("event")],
            id: Some("event_id"),
        },
        Shape {
            requires: &[("agent_run", Is::Object), ("action", Is::Text)],
            event_type: &[Part::Literal("agent_run."), Part::Field("action")],
            id: None,
        },
        Shape {
            requires: &[("event", Is::Text), ("action", Is::Text)],
            event_type: &[
                Part::Field("event"),
                Part::Literal("."),
                Part::Renamed("action", &[("create", "created"), ("update", "updated"), ("delete", "deleted")]),
            ],
            id: None,
        },
    ],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-Plane-Event", Sent::BodyField("event")),
        ("X-Plane-Delivery", Sent::Id),
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
