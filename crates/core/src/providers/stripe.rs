//! Stripe: HMAC-SHA256 over `t.body` in `Stripe-Signature: t=…,v1=…`; Connect and thin events too.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde_json::Value;

use crate::envelope::{literal, object, one_of, payload};
use crate::fields::Extra;
use crate::habits::{Habits, JsonSpacing};
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
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
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
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

object! {
    /// A snapshot event: it carries the object as it was when the event was made.
    Snapshot<T> {
        required {
            /// Always `event`.
            object: EventWord,
            /// The event type, such as `invoice.paid`.
            r#type: String,
            /// What happened.
            data: Data<T>,
        }
        optional {
            /// The event's id: deliveries repeat, so handle each id once.
            id: String,
            /// When it happened, in Unix seconds.
            created: i64,
            /// Whether real money is meant. A webhook for Connect gets both kinds.
            livemode: bool,
            /// The API version that the object is written in.
            api_version: String,
            /// The connected account that it happened in (Connect).
            account: String,
            /// The account that it happened in, in the newer spelling.
            context: String,
            /// How many webhooks have yet to answer.
            pending_webhooks: i64,
            /// The API request that caused it; null if none did.
            request: RequestOrId,
        }
    }
}

object! {
    /// What happened.
    Data<T> {
        required {
            /// The object after the event.
            object: T,
        }
        optional {
            /// What the changed fields were before. Events about updates have it.
            previous_attributes: Extra,
        }
    }
}

one_of! {
    /// The API request that caused an event: before API version 2017-05-23 only its id.
    RequestOrId {
        /// The request.
        Request(Request),
    } else {
        /// Its id.
        Id(String),
    }
}

object! {
    /// An API request.
    Request {
        optional {
            /// The request; null if it was not made through the API.
            id: String,
            /// The idempotency key that came with it.
            idempotency_key: String,
        }
    }
}

object! {
    /// An object of another kind, whole in `extra`.
    Object {
        optional {
            /// The kind of object, such as `charge`.
            object: String,
            /// The object's id. A few kinds, such as upcoming invoices, have none.
            id: String,
        }
    }
}

object! {
    /// A page on which a customer pays. Amounts are in the smallest unit of the currency.
    CheckoutSession {
        optional {
            /// The session.
            id: String,
            /// `checkout.session`.
            object: String,
            /// The text by which your program knows the session.
            client_reference_id: String,
            /// `payment`, `setup` or `subscription`.
            mode: String,
            /// `open`, `complete` or `expired`.
            status: String,
            /// Whether the money is there: completed does not mean paid.
            payment_status: PaymentStatus,
            /// The total with taxes and discounts.
            amount_total: i64,
            /// The total before taxes and discounts.
            amount_subtotal: i64,
            /// The currency, by its ISO code in lower case.
            currency: String,
            /// The customer.
            customer: String,
            /// What the customer entered.
            customer_details: CustomerDetails,
            /// The payment, in mode `payment`.
            payment_intent: String,
            /// The subscription, in mode `subscription`.
            subscription: String,
            /// The invoice, where the session made one.
            invoice: String,
            /// When the session was made, in Unix seconds.
            created: i64,
            /// When the session ends, in Unix seconds.
            expires_at: i64,
            /// Whether real money is meant.
            livemode: bool,
            /// Your own keys and values.
            metadata: BTreeMap<String, String>,
        }
    }
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

object! {
    /// What a customer entered at checkout.
    CustomerDetails {
        optional {
            /// The address for receipts.
            email: String,
            /// The name.
            name: String,
            /// The telephone number.
            phone: String,
        }
    }
}

object! {
    /// A payment from start to success. Amounts are in the smallest unit of the currency.
    PaymentIntent {
        optional {
            /// The payment.
            id: String,
            /// `payment_intent`.
            object: String,
            /// How much is to be paid.
            amount: i64,
            /// How much was paid.
            amount_received: i64,
            /// The currency, by its ISO code in lower case.
            currency: String,
            /// Where it stands, such as `succeeded`.
            status: String,
            /// The customer.
            customer: String,
            /// What it is for, in your words.
            description: String,
            /// The charge that the last attempt made.
            latest_charge: String,
            /// The means of payment.
            payment_method: String,
            /// Where the receipt goes.
            receipt_email: String,
            /// When the payment was made, in Unix seconds.
            created: i64,
            /// Whether real money is meant.
            livemode: bool,
            /// Your own keys and values.
            metadata: BTreeMap<String, String>,
        }
    }
}

object! {
    /// A subscription.
    Subscription {
        optional {
            /// The subscription.
            id: String,
            /// `subscription`.
            object: String,
            /// Where it stands.
            status: SubscriptionStatus,
            /// The customer.
            customer: String,
            /// The currency, by its ISO code in lower case.
            currency: String,
            /// What is subscribed to.
            items: List<SubscriptionItem>,
            /// Whether it ends with the period that is paid.
            cancel_at_period_end: bool,
            /// When it will end, in Unix seconds.
            cancel_at: i64,
            /// When it was cancelled, in Unix seconds.
            canceled_at: i64,
            /// When it ended, in Unix seconds.
            ended_at: i64,
            /// When it began, in Unix seconds.
            start_date: i64,
            /// When the trial began, in Unix seconds.
            trial_start: i64,
            /// When the trial ends, in Unix seconds.
            trial_end: i64,
            /// When the paid period began, in Unix seconds. Since API version 2025-03-31 the items have it.
            current_period_start: i64,
            /// When the paid period ends, in Unix seconds. Since API version 2025-03-31 the items have it.
            current_period_end: i64,
            /// The last invoice.
            latest_invoice: String,
            /// The means of payment.
            default_payment_method: String,
            /// `charge_automatically` or `send_invoice`.
            collection_method: String,
            /// When the subscription was made, in Unix seconds.
            created: i64,
            /// Whether real money is meant.
            livemode: bool,
            /// Your own keys and values.
            metadata: BTreeMap<String, String>,
        }
    }
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

object! {
    /// The first entries of a list; the API has the rest.
    List<T> {
        optional {
            /// The entries.
            data: Vec<T>,
            /// Whether there are more.
            has_more: bool,
        }
    }
}

object! {
    /// One of the things subscribed to.
    SubscriptionItem {
        optional {
            /// The item.
            id: String,
            /// The price.
            price: Price,
            /// How many.
            quantity: i64,
            /// When the paid period began, in Unix seconds.
            current_period_start: i64,
            /// When the paid period ends, in Unix seconds.
            current_period_end: i64,
        }
    }
}

object! {
    /// A price.
    Price {
        optional {
            /// The price.
            id: String,
            /// The product.
            product: String,
            /// The currency, by its ISO code in lower case.
            currency: String,
            /// The amount for one, in the smallest unit of the currency; null if it is not a whole number of them.
            unit_amount: i64,
            /// `recurring` or `one_time`.
            r#type: String,
        }
    }
}

object! {
    /// An invoice. Amounts are in the smallest unit of the currency.
    Invoice {
        optional {
            /// The invoice.
            id: String,
            /// `invoice`.
            object: String,
            /// The number printed on it.
            number: String,
            /// Where it stands.
            status: InvoiceStatus,
            /// Why it was made, such as `subscription_cycle`.
            billing_reason: String,
            /// The customer.
            customer: String,
            /// The customer's address.
            customer_email: String,
            /// The currency, by its ISO code in lower case.
            currency: String,
            /// How much is to be paid.
            amount_due: i64,
            /// How much was paid.
            amount_paid: i64,
            /// How much is left to pay.
            amount_remaining: i64,
            /// The total before taxes and discounts.
            subtotal: i64,
            /// The total with taxes and discounts.
            total: i64,
            /// How often payment was tried.
            attempt_count: i64,
            /// When payment is tried again, in Unix seconds; null if it is not.
            next_payment_attempt: i64,
            /// Until when it is to be paid, in Unix seconds.
            due_date: i64,
            /// When the invoiced period began, in Unix seconds.
            period_start: i64,
            /// When the invoiced period ended, in Unix seconds.
            period_end: i64,
            /// The page on which the customer can pay it.
            hosted_invoice_url: String,
            /// What the invoice is for.
            parent: InvoiceParent,
            /// The subscription. Since API version 2025-03-31 it is in `parent`.
            subscription: String,
            /// When the invoice was made, in Unix seconds.
            created: i64,
            /// Whether real money is meant.
            livemode: bool,
            /// Your own keys and values.
            metadata: BTreeMap<String, String>,
        }
    }
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

object! {
    /// What an invoice is for.
    InvoiceParent {
        optional {
            /// `subscription_details` or `quote_details`.
            r#type: String,
            /// The subscription.
            subscription_details: SubscriptionDetails,
        }
    }
}

object! {
    /// The subscription that an invoice is for.
    SubscriptionDetails {
        optional {
            /// The subscription.
            subscription: String,
        }
    }
}

object! {
    /// A thin event: it says what changed, and the API says the rest.
    Thin {
        required {
            /// Always `v2.core.event`.
            object: ThinWord,
            /// The event type, such as `v2.core.account[requirements].updated`.
            r#type: String,
        }
        optional {
            /// The event's id: deliveries repeat, so handle each id once.
            id: String,
            /// When it happened, in ISO 8601.
            created: String,
            /// Whether real money is meant.
            livemode: bool,
            /// The account that it happened in.
            context: String,
            /// What it happened to.
            related_object: RelatedObject,
            /// What caused it.
            reason: Reason,
            /// What changed.
            changes: Value,
        }
    }
}

object! {
    /// What a thin event happened to.
    RelatedObject {
        optional {
            /// The object.
            id: String,
            /// The kind of object, such as `v2.core.account`.
            r#type: String,
            /// The path to ask the API for it.
            url: String,
        }
    }
}

object! {
    /// What caused a thin event.
    Reason {
        optional {
            /// `request`.
            r#type: String,
            /// The API request.
            request: Request,
        }
    }
}

one_of! {
    /// An event of another type, told apart by `object`.
    Other {
        /// A thin event.
        Thin(Thin),
    } else {
        /// A snapshot event.
        Snapshot(Snapshot<Object>),
    }
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
