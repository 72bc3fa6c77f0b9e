//! Stripe: HMAC-SHA256 over `t.body` in `Stripe-Signature: t=…,v1=…`; Connect and thin events too.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::envelope::{Extra, literal, payload};
use crate::habits::{Habits, JsonSpacing};
use crate::provider::{About, Dialect, Preset, Sent, Signs};
use crate::scheme::Scheme;
use crate::shape::{Is, Part, Shape};
use crate::words;

/// How the provider signs. Facts: <https://docs.stripe.com/webhooks>.
pub(crate) static PRESET: Preset = Preset {
    name: "stripe",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || {
            Scheme::hmac_sha256("Stripe-Signature")
                .prefix("v1=")
                .separator(",")
                .timestamp_field("t")
                .signed("{timestamp}.{body}")
        },
    }],
    wrong_kinds: &[
        ("sk_", "This is an API key: copy the signing secret of the webhook, which begins with whsec_."),
        ("rk_", "This is an API key: copy the signing secret of the webhook, which begins with whsec_."),
        ("pk_", "This is an API key: copy the signing secret of the webhook, which begins with whsec_."),
        ("we_", "This is the id of the webhook endpoint: copy its signing secret, which begins with whsec_."),
        ("", "Stripe's signing secret begins with whsec_, and this text does not: copy the whole secret."),
    ],
    retry_horizon: Duration::from_secs(3 * 86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Stripe",
    docs: "https://docs.stripe.com/webhooks",
    signs: Signs::Always,
    instead: &[],
    covers: "the time `t` and the body",
    not_covered: "nothing else is sent; `v0` signatures are ignored",
    shapes: &[
        Shape { requires: &[("object", Is::Exactly("event"))], event_type: &[Part::Field("type")], id: &["id"] },
        Shape {
            requires: &[("object", Is::Exactly("v2.core.event"))],
            event_type: &[Part::Field("type")],
            id: &["id"],
        },
    ],
    sends: &[("Content-Type", Sent::Fixed("application/json; charset=utf-8"))],
    retries: None,
    events: EVENTS,
};

/// How it writes its JSON: indented; in every object `id` and `object` first, the other keys sorted.
pub(crate) static HABITS: Habits = Habits {
    spacing: JsonSpacing::Indented,
    key_order: "id object",
    others_sorted: true,
    is_certain: true,
    hints: &[
        "`stripe listen` prints a secret of its own: what it forwards is signed with that one, and not with the secret that \
         the Dashboard shows.",
        "Test mode and live mode each have webhooks of their own, with other secrets.",
        "A webhook for events of connected accounts (Connect) has another secret than the one for your own account.",
    ],
    ..Habits::UNKNOWN
};

literal! {
    /// `event`, the word that marks a snapshot event.
    EventWord = "event"
}

literal! {
    /// `v2.core.event`, the word that marks a thin event.
    ThinWord = "v2.core.event"
}

/// A snapshot event: it carries the object as it was when the event was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot<T> {
    /// The event's id: deliveries repeat, so handle each id once.
    pub id: String,
    /// Always `event`.
    pub object: EventWord,
    /// The event type, such as `invoice.paid`.
    pub r#type: String,
    /// When it happened, in Unix seconds.
    pub created: i64,
    /// Whether real money is meant. A webhook for Connect gets both kinds.
    pub livemode: bool,
    /// What happened.
    pub data: Data<T>,
    /// The API version that the object is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The connected account that it happened in (Connect).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The account that it happened in, in the newer spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// How many webhooks have yet to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_webhooks: Option<i64>,
    /// The API request that caused it; null if none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestOrId>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Data<T> {
    /// The object after the event.
    pub object: T,
    /// What the changed fields were before. Events about updates have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_attributes: Option<Extra>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The API request that caused an event: before API version 2017-05-23 only its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestOrId {
    /// The request.
    Request(Request),
    /// Its id.
    Id(String),
}

/// An API request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// The request; null if it was not made through the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The idempotency key that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An object of another kind, whole in `extra`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Object {
    /// The kind of object, such as `charge`.
    pub object: String,
    /// The object's id. A few kinds, such as upcoming invoices, have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A page on which a customer pays. Amounts are in the smallest unit of the currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckoutSession {
    /// The session.
    pub id: String,
    /// `checkout.session`.
    pub object: String,
    /// The text by which your program knows the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference_id: Option<String>,
    /// `payment`, `setup` or `subscription`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `open`, `complete` or `expired`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether the money is there: completed does not mean paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_status: Option<PaymentStatus>,
    /// The total with taxes and discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_total: Option<i64>,
    /// The total before taxes and discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_subtotal: Option<i64>,
    /// The currency, by its ISO code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// What the customer entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_details: Option<CustomerDetails>,
    /// The payment, in mode `payment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_intent: Option<String>,
    /// The subscription, in mode `subscription`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// The invoice, where the session made one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// When the session was made, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// When the session ends, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Whether real money is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livemode: Option<bool>,
    /// Your own keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Whether a checkout is paid.
    PaymentStatus {
        Paid = "paid";
        /// The money is still on its way, or failed.
        Unpaid = "unpaid";
        /// Nothing to pay, or not yet.
        NoPaymentRequired = "no_payment_required";
    }
}

/// What a customer entered at checkout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomerDetails {
    /// The address for receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A payment from start to success. Amounts are in the smallest unit of the currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentIntent {
    /// The payment.
    pub id: String,
    /// `payment_intent`.
    pub object: String,
    /// How much is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// How much was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_received: Option<i64>,
    /// The currency, by its ISO code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Where it stands, such as `succeeded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// What it is for, in your words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The charge that the last attempt made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_charge: Option<String>,
    /// The means of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Where the receipt goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_email: Option<String>,
    /// When the payment was made, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Whether real money is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livemode: Option<bool>,
    /// Your own keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Subscription {
    /// The subscription.
    pub id: String,
    /// `subscription`.
    pub object: String,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<SubscriptionStatus>,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The currency, by its ISO code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What is subscribed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<List<SubscriptionItem>>,
    /// Whether it ends with the period that is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_at_period_end: Option<bool>,
    /// When it will end, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_at: Option<i64>,
    /// When it was cancelled, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<i64>,
    /// When it ended, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// When it began, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<i64>,
    /// When the trial began, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_start: Option<i64>,
    /// When the trial ends, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<i64>,
    /// When the paid period began, in Unix seconds. Since API version 2025-03-31 the items have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_period_start: Option<i64>,
    /// When the paid period ends, in Unix seconds. Since API version 2025-03-31 the items have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_period_end: Option<i64>,
    /// The last invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_invoice: Option<String>,
    /// The means of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_payment_method: Option<String>,
    /// `charge_automatically` or `send_invoice`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_method: Option<String>,
    /// When the subscription was made, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Whether real money is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livemode: Option<bool>,
    /// Your own keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Where a subscription stands.
    SubscriptionStatus {
        /// The first payment is still open.
        Incomplete = "incomplete";
        /// The first payment never came.
        IncompleteExpired = "incomplete_expired";
        Trialing = "trialing";
        Active = "active";
        /// A payment failed; more attempts follow.
        PastDue = "past_due";
        Canceled = "canceled";
        /// Payments failed and no attempt follows.
        Unpaid = "unpaid";
        Paused = "paused";
    }
}

/// The first entries of a list; the API has the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct List<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Whether there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One of the things subscribed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubscriptionItem {
    /// The item.
    pub id: String,
    /// The price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
    /// When the paid period began, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_period_start: Option<i64>,
    /// When the paid period ends, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_period_end: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Price {
    /// The price.
    pub id: String,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The currency, by its ISO code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The amount for one, in the smallest unit of the currency; null if it is not a whole number of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<i64>,
    /// `recurring` or `one_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An invoice. Amounts are in the smallest unit of the currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invoice {
    /// The invoice.
    pub id: String,
    /// `invoice`.
    pub object: String,
    /// The number printed on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<InvoiceStatus>,
    /// Why it was made, such as `subscription_cycle`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_reason: Option<String>,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The customer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// The currency, by its ISO code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How much is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_due: Option<i64>,
    /// How much was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_paid: Option<i64>,
    /// How much is left to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_remaining: Option<i64>,
    /// The total before taxes and discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtotal: Option<i64>,
    /// The total with taxes and discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// How often payment was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_count: Option<i64>,
    /// When payment is tried again, in Unix seconds; null if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_payment_attempt: Option<i64>,
    /// Until when it is to be paid, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<i64>,
    /// When the invoiced period began, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_start: Option<i64>,
    /// When the invoiced period ended, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<i64>,
    /// The page on which the customer can pay it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_invoice_url: Option<String>,
    /// What the invoice is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<InvoiceParent>,
    /// The subscription. Since API version 2025-03-31 it is in `parent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// When the invoice was made, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Whether real money is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livemode: Option<bool>,
    /// Your own keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Where an invoice stands.
    InvoiceStatus {
        Draft = "draft";
        Open = "open";
        Paid = "paid";
        Uncollectible = "uncollectible";
        Void = "void";
    }
}

/// What an invoice is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InvoiceParent {
    /// `subscription_details` or `quote_details`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_details: Option<SubscriptionDetails>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The subscription that an invoice is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubscriptionDetails {
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A thin event: it says what changed, and the API says the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Thin {
    /// The event's id: deliveries repeat, so handle each id once.
    pub id: String,
    /// Always `v2.core.event`.
    pub object: ThinWord,
    /// The event type, such as `v2.core.account[requirements].updated`.
    pub r#type: String,
    /// When it happened, in ISO 8601.
    pub created: String,
    /// Whether real money is meant.
    pub livemode: bool,
    /// The account that it happened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// What it happened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_object: Option<RelatedObject>,
    /// What caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a thin event happened to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RelatedObject {
    /// The object.
    pub id: String,
    /// The kind of object, such as `v2.core.account`.
    pub r#type: String,
    /// The path to ask the API for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What caused a thin event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reason {
    /// `request`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The API request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An event of another type, told apart by `object`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Other {
    /// A thin event.
    Thin(Thin),
    /// A snapshot event.
    Snapshot(Snapshot<Object>),
}

payload! {
    /// The typed payload.
    {
        CheckoutSessionCompleted(Snapshot<CheckoutSession>) = "checkout.session.completed";
        PaymentIntentSucceeded(Snapshot<PaymentIntent>) = "payment_intent.succeeded";
        SubscriptionCreated(Snapshot<Subscription>) = "customer.subscription.created";
        SubscriptionUpdated(Snapshot<Subscription>) = "customer.subscription.updated";
        SubscriptionDeleted(Snapshot<Subscription>) = "customer.subscription.deleted";
        InvoicePaid(Snapshot<Invoice>) = "invoice.paid";
        InvoicePaymentFailed(Snapshot<Invoice>) = "invoice.payment_failed";
    } other Other
        = "account.application.authorized" | "account.application.deauthorized" | "account.external_account.created"
        | "account.external_account.deleted" | "account.external_account.updated" | "account.updated"
        | "application_fee.created" | "application_fee.refund.updated" | "application_fee.refunded"
        | "apps.install.created" | "apps.install.deleted" | "apps.install.updated" | "balance.available"
        | "balance_settings.updated" | "billing.alert.triggered" | "billing.credit_balance_transaction.created"
        | "billing.credit_grant.created" | "billing.credit_grant.updated" | "billing.meter.created"
        | "billing.meter.deactivated" | "billing.meter.reactivated" | "billing.meter.updated"
        | "billing_portal.configuration.created" | "billing_portal.configuration.updated"
        | "billing_portal.session.created" | "capability.updated" | "cash_balance.funds_available"
        | "charge.captured" | "charge.dispute.closed" | "charge.dispute.created" | "charge.dispute.funds_reinstated"
        | "charge.dispute.funds_withdrawn" | "charge.dispute.updated" | "charge.expired" | "charge.failed"
        | "charge.pending" | "charge.refund.updated" | "charge.refunded" | "charge.succeeded" | "charge.updated"
        | "checkout.session.async_payment_failed" | "checkout.session.async_payment_succeeded"
        | "checkout.session.expired" | "climate.order.canceled" | "climate.order.created" | "climate.order.delayed"
        | "climate.order.delivered" | "climate.order.product_substituted" | "climate.product.created"
        | "climate.product.pricing_updated" | "coupon.created" | "coupon.deleted" | "coupon.updated"
        | "credit_note.created" | "credit_note.updated" | "credit_note.voided" | "customer.created"
        | "customer.deleted" | "customer.discount.created" | "customer.discount.deleted"
        | "customer.discount.updated" | "customer.source.created" | "customer.source.deleted"
        | "customer.source.expiring" | "customer.source.updated" | "customer.subscription.paused"
        | "customer.subscription.pending_update_applied" | "customer.subscription.pending_update_expired"
        | "customer.subscription.resumed" | "customer.subscription.trial_will_end" | "customer.tax_id.created"
        | "customer.tax_id.deleted" | "customer.tax_id.updated" | "customer.updated"
        | "customer_cash_balance_transaction.created" | "entitlements.active_entitlement_summary.updated"
        | "file.created" | "financial_connections.account.account_numbers_updated"
        | "financial_connections.account.created" | "financial_connections.account.deactivated"
        | "financial_connections.account.disconnected"
        | "financial_connections.account.expected_deactivation_date_updated"
        | "financial_connections.account.reactivated" | "financial_connections.account.refreshed_balance"
        | "financial_connections.account.refreshed_ownership"
        | "financial_connections.account.refreshed_transactions"
        | "financial_connections.account.supported_payment_method_types_updated"
        | "financial_connections.account.upcoming_account_number_expiry"
        | "financial_connections.account.upcoming_deactivation"
        | "financial_connections.authorization.expected_deactivation_date_updated"
        | "financial_connections.authorization.upcoming_deactivation" | "identity.verification_session.canceled"
        | "identity.verification_session.created" | "identity.verification_session.processing"
        | "identity.verification_session.redacted" | "identity.verification_session.requires_input"
        | "identity.verification_session.verified" | "invoice.created" | "invoice.deleted"
        | "invoice.finalization_failed" | "invoice.finalized" | "invoice.marked_uncollectible" | "invoice.overdue"
        | "invoice.overpaid" | "invoice.payment_action_required" | "invoice.payment_attempt_required"
        | "invoice.payment_succeeded" | "invoice.sent" | "invoice.upcoming" | "invoice.updated" | "invoice.voided"
        | "invoice.will_be_due" | "invoice_payment.paid" | "invoiceitem.created" | "invoiceitem.deleted"
        | "issuing_authorization.created" | "issuing_authorization.request" | "issuing_authorization.updated"
        | "issuing_card.created" | "issuing_card.updated" | "issuing_cardholder.created"
        | "issuing_cardholder.updated" | "issuing_dispute.closed" | "issuing_dispute.created"
        | "issuing_dispute.funds_reinstated" | "issuing_dispute.funds_rescinded" | "issuing_dispute.submitted"
        | "issuing_dispute.updated" | "issuing_personalization_design.activated"
        | "issuing_personalization_design.deactivated" | "issuing_personalization_design.rejected"
        | "issuing_personalization_design.updated" | "issuing_token.created" | "issuing_token.updated"
        | "issuing_transaction.created" | "issuing_transaction.purchase_details_receipt_updated"
        | "issuing_transaction.updated" | "mandate.updated" | "payment_intent.amount_capturable_updated"
        | "payment_intent.canceled" | "payment_intent.created" | "payment_intent.partially_funded"
        | "payment_intent.payment_failed" | "payment_intent.processing" | "payment_intent.requires_action"
        | "payment_link.created" | "payment_link.updated" | "payment_method.attached"
        | "payment_method.automatically_updated" | "payment_method.detached" | "payment_method.updated"
        | "payout.canceled" | "payout.created" | "payout.failed" | "payout.paid" | "payout.reconciliation_completed"
        | "payout.updated" | "person.created" | "person.deleted" | "person.updated" | "plan.created" | "plan.deleted"
        | "plan.updated" | "price.created" | "price.deleted" | "price.updated" | "product.created"
        | "product.deleted" | "product.updated" | "promotion_code.created" | "promotion_code.updated"
        | "quote.accepted" | "quote.canceled" | "quote.created" | "quote.finalized"
        | "radar.early_fraud_warning.created" | "radar.early_fraud_warning.updated" | "refund.created"
        | "refund.failed" | "refund.updated" | "reporting.report_run.failed" | "reporting.report_run.succeeded"
        | "reporting.report_type.updated" | "reserve.hold.created" | "reserve.hold.updated" | "reserve.plan.created"
        | "reserve.plan.disabled" | "reserve.plan.expired" | "reserve.plan.updated" | "reserve.release.created"
        | "review.closed" | "review.opened" | "setup_intent.canceled" | "setup_intent.created"
        | "setup_intent.requires_action" | "setup_intent.setup_failed" | "setup_intent.succeeded"
        | "sigma.scheduled_query_run.created" | "source.canceled" | "source.chargeable" | "source.failed"
        | "source.mandate_notification" | "source.refund_attributes_required" | "source.transaction.created"
        | "source.transaction.updated" | "subscription_schedule.aborted" | "subscription_schedule.canceled"
        | "subscription_schedule.completed" | "subscription_schedule.created" | "subscription_schedule.expiring"
        | "subscription_schedule.released" | "subscription_schedule.updated" | "tax.settings.updated"
        | "tax_rate.created" | "tax_rate.updated" | "terminal.reader.action_failed"
        | "terminal.reader.action_succeeded" | "terminal.reader.action_updated" | "test_helpers.test_clock.advancing"
        | "test_helpers.test_clock.created" | "test_helpers.test_clock.deleted"
        | "test_helpers.test_clock.internal_failure" | "test_helpers.test_clock.ready"
        | "three_d_secure.authentication.canceled" | "three_d_secure.authentication.challenge_started"
        | "three_d_secure.authentication.errored" | "three_d_secure.authentication.failed"
        | "three_d_secure.authentication.requires_challenge" | "three_d_secure.authentication.requires_submission"
        | "three_d_secure.authentication.succeeded" | "topup.canceled" | "topup.created" | "topup.failed"
        | "topup.reversed" | "topup.succeeded" | "transfer.created" | "transfer.reversed" | "transfer.updated"
        | "treasury.credit_reversal.created" | "treasury.credit_reversal.posted"
        | "treasury.debit_reversal.completed" | "treasury.debit_reversal.created"
        | "treasury.debit_reversal.initial_credit_granted" | "treasury.financial_account.closed"
        | "treasury.financial_account.created" | "treasury.financial_account.features_status_updated"
        | "treasury.inbound_transfer.canceled" | "treasury.inbound_transfer.created"
        | "treasury.inbound_transfer.failed" | "treasury.inbound_transfer.succeeded"
        | "treasury.outbound_payment.canceled" | "treasury.outbound_payment.created"
        | "treasury.outbound_payment.expected_arrival_date_updated" | "treasury.outbound_payment.failed"
        | "treasury.outbound_payment.posted" | "treasury.outbound_payment.returned"
        | "treasury.outbound_payment.tracking_details_updated" | "treasury.outbound_transfer.canceled"
        | "treasury.outbound_transfer.created" | "treasury.outbound_transfer.expected_arrival_date_updated"
        | "treasury.outbound_transfer.failed" | "treasury.outbound_transfer.posted"
        | "treasury.outbound_transfer.returned" | "treasury.outbound_transfer.tracking_details_updated"
        | "treasury.received_credit.created" | "treasury.received_credit.failed"
        | "treasury.received_credit.succeeded" | "treasury.received_debit.created"
}
