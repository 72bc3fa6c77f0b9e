//! Resend: sent through Svix: HMAC-SHA256 over `id.timestamp.body` in `svix-*` headers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde_json::Value;

use crate::envelope::{object, one_of, payload};
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
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
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
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

object! {
    /// The body of every event.
    Envelope<T> {
        required {
            /// The event type, such as `email.bounced`.
            r#type: String,
            /// What happened.
            data: T,
        }
        optional {
            /// When it happened, in ISO 8601.
            created_at: String,
        }
    }
}

object! {
    /// What every event about an email says.
    Email {
        optional {
            /// The email.
            email_id: String,
            /// When the email was made, in ISO 8601.
            created_at: String,
            /// The sender's address, with or without a name.
            from: String,
            /// The addresses it goes to.
            to: Vec<String>,
            /// The subject.
            subject: String,
            /// The broadcast it belongs to.
            broadcast_id: String,
            /// The template it was made from.
            template_id: String,
            /// The `Message-ID` header.
            message_id: String,
            /// The tags given when it was sent.
            tags: Tags,
            /// The headers given when it was sent.
            headers: Headers,
        }
    }
}

one_of! {
    /// The tags of an email: an object on the pages about webhooks, a list where emails are sent.
    Tags {
        /// Values by name.
        Named(BTreeMap<String, String>),
    } else {
        /// A list.
        List(Vec<Header>),
    }
}

one_of! {
    /// The headers of an email: a list on the pages about webhooks, an object where emails are sent.
    Headers {
        /// Values by name.
        Named(BTreeMap<String, String>),
    } else {
        /// A list.
        List(Vec<Header>),
    }
}

object! {
    /// A header of an email, or a tag.
    Header {
        optional {
            /// The name.
            name: String,
            /// The value.
            value: String,
        }
    }
}

object! {
    /// An email that the receiving server refused.
    Bounced {
        /// The email.
        part email: Email;
        always {
            /// Why.
            bounce: Bounce,
        }
    }
}

object! {
    /// Why an email bounced.
    Bounce {
        optional {
            /// The reason as a sentence.
            message: String,
            /// Whether trying again makes sense.
            r#type: BounceType,
            /// The reason as a word.
            sub_type as "subType": BounceSubType,
            /// What the receiving server answered.
            diagnostic_code as "diagnosticCode": OneOrMany,
        }
    }
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

one_of! {
    /// One text or a list: the provider's OpenAPI file has a list, its Python SDK a text.
    OneOrMany {
        /// One.
        One(String),
    } else {
        /// A list.
        Many(Vec<String>),
    }
}

object! {
    /// An email that someone opened.
    Opened {
        /// The email.
        part email: Email;
        always {
            /// When and from where.
            open: Open,
        }
    }
}

object! {
    /// When an email was opened, and from where. Not all pages of the provider have it.
    Open {
        optional {
            /// When, in ISO 8601.
            timestamp: String,
            /// From which address.
            ip_address as "ipAddress": String,
            /// With which program.
            user_agent as "userAgent": String,
        }
    }
}

object! {
    /// A link in an email that someone followed.
    Clicked {
        /// The email.
        part email: Email;
        always {
            /// Which link, when and from where.
            click: Click,
        }
    }
}

object! {
    /// Which link was followed, when and from where.
    Click {
        optional {
            /// The address behind the link.
            link: String,
            /// When, in ISO 8601.
            timestamp: String,
            /// From which address.
            ip_address as "ipAddress": String,
            /// With which program.
            user_agent as "userAgent": String,
        }
    }
}

object! {
    /// An email that could not be sent.
    Failed {
        /// The email.
        part email: Email;
        always {
            /// Why.
            failed: Failure,
        }
    }
}

object! {
    /// Why an email could not be sent.
    Failure {
        optional {
            /// A word such as `reached_daily_quota`.
            reason: String,
        }
    }
}

object! {
    /// An email that was not sent because its recipient is on a suppression list.
    Suppressed {
        /// The email.
        part email: Email;
        always {
            /// Why.
            suppressed: Suppression,
        }
    }
}

object! {
    /// Why an email was held back.
    Suppression {
        optional {
            /// The reason as a sentence.
            message: String,
            /// Which list it is.
            r#type: SuppressionType,
            /// What put the recipient on it.
            reason: SuppressionReason,
            /// What the receiving server had answered.
            diagnostic_code as "diagnosticCode": OneOrMany,
        }
    }
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

object! {
    /// An email that came in. Its text is not in the event: ask the API for it.
    Received {
        /// The email.
        part email: Email;
        optional {
            /// The addresses in copy.
            cc: Vec<String>,
            /// The addresses in blind copy.
            bcc: Vec<String>,
            /// Your addresses that it came in for.
            received_for: Vec<String>,
            /// What is attached.
            attachments: Vec<Attachment>,
        }
    }
}

object! {
    /// What is attached to an email that came in.
    Attachment {
        optional {
            /// The id to ask the API for the content with.
            id: String,
            /// The name of the file.
            filename: String,
            /// The media type.
            content_type: String,
            /// `attachment` or `inline`.
            content_disposition: String,
            /// The id by which the text refers to it.
            content_id: String,
        }
    }
}

object! {
    /// A contact.
    Contact {
        optional {
            /// The contact.
            id: String,
            /// Their address.
            email: String,
            /// The audience they belong to, the older word for a segment.
            audience_id: String,
            /// The segments they belong to.
            segment_ids: Vec<String>,
            /// When the contact was made, in ISO 8601.
            created_at: String,
            /// When the contact was last changed, in ISO 8601.
            updated_at: String,
            /// Their first name.
            first_name: String,
            /// Their last name.
            last_name: String,
            /// Whether they want no more broadcasts.
            unsubscribed: bool,
        }
    }
}

object! {
    /// A sending domain.
    Domain {
        optional {
            /// The domain.
            id: String,
            /// Its name in DNS.
            name: String,
            /// How far its verification is, such as `not_started` or `verified`.
            status: String,
            /// When the domain was added, in ISO 8601.
            created_at: String,
            /// Where its mail is sent from, such as `us-east-1`.
            region: String,
            /// The DNS records it needs.
            records: Vec<DomainRecord>,
        }
    }
}

object! {
    /// A DNS record that a sending domain needs.
    DomainRecord {
        optional {
            /// What it is for: `SPF`, `DKIM`.
            record: String,
            /// The name in DNS.
            name: String,
            /// The kind of record: `MX`, `TXT`.
            r#type: String,
            /// How long to cache it, such as `Auto`.
            ttl: String,
            /// How far its verification is.
            status: String,
            /// What it holds.
            value: String,
            /// The priority of an `MX` record.
            priority: i64,
        }
    }
}

object! {
    /// An address on the suppression list of the account.
    SuppressionEntry {
        optional {
            /// The entry.
            id: String,
            /// The address.
            email: String,
            /// What put it there, such as `bounce` or `manual`.
            origin: String,
            /// The email that put it there.
            source_id: String,
            /// When it was put there, in ISO 8601.
            created_at: String,
        }
    }
}

payload! {
    /// The typed payload, with the event types of <https://resend.com/docs/webhooks/event-types> and of the Node SDK.
    {
        Sent(Envelope<Email>) = "email.sent";
        Scheduled(Envelope<Email>) = "email.scheduled";
        Delivered(Envelope<Email>) = "email.delivered";
        DeliveryDelayed(Envelope<Email>) = "email.delivery_delayed";
        Complained(Envelope<Email>) = "email.complained";
        Opened(Envelope<Opened>) = "email.opened";
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
