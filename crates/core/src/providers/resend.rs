//! Resend: sent through Svix: HMAC-SHA256 over `id.timestamp.body` in `svix-*` headers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::envelope::{Extra, payload};
use crate::habits::Habits;
use crate::provider::{About, Dialect, Preset, Sent, Signs};
use crate::retries::{Retries, Waits};
use crate::scheme::{Encoding, KeyFormat, Scheme};
use crate::shape::{Part, Shape};
use crate::words;

/// How the provider signs. Facts: <https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests>.
pub(crate) static PRESET: Preset = Preset {
    name: "resend",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("svix-signature")
                .prefix("v1,")
                .separator(" ")
                .encoding(Encoding::Base64)
                .timestamp("svix-timestamp")
                .id("svix-id")
                .signed("{id}.{timestamp}.{body}")
                .key(KeyFormat::Whsec)
        },
    }],
    wrong_kinds: &[("re_", "This is an API key: copy the signing secret of the webhook, which begins with whsec_.")],
    retry_horizon: Duration::from_secs(28 * 3600),
    detectable: false,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Resend",
    docs: "https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests",
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

/// How it writes its JSON.
pub(crate) static HABITS: Habits = Habits {
    key_order: "type created_at data|email_id broadcast_id created_at from to cc bcc message_id subject template_id headers \
    tags bounce click failed suppressed attachments|message type subType reason diagnosticCode| ipAddress link \
    timestamp userAgent|id audience_id segment_ids created_at updated_at email first_name last_name \
    unsubscribed",
    is_certain: true,
    hints: &[
        "Resend shows the signing secret (whsec_…) on the page of each webhook; it is another one than the API key.",
    ],
    ..Habits::UNKNOWN
};

/// The body of every event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// The event type, such as `email.bounced`.
    pub r#type: String,
    /// When it happened, in ISO 8601.
    pub created_at: String,
    /// What happened.
    pub data: T,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What every event about an email says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Email {
    /// The email.
    pub email_id: String,
    /// When the email was made, in ISO 8601.
    pub created_at: String,
    /// The sender's address, with or without a name.
    pub from: String,
    /// The addresses it goes to.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The broadcast it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broadcast_id: Option<String>,
    /// The template it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<String>,
    /// The `Message-ID` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The tags given when it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
    /// The headers given when it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<Header>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A header of an email.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Header {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An email that the receiving server refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bounced {
    /// The email.
    #[serde(flatten)]
    pub email: Email,
    /// Why.
    pub bounce: Bounce,
}

/// Why an email bounced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bounce {
    /// The reason as a sentence.
    pub message: String,
    /// Whether trying again makes sense.
    pub r#type: BounceType,
    /// The reason as a word.
    pub sub_type: BounceSubType,
    /// What the receiving server answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostic_code: Option<OneOrMany>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Whether trying again makes sense.
    BounceType {
        /// The server did not say.
        Undetermined = "Undetermined";
        /// It may work later.
        Transient = "Transient";
        /// It will never work.
        Permanent = "Permanent";
    }
}

words! {
    /// The reason of a bounce. The provider's own pages disagree about the list.
    BounceSubType {
        Undetermined = "Undetermined";
        General = "General";
        NoEmail = "NoEmail";
        Suppressed = "Suppressed";
        MailboxFull = "MailboxFull";
        MessageTooLarge = "MessageTooLarge";
        ContentRejected = "ContentRejected";
        AttachmentRejected = "AttachmentRejected";
    }
}

/// One text or a list: the provider's OpenAPI file has a list, its Python SDK a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// A link in an email that someone followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Clicked {
    /// The email.
    #[serde(flatten)]
    pub email: Email,
    /// Which link, when and from where.
    pub click: Click,
}

/// Which link was followed, when and from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Click {
    /// The address behind the link.
    pub link: String,
    /// When, in ISO 8601.
    pub timestamp: String,
    /// From which address.
    pub ip_address: String,
    /// With which program.
    pub user_agent: String,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An email that could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failed {
    /// The email.
    #[serde(flatten)]
    pub email: Email,
    /// Why.
    pub failed: Failure,
}

/// Why an email could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// A word such as `reached_daily_quota`.
    pub reason: String,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An email that was not sent because its recipient is on a suppression list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Suppressed {
    /// The email.
    #[serde(flatten)]
    pub email: Email,
    /// Why.
    pub suppressed: Suppression,
}

/// Why an email was held back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Suppression {
    /// The reason as a sentence.
    pub message: String,
    /// Which list it is.
    pub r#type: SuppressionType,
    /// What put the recipient on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SuppressionReason>,
    /// What the receiving server had answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostic_code: Option<OneOrMany>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Which suppression list an address is on.
    SuppressionType {
        Suppressed = "Suppressed";
        OnAccountSuppressionList = "OnAccountSuppressionList";
    }
}

words! {
    /// What put an address on a suppression list.
    SuppressionReason {
        PreviousBounce = "previous_bounce";
        PreviousComplaint = "previous_complaint";
    }
}

/// An email that came in. Its text is not in the event: ask the API for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Received {
    /// The email.
    #[serde(flatten)]
    pub email: Email,
    /// The addresses in copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cc: Option<Vec<String>>,
    /// The addresses in blind copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bcc: Option<Vec<String>>,
    /// Your addresses that it came in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_for: Option<Vec<String>>,
    /// What is attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
}

/// What is attached to an email that came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The id to ask the API for the content with.
    pub id: String,
    /// The name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// `attachment` or `inline`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    /// The id by which the text refers to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// The contact.
    pub id: String,
    /// Their address.
    pub email: String,
    /// The audience they belong to, the older word for a segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_id: Option<String>,
    /// The segments they belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment_ids: Option<Vec<String>>,
    /// When the contact was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When the contact was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Their first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Their last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Whether they want no more broadcasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribed: Option<bool>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A sending domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    /// The domain.
    pub id: String,
    /// Its name in DNS.
    pub name: String,
    /// How far its verification is, such as `not_started` or `verified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When the domain was added, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Where its mail is sent from, such as `us-east-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The DNS records it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<DomainRecord>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A DNS record that a sending domain needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DomainRecord {
    /// What it is for: `SPF`, `DKIM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The name in DNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The kind of record: `MX`, `TXT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// How long to cache it, such as `Auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
    /// How far its verification is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The priority of an `MX` record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An address on the suppression list of the account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SuppressionEntry {
    /// The entry.
    pub id: String,
    /// The address.
    pub email: String,
    /// What put it there, such as `bounce` or `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The email that put it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// When it was put there, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload, with the event types of <https://resend.com/docs/webhooks/event-types> and of the Node SDK.
    {
        Sent(Envelope<Email>) = "email.sent";
        Scheduled(Envelope<Email>) = "email.scheduled";
        Delivered(Envelope<Email>) = "email.delivered";
        DeliveryDelayed(Envelope<Email>) = "email.delivery_delayed";
        Complained(Envelope<Email>) = "email.complained";
        Opened(Envelope<Email>) = "email.opened";
        Clicked(Envelope<Clicked>) = "email.clicked";
        Bounced(Envelope<Bounced>) = "email.bounced";
        Failed(Envelope<Failed>) = "email.failed";
        Suppressed(Envelope<Suppressed>) = "email.suppressed";
        Received(Envelope<Received>) = "email.received";
        Contact(Envelope<Contact>) = "contact.created" | "contact.updated" | "contact.deleted";
        Domain(Envelope<Domain>) = "domain.created" | "domain.updated" | "domain.deleted";
        Suppression(Envelope<SuppressionEntry>) = "suppression.added" | "suppression.removed";
    } other Envelope<Value>
}
