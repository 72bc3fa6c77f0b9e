//! GitHub: HMAC-SHA256 over the body in `X-Hub-Signature-256`; no timestamp, no signed id.

use alloc::borrow::Cow::Borrowed;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{Dialect, Preset, Sent};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, Tolerance};

/// The sender as data. Facts: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
pub(crate) static PRESET: Preset = Preset {
    name: "github",
    title: "GitHub",
    docs: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
    covers: "the body",
    not_covered: "X-GitHub-Event, X-GitHub-Delivery; there is no timestamp",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: Scheme {
            signature: SignatureHeader {
                header: Borrowed("X-Hub-Signature-256"),
                prefix: Borrowed("sha256="),
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
    wrong_kinds: &[
        ("ghp_", "This is a personal access token: copy the secret of the webhook."),
        ("github_pat_", "This is a personal access token: copy the secret of the webhook."),
    ],
    retry_horizon: 3 * 86_400,
    shapes: &[],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-GitHub-Event", Sent::EventType),
        ("X-GitHub-Delivery", Sent::Id),
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
