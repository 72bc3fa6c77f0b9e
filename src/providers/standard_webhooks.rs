//! Standard Webhooks: HMAC-SHA256 (v1) or Ed25519 (v1a) over `id.timestamp.body` in `webhook-*` headers.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The sender as data. Facts: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
pub(crate) static PRESET: Preset = Preset {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    covers: "webhook-id, webhook-timestamp and the body",
    not_covered: "all other headers",
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
    shapes: &[Shape { requires: &[], event_type: &[Part::Field("type")], id: None }],
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
