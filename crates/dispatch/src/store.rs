//! What a store of deliveries has to do. One table is queue and log at once, so that the two never disagree.
//!
//! A claim is a lease: `due` is its end, and the attempt number is its fencing token. Whoever comes too late with an
//! older number changes nothing. A store has one clock, in Unix milliseconds, which is not that of its callers: what they
//! say about time is how long from now.

use core::fmt;
use core::future::Future;

use countersign_core::UnixTime;
use countersign_endpoint::retry::Breaker;
use countersign_endpoint::{DeliveryStatus, LogFilter};

use crate::error::DispatchError;

/// One event on its way to one endpoint. Nothing of it is signed: that happens when it is sent.
#[derive(Clone)]
pub struct NewDelivery {
    /// The event's id, which is signed. An event goes to an endpoint once, however often it is enqueued.
    pub event_id: String,
    /// Where to.
    pub endpoint_id: String,
    /// What happened.
    pub event_type: String,
    /// What is sent, byte for byte.
    pub body: Vec<u8>,
    /// Sent by hand to see whether the endpoint works: one attempt.
    pub test: bool,
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

/// One worker's hold on a delivery. It is over when the delivery is claimed anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The delivery's id in the log.
    pub id: i64,
    /// Attempts ever begun, this one included. It only grows: the fencing token.
    pub attempt: i64,
}

/// A delivery that one worker holds until its lease ends.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The hold on it.
    pub lease: Lease,
    /// Those among its attempts that do not count for the schedule: before a retry by hand, and given back by a shutdown.
    pub uncounted: i64,
    /// The delivery.
    pub delivery: NewDelivery,
}

/// What a worker would take from one endpoint.
#[derive(Clone, Debug)]
pub struct Want {
    /// The endpoint.
    pub endpoint_id: String,
    /// How many deliveries at most; one, where the endpoint is being probed.
    pub room: i64,
    /// How many milliseconds the lease is to last.
    pub lease_ms: i64,
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub struct Finish {
    /// The hold that ends.
    pub lease: Lease,
    /// Where it went.
    pub endpoint_id: String,
    /// Where the delivery stands now.
    pub status: DeliveryStatus,
    /// How many milliseconds to wait for the next attempt, where it is pending.
    pub wait_ms: i64,
    /// The status that the receiver answered with.
    pub response_status: Option<i32>,
    /// How long the attempt took.
    pub duration_ms: i64,
    /// What went wrong, as one word.
    pub error: Option<&'static str>,
    /// The beginning of the answer, redacted.
    pub preview: Option<String>,
}

/// A delivery as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id, for a retry by hand.
    pub id: i64,
    /// The event.
    pub event_id: String,
    /// The endpoint.
    pub webhook_id: String,
    /// The event's type.
    pub event_type: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Attempts begun, without those that a worker claimed and gave back unsent.
    pub attempt: i64,
    /// Whether it is a test.
    pub test: bool,
    /// When it was enqueued.
    pub created_ms: i64,
    /// The next attempt or the end of the lease, where it is pending.
    pub due_ms: i64,
    /// The last answer's status.
    pub response_status: Option<i32>,
    /// How long the last attempt took.
    pub duration_ms: Option<i64>,
    /// What went wrong last: `timeout`, `dns`, `connect`, `tls`, `cut_off`, `crashed`, `status`, or the code of a
    /// setting that was refused.
    pub error: Option<String>,
    /// The beginning of the last answer, redacted.
    pub response_preview: Option<String>,
    /// The beginning of what is sent, redacted.
    pub body_preview: String,
}

/// What happens on a retry by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It is due now.
    Due,
    /// It is being sent.
    InProgress,
    /// There is none.
    Unknown,
}

/// Where deliveries wait and where their log is: [`SqliteStore`](super::SqliteStore), or your own.
///
/// Each function is atomic and durable when it returns.
pub trait Store: Send + Sync + 'static {
    /// Adds deliveries, except those whose event is there for that endpoint. Returns how many were added.
    fn enqueue(&self, new: Vec<NewDelivery>) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// Endpoints that are neither paused nor disabled and have something due, the one that waits longest first.
    fn due(&self) -> impl Future<Output = Result<Vec<String>, DispatchError>> + Send;

    /// Takes what is due, counts an attempt, and lends it until the end of the lease. An endpoint whose pause is over
    /// lends one, and nothing more until that lease ends.
    fn claim(&self, wants: Vec<Want>) -> impl Future<Output = Result<Vec<Claimed>, DispatchError>> + Send;

    /// Writes down what came of attempts, and closes the breakers of endpoints that have accepted one. Returns how many
    /// were written: those that another worker has claimed since are left alone.
    fn finish(&self, done: &[Finish]) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// Gives deliveries back, due now; the attempt does not count. If it was not even `begun`, the log does not show it.
    fn release(&self, leases: &[Lease], begun: bool) -> impl Future<Output = Result<(), DispatchError>> + Send;

    /// Makes a delivery due now, with all its retries, unless it is being sent.
    fn retry(&self, id: i64) -> impl Future<Output = Result<Retried, DispatchError>> + Send;

    /// The entries that pass, the newest first, each with the first [`BODY_START`] bytes of its body, which are redacted
    /// by the dispatcher.
    fn log(&self, filter: &LogFilter) -> impl Future<Output = Result<Vec<(LogEntry, Vec<u8>)>, DispatchError>> + Send;

    /// Deletes deliveries that are not pending and were enqueued before this Unix time; returns how many.
    fn forget(&self, before_ms: i64) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// How many deliveries are pending.
    fn depth(&self) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// The breaker of an endpoint, as text; empty where it is closed and nothing has failed.
    fn breaker(&self, endpoint_id: &str) -> impl Future<Output = Result<String, DispatchError>> + Send;

    /// Replaces it if it still is `old`, with a pause of so many milliseconds if there is to be one; `false` if it is not.
    fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause_ms: Option<i64>,
    ) -> impl Future<Output = Result<bool, DispatchError>> + Send;

    /// Stops or starts sending to an endpoint; what is pending waits. Starting closes its breaker.
    fn set_disabled(&self, endpoint_id: &str, disabled: bool)
    -> impl Future<Output = Result<(), DispatchError>> + Send;
}

/// How much of a body the log looks at.
pub const BODY_START: i64 = 16 * 1024;

/// Whatever waits longer, in milliseconds, was told so by a clock that was ahead, and counts as due: a pause takes a day at
/// most, a retry two weeks.
pub(crate) const LONGEST_WAIT: i64 = 15 * 86_400_000;

pub(crate) fn breaker_from(text: &str) -> Breaker {
    serde_json::from_str(text).unwrap_or_default()
}

/// A filter's bounds in milliseconds, its limit and its offset.
pub(crate) fn bounds(filter: &LogFilter) -> (i64, i64, i64, i64) {
    (
        filter.date_from.map_or(0, to_ms),
        filter.date_to.map_or(i64::MAX, |to| to_ms(to).saturating_add(1000)),
        filter.limit.unwrap_or(LogFilter::DEFAULT_LIMIT),
        filter.offset.unwrap_or(0),
    )
}

pub(crate) fn to_ms(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs().saturating_mul(1000)).unwrap_or(i64::MAX)
}

/// Reads a row of `CLAIM`, whose columns stand in the order of both stores' statements.
macro_rules! claimed {
    ($row:ident, $get:ident) => {
        Ok(Claimed {
            lease: Lease { id: $row.$get(0)?, attempt: $row.$get(1)? },
            uncounted: $row.$get(2)?,
            delivery: NewDelivery {
                event_id: $row.$get(3)?,
                endpoint_id: $row.$get(4)?,
                event_type: $row.$get(5)?,
                body: $row.$get(6)?,
                test: $row.$get(7)?,
            },
        })
    };
}
pub(crate) use claimed;

/// Reads a row of `LOG`: an entry and the beginning of its body.
macro_rules! entry {
    ($row:ident, $get:ident) => {{
        let entry = LogEntry {
            id: $row.$get(0)?,
            event_id: $row.$get(1)?,
            webhook_id: $row.$get(2)?,
            event_type: $row.$get(3)?,
            status: DeliveryStatus::from($row.$get::<_, String>(4)?),
            attempt: $row.$get(5)?,
            test: $row.$get(6)?,
            created_ms: $row.$get(7)?,
            due_ms: $row.$get(8)?,
            response_status: $row.$get(9)?,
            duration_ms: $row.$get(10)?,
            error: $row.$get(11)?,
            response_preview: $row.$get(12)?,
            body_preview: String::new(),
        };
        Ok((entry, $row.$get(13)?))
    }};
}
pub(crate) use entry;
