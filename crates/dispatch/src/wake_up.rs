//! The wake-up of a worker: the dispatcher tells it for which endpoints something is due, so that the worker need not
//! wait for its next poll.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

#[derive(Default)]
pub(crate) struct WakeUp {
    signal: Mutex<Signal>,
    given: Notify,
}

/// What the worker was told since it last woke up.
#[derive(Default)]
pub(crate) struct Signal {
    /// The endpoints for which something was enqueued.
    pub(crate) endpoint_ids: HashSet<String>,
    /// Whether something else is due, so that the store has to be asked.
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
