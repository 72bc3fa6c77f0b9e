//! PlaneConnection: HMAC-SHA256 over the body, in one of two headers; the timestamp header is not signed.

use alloc::borrow::Cow::Borrowed;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::crypto::Algorithm;
use crate::envelope::{Extra, payload};
use crate::provider::{About, Dialect, Is, Part, Preset, Sent, Shape};
use crate::scheme::{Encoding, EventPaths, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::time::TimestampFormat;

/// The window of the unsigned timestamp, and how long retries may come: a day covers five attempts and a manual one.
const RETRY_HORIZON: u64 = 86_400;

/// How the sender signs. Facts: <https://docs.planeconnection.com/en/reference/webhook-events>.
pub(crate) static PRESET: Preset = Preset {
    name: "planeconnection",
    dialects: &[
        Dialect {
            name: "api",
            auto: true,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-Webhook-Signature"),
                    prefix: Borrowed("sha256="),
                    prefix_optional: false,
                    ed25519_prefix: None,
                    separator: Borrowed(""),
                    encoding: Encoding::Hex,
                },
                timestamp: Some(TimestampSource {
                    header: Borrowed("X-Webhook-Timestamp"),
                    field: Borrowed(""),
                    format: TimestampFormat::Iso8601,
                }),
                id: None,
                signed: Borrowed("{body}"),
                signed_if_empty: None,
                key: KeyFormat::Utf8,
                algorithm: Algorithm::HmacSha256,
                tolerance: Tolerance { past: Some(RETRY_HORIZON), future: Some(300) },
                event: EventPaths { event_type: None, id: None },
            },
        },
        Dialect {
            name: "settings",
            auto: true,
            scheme: Scheme {
                signature: SignatureHeader {
                    header: Borrowed("X-PlaneConnection-Signature"),
                    prefix: Borrowed("sha256="),
                    prefix_optional: true,
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
        },
    ],
    wrong_kinds: &[],
    retry_horizon: RETRY_HORIZON,
    detectable: true,
};

/// What else is known about the sender.
pub(crate) static ABOUT: About = About {
    title: "PlaneConnection",
    docs: "https://docs.planeconnection.com/en/reference/webhook-events",
    covers: "the body",
    not_covered: "X-Webhook-Event, X-Webhook-Timestamp, X-Webhook-ID (the id of the configuration, the same for every delivery)",
    shapes: &[Shape {
        requires: &[("id", Is::Text), ("type", Is::Text), ("data", Is::Present)],
        event_type: &[Part::Field("type")],
        id: &["id"],
    }],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-Webhook-Event", Sent::BodyField("type")),
        ("X-Webhook-ID", Sent::Id),
    ],
    events: EVENTS,
};

/// The body of every event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The event's id: deliveries repeat, so handle each id once.
    pub id: String,
    /// The event type, such as `trip.created`.
    pub r#type: String,
    /// The workspace it happened in.
    pub workspace_id: String,
    /// When it happened, in ISO 8601.
    pub timestamp: String,
    /// What happened.
    pub data: T,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a new trip is like: the one event whose data is documented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// The trip.
    pub trip_id: String,
    /// The kind of trip, such as `charter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip_type: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The airport of departure, by ICAO code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The airport of arrival, by ICAO code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// The day of departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure_date: Option<String>,
    /// The aircraft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aircraft_id: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

payload! {
    /// The typed payload, with the event types of the events reference and of the API page; the two lists differ.
    {
        TripCreated(Envelope<Trip>) = "trip.created";
        TripChanged(Envelope<Extra>) = "trip.updated" | "trip.confirmed" | "trip.cancelled" | "trip.completed"
            | "trip.crew_assigned" | "trip.crew_removed" | "trip.passenger_added" | "trip.passenger_removed";
        TripRequest(Envelope<Extra>) = "trip_request.created" | "trip_request.accepted" | "trip_request.declined"
            | "trip_request.quoted" | "trip_request.quote_accepted" | "trip_request.quote_declined"
            | "trip_request.cancelled";
        SafetyReport(Envelope<Extra>) = "safety_report.submitted" | "safety_report.updated" | "safety_report.closed";
        Investigation(Envelope<Extra>) = "investigation.created" | "investigation.completed";
        Cpa(Envelope<Extra>) = "cpa.created";
        Reservation(Envelope<Extra>) = "reservation.created" | "reservation.updated" | "reservation.cancelled"
            | "reservation.checked_in" | "reservation.checked_out";
        Invoice(Envelope<Extra>) = "invoice.created" | "invoice.paid" | "invoice.overdue";
        Flight(Envelope<Extra>) = "flight.scheduled" | "flight.departed" | "flight.arrived" | "flight.cancelled";
        Maintenance(Envelope<Extra>) = "maintenance.due" | "maintenance.completed";
        Customer(Envelope<Extra>) = "customer.created" | "customer.updated";
    } other Envelope<Extra>
}
