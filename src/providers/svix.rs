//! Svix: HMAC-SHA256 (or Ed25519) over `id.timestamp.body` in `svix-*` headers.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The sender as data. Facts: <https://docs.svix.com/receiving/verifying-payloads/how-manual>.
pub(crate) static PRESET: Preset = Preset {
    name: "svix",
    title: "Svix",
    docs: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
    covers: "svix-id, svix-timestamp and the body",
    not_covered: "all other headers",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("svix-signature"),
                prefix: Borrowed("v1,"),
                prefix_optional: false,
                ed25519_prefix: Some(Borrowed("v1a,")),
                separator: Borrowed(" "),
                encoding: Encoding::Base64,
            },
            timestamp: Some(TimestampSource {
                header: Borrowed("svix-timestamp"),
                field: Borrowed(""),
                format: TimestampFormat::UnixSeconds,
            }),
            id: Some(IdHeader { header: Borrowed("svix-id") }),
            signed: Borrowed("{id}.{timestamp}.{body}"),
            signed_if_empty: None,
            key: KeyFormat::Whsec,
            algorithm: Algorithm::HmacSha256,
            tolerance: Tolerance::DEFAULT,
            event: EventPaths { event_type: None, id: None },
        },
    }],
    wrong_kinds: &[],
    retry_horizon: 28 * 3600,
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
