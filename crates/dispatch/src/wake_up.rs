//! The wake-up of a worker: its dispatcher says for which endpoints there is something due, and need not wait for the poll.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

#[derive(Default)]
pub(crate) struct WakeUp {
    signal: Mutex<Signal>,
    given: Notify,
}

/// What has been said since the worker last woke up.
#[derive(Default)]
pub(crate) struct Signal {
    /// Something was enqueued for these.
    pub(crate) endpoint_ids: HashSet<String>,
    /// Something else is due.
    pub(crate) look: bool,
}

impl WakeUp {
    pub(crate) fn give(&self, change: impl FnOnce(&mut Signal)) {
        change(&mut self.signal.lock().unwrap_or_else(PoisonError::into_inner));
        self.given.notify_one();
    }

    pub(crate) async fn wait(&self) -> Signal {
        self.given.notified().await;
        core::mem::take(&mut self.signal.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
