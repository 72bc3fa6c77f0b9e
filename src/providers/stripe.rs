//! Stripe: HMAC-SHA256 over `t.body` in `Stripe-Signature: t=…,v1=…`; Connect and thin events too.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The sender as data. Facts: <https://docs.stripe.com/webhooks>.
pub(crate) static PRESET: Preset = Preset {
    name: "stripe",
    title: "Stripe",
    docs: "https://docs.stripe.com/webhooks",
    covers: "the time t and the body",
    not_covered: "nothing else is sent; v0 signatures are ignored",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("Stripe-Signature"),
                prefix: Borrowed("v1="),
                prefix_optional: false,
                ed25519_prefix: None,
                separator: Borrowed(","),
                encoding: Encoding::Hex,
            },
            timestamp: Some(TimestampSource {
                header: Borrowed(""),
                field: Borrowed("t"),
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
    wrong_kinds: &[
        ("sk_", "This is an API key: copy the signing secret of the endpoint, which begins with whsec_."),
        ("rk_", "This is an API key: copy the signing secret of the endpoint, which begins with whsec_."),
        ("pk_", "This is an API key: copy the signing secret of the endpoint, which begins with whsec_."),
    ],
    retry_horizon: 3 * 86_400,
    shapes: &[
        Shape { requires: &[("object", Is::Exactly("event"))], event_type: &[Part::Field("type")], id: Some("id") },
        Shape {
            requires: &[("object", Is::Exactly("v2.core.event"))],
            event_type: &[Part::Field("type")],
            id: Some("id"),
        },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json; charset=utf-8"))],
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
