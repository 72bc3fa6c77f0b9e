//! What a worker and a store tell each other about deliveries.

use core::fmt;
use core::time::Duration;

use countersign_endpoint::DeliveryStatus;

use crate::attempt_error::AttemptError;

/// One event for one endpoint, as it is enqueued. Nothing of it is signed: that happens when it is sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewDelivery {
    /// The event's id, which is signed. An event goes to an endpoint once, however often it is enqueued.
    pub event_id: String,
    /// The endpoint that it goes to.
    pub endpoint_id: String,
    /// What happened.
    pub event_type: String,
    /// What is sent, byte for byte.
    pub body: Vec<u8>,
    /// Sent by hand to see whether the endpoint works: one attempt.
    pub test: bool,
}

impl NewDelivery {
    /// An event for an endpoint, not a test.
    pub fn new(
        event_id: impl Into<String>,
        endpoint_id: impl Into<String>,
        event_type: impl Into<String>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            event_id: event_id.into(),
            endpoint_id: endpoint_id.into(),
            event_type: event_type.into(),
            body: body.into(),
            test: false,
        }
    }
}

impl fmt::Debug for NewDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("event_id", &self.event_id)
            .field("endpoint_id", &self.endpoint_id)
            .field("event_type", &self.event_type)
            .field("body_bytes", &self.body.len())
            .field("test", &self.test)
            .finish()
    }
}

/// One worker's right to send a delivery. It ends with an outcome, by a release, or when another worker claims the
/// delivery after the lease is over.
///
/// These two numbers are all of it, so it is not `#[non_exhaustive]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The delivery's id in the log.
    pub id: i64,
    /// How many attempts were ever begun, this one included. It only grows: the fencing token.
    pub attempt: i64,
}

/// A delivery that one worker has claimed, until its lease ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claimed {
    /// The lease.
    pub lease: Lease,
    /// How many of its attempts do not count for the schedule: those before a retry by hand, and those that were
    /// released.
    pub uncounted: i64,
    /// The delivery.
    pub delivery: NewDelivery,
}

impl Claimed {
    /// A claimed delivery, all of whose attempts count.
    #[must_use]
    pub const fn new(lease: Lease, delivery: NewDelivery) -> Self {
        Self { lease, uncounted: 0, delivery }
    }
}

/// What a worker asks for when it claims deliveries to one endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClaimRequest {
    /// The endpoint.
    pub endpoint_id: String,
    /// How many deliveries at most; the store gives one, where the endpoint is being probed.
    pub limit: usize,
    /// How long the leases last.
    pub lease: Duration,
}

impl ClaimRequest {
    /// At most this many deliveries to this endpoint, with leases of this length.
    pub fn new(endpoint_id: impl Into<String>, limit: usize, lease: Duration) -> Self {
        Self { endpoint_id: endpoint_id.into(), limit, lease }
    }
}

/// The outcome of an attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttemptOutcome {
    /// The lease that ends.
    pub lease: Lease,
    /// The endpoint.
    pub endpoint_id: String,
    /// Where the delivery stands now.
    pub status: DeliveryStatus,
    /// How long to wait for the next attempt, where the delivery is pending.
    pub wait: Duration,
    /// The status that the receiver answered with.
    pub response_status: Option<i32>,
    /// How long the attempt took.
    pub duration: Duration,
    /// What went wrong.
    pub error: Option<AttemptError>,
    /// The beginning of the answer, redacted.
    pub preview: Option<String>,
}

impl AttemptOutcome {
    /// The outcome of an attempt that took no time and got no answer.
    pub fn new(lease: Lease, endpoint_id: impl Into<String>, status: DeliveryStatus) -> Self {
        Self {
            lease,
            endpoint_id: endpoint_id.into(),
            status,
            wait: Duration::ZERO,
            response_status: None,
            duration: Duration::ZERO,
            error: None,
            preview: None,
        }
    }
}

/// A delivery as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogEntry {
    /// Its id, for a retry by hand.
    pub id: i64,
    /// The event.
    pub event_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// The event's type.
    pub event_type: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How many attempts were begun, without those that a worker claimed and released unsent.
    pub attempt: i64,
    /// Whether it is a test.
    pub test: bool,
    /// When it was enqueued, in Unix milliseconds.
    pub created_ms: i64,
    /// When the next attempt is due or the lease ends, where it is pending, in Unix milliseconds.
    pub due_ms: i64,
    /// The last answer's status.
    pub response_status: Option<i32>,
    /// How long the last attempt took.
    pub duration: Option<Duration>,
    /// What went wrong last, as the word of an [`AttemptError`]; another version may have written a word that is not
    /// known here.
    pub error: Option<String>,
    /// The beginning of the last answer, redacted.
    pub response_preview: Option<String>,
    /// The beginning of what is sent, redacted.
    pub body_preview: String,
}

impl LogEntry {
    /// An entry about a delivery that was just enqueued at this time, in Unix milliseconds.
    pub fn new(
        id: i64,
        event_id: impl Into<String>,
        endpoint_id: impl Into<String>,
        event_type: impl Into<String>,
        created_ms: i64,
    ) -> Self {
        Self {
            id,
            event_id: event_id.into(),
            endpoint_id: endpoint_id.into(),
            event_type: event_type.into(),
            status: DeliveryStatus::Pending,
            attempt: 0,
            test: false,
            created_ms,
            due_ms: created_ms,
            response_status: None,
            duration: None,
            error: None,
            response_preview: None,
            body_preview: String::new(),
        }
    }
}

/// The answer to a retry by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retried {
    /// The delivery is due now.
    Due,
    /// The delivery is being sent, so nothing has changed.
    InProgress,
    /// There is no delivery of this id.
    Unknown,
}
