//! Numbers for monitoring, counted since the dispatcher was made.

use core::sync::atomic::{AtomicU64, Ordering};

/// How often each of these has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Attempts that were made.
    pub attempts: u64,
    /// Attempts whose delivery was accepted.
    pub accepted: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Deliveries that were given up.
    pub dead_letters: u64,
    /// Pauses that began, of all endpoints together.
    pub pauses: u64,
    /// Milliseconds that all attempts took together.
    pub attempt_ms: u64,
}

/// The counters behind [`Counts`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) attempts: AtomicU64,
    pub(crate) accepted: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) dead_letters: AtomicU64,
    pub(crate) pauses: AtomicU64,
    pub(crate) attempt_ms: AtomicU64,
}

pub(crate) fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

impl Counters {
    pub(crate) fn read(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            attempts: read(&self.attempts),
            accepted: read(&self.accepted),
            failed: read(&self.failed),
            dead_letters: read(&self.dead_letters),
            pauses: read(&self.pauses),
            attempt_ms: read(&self.attempt_ms),
        }
    }
}
