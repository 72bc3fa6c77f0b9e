//! PlaneConnection: HMAC-SHA256 over the body, in one of two headers; the timestamp header is not signed.

use alloc::string::String;
use core::time::Duration;

use crate::envelope::{object, payload};
use crate::fields::Extra;
use crate::habits::Habits;
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
use crate::retries::{Retries, Waits};
use crate::scheme::{Scheme, Tolerance};
use crate::shape::{Is, Part, Shape};
use crate::time::TimestampFormat;

/// The window of the unsigned timestamp, and how long retries may come: a day covers five attempts and a manual one.
const RETRY_HORIZON: u64 = 86_400;

/// How the provider signs. Facts: <https://docs.planeconnection.com/en/reference/webhook-events>.
pub(crate) static PRESET: Preset = Preset {
    name: "planeconnection",
    dialects: &[
        Dialect {
            name: "api",
            auto: true,
            scheme: || {
                Scheme::hmac_sha256("X-Webhook-Signature")
                    .prefix("sha256=")
                    .timestamp("X-Webhook-Timestamp")
                    .timestamp_format(TimestampFormat::Iso8601)
                    .tolerance(Tolerance::from_secs(RETRY_HORIZON, 300))
            },
        },
        Dialect {
            name: "settings",
            auto: true,
            scheme: || Scheme::hmac_sha256("X-PlaneConnection-Signature").prefix("sha256=").prefix_optional(),
        },
    ],
    wrong_kinds: &[],
    retry_horizon: Duration::from_secs(RETRY_HORIZON),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "PlaneConnection",
    docs: "https://docs.planeconnection.com/en/reference/webhook-events",
    signs: Signs::IfConfigured,
    instead: &[],
    covers: "the body",
    not_covered: "X-Webhook-Event, X-Webhook-Timestamp, X-Webhook-ID (the id of the configuration, the same for every delivery)",
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
    shapes: &[Shape {
        requires: &[("type", Is::Text), ("data", Is::Present)],
        event_type: &[Part::Field("type")],
        id: &["id"],
    }],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-Webhook-Event", Sent::BodyField("type")),
        ("X-Webhook-ID", Sent::Id),
    ],
    retries: Some(Retries { waits: Waits::Steps(&[60, 300, 1800, 7200]), most: 4, only_200: false }),
    events: EVENTS,
};

/// How it writes its JSON.
pub(crate) static HABITS: Habits = Habits {
    key_order: "id type workspace_id timestamp data|trip_id trip_type status origin destination departure_date aircraft_id \
    created_by",
    is_certain: true,
    hints: &[
        "PlaneConnection makes a secret itself, or takes one of your own instead: use the one that the webhook has now.",
    ],
    ..Habits::UNKNOWN
};

object! {
    /// The body of every event.
    Envelope<T> {
        always {
            /// What happened.
            data: T,
        }
        optional {
            /// The event's id: deliveries repeat, so handle each id once.
            id: String,
            /// The event type, such as `trip.created`.
            r#type: String,
            /// The workspace it happened in.
            workspace_id: String,
            /// When it happened, in ISO 8601.
            timestamp: String,
        }
    }
}

object! {
    /// What a new trip is like: the one event whose data is documented.
    Trip {
        optional {
            /// The trip.
            trip_id: String,
            /// The kind of trip, such as `charter`.
            trip_type: String,
            /// Where it stands.
            status: String,
            /// The airport of departure, by ICAO code.
            origin: String,
            /// The airport of arrival, by ICAO code.
            destination: String,
            /// The day of departure.
            departure_date: String,
            /// The aircraft.
            aircraft_id: String,
            /// Who made it.
            created_by: String,
        }
    }
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
