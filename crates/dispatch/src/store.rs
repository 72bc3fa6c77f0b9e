//! What a store of deliveries has to do. One table is queue and log at once, so that the two never disagree.
//!
//! A claim gives leases: `due` is the end of a lease, and the attempt number is its fencing token. A worker whose
//! delivery another has claimed since changes nothing with its older number. A store has one clock, in Unix
//! milliseconds, which is not that of its callers: they give lengths of time from now.

use core::future::Future;
use core::time::Duration;

use countersign_core::UnixTime;
use countersign_endpoint::LogFilter;
use countersign_endpoint::retry::Breaker;

use crate::delivery::{AttemptOutcome, ClaimRequest, Claimed, Lease, LogEntry, NewDelivery, Retried};
use crate::error::DispatchError;
use crate::time::unix_ms;

/// Where deliveries wait and where their log is: [`SqliteStore`](crate::SqliteStore), or your own.
///
/// Each function is atomic and durable when it returns. A function that a later version adds has a default.
pub trait Store: Send + Sync + 'static {
    /// Adds deliveries, except those whose event was enqueued for the same endpoint already. Returns how many were
    /// added.
    fn enqueue(&self, new: Vec<NewDelivery>) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// Endpoints that are neither paused nor disabled and have something due, the one that waits longest first.
    fn due(&self) -> impl Future<Output = Result<Vec<String>, DispatchError>> + Send;

    /// Claims what is due: counts an attempt of each delivery, and nobody else can claim it until its lease ends. Of an
    /// endpoint whose pause is over, one delivery is claimed, and no other until that lease ends.
    fn claim(&self, requests: Vec<ClaimRequest>) -> impl Future<Output = Result<Vec<Claimed>, DispatchError>> + Send;

    /// Writes outcomes down, and closes the breakers of endpoints that have accepted a delivery. Returns how many were
    /// written: a delivery that another worker has claimed since is left alone.
    fn finish(&self, outcomes: &[AttemptOutcome]) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// Releases deliveries: they are due now, and the attempts of these leases do not count. Attempts that had not even
    /// `begun` are not in the log either.
    fn release(&self, leases: &[Lease], begun: bool) -> impl Future<Output = Result<(), DispatchError>> + Send;

    /// Makes a delivery due now, with all its retries, unless it is being sent.
    fn retry(&self, id: i64) -> impl Future<Output = Result<Retried, DispatchError>> + Send;

    /// The entries that pass the filter, the newest first, each with the first [`BODY_START`] bytes of its body, which
    /// are redacted by the dispatcher.
    fn log(&self, filter: &LogFilter) -> impl Future<Output = Result<Vec<(LogEntry, Vec<u8>)>, DispatchError>> + Send;

    /// Deletes deliveries that are not pending and were enqueued earlier than this; returns how many.
    fn forget(&self, before: UnixTime) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// How many deliveries are pending.
    fn depth(&self) -> impl Future<Output = Result<u64, DispatchError>> + Send;

    /// The breaker of an endpoint, as text; empty where it is closed and nothing has failed.
    fn breaker(&self, endpoint_id: &str) -> impl Future<Output = Result<String, DispatchError>> + Send;

    /// Replaces the breaker, with a pause from now on if there is to be one. `false`, and nothing changes, if it is no
    /// longer `old`.
    fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause: Option<Duration>,
    ) -> impl Future<Output = Result<bool, DispatchError>> + Send;

    /// Stops or starts sending to an endpoint; what is pending waits. Starting closes its breaker.
    fn set_disabled(&self, endpoint_id: &str, disabled: bool)
    -> impl Future<Output = Result<(), DispatchError>> + Send;
}

/// How much of a body the log looks at.
pub const BODY_START: i64 = 16 * 1024;

/// A longer wait, in milliseconds, was written by a clock that was ahead, and counts as over: a pause takes a day at
/// most, a retry two weeks.
pub(crate) const LONGEST_WAIT: i64 = 15 * 86_400_000;

pub(crate) fn breaker_from(text: &str) -> Breaker {
    serde_json::from_str(text).unwrap_or_default()
}

/// A filter's bounds in milliseconds, its limit and its offset.
pub(crate) fn bounds(filter: &LogFilter) -> (i64, i64, i64, i64) {
    (
        filter.date_from.map_or(0, unix_ms),
        filter.date_to.map_or(i64::MAX, |to| unix_ms(to).saturating_add(1000)),
        filter.limit.unwrap_or(LogFilter::DEFAULT_LIMIT),
        filter.offset.unwrap_or(0),
    )
}
