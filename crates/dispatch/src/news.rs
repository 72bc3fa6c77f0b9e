//! What the callers of a dispatcher tell its worker: for whom there is something new.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

#[derive(Default)]
pub(crate) struct News {
    untold: Mutex<Untold>,
    there_is: Notify,
}

#[derive(Default)]
pub(crate) struct Untold {
    /// Something was enqueued for these.
    pub(crate) endpoint_ids: HashSet<String>,
    /// Something else is due.
    pub(crate) look: bool,
}

impl News {
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Untold)) {
        change(&mut self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        self.there_is.notify_one();
    }

    pub(crate) async fn wait(&self) -> Untold {
        self.there_is.notified().await;
        core::mem::take(&mut self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
