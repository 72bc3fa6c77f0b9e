//! A store that fails when a test says so: before its work, or after it, so that only the answer is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::dispatch::{Claimed, DispatchError, Finish, LogEntry, NewDelivery, Retried, Store, Want};
use countersign::endpoint::LogFilter;

/// How many calls are still to fail.
#[derive(Default)]
pub struct Trouble {
    pub enqueue: AtomicUsize,
    pub finish: AtomicUsize,
    pub finish_answer: AtomicUsize,
    pub claim: AtomicUsize,
    pub claim_answer: AtomicUsize,
    pub breaker: AtomicUsize,
    pub failed: AtomicUsize,
}

#[derive(Clone)]
pub struct Faulty<S>(pub S, pub Arc<Trouble>);

impl<S> Faulty<S> {
    fn now_and_then(&self, left: &AtomicUsize) -> Result<(), DispatchError> {
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            return Ok(());
        }
        self.1.failed.fetch_add(1, Ordering::SeqCst);
        Err(DispatchError::store(&"as the test wants it"))
    }
}

impl<S: Store> Store for Faulty<S> {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        self.now_and_then(&self.1.enqueue)?;
        self.0.enqueue(new).await
    }
    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        self.0.due().await
    }
    async fn claim(&self, wants: Vec<Want>) -> Result<Vec<Claimed>, DispatchError> {
        self.now_and_then(&self.1.claim)?;
        let claimed = self.0.claim(wants).await?;
        self.now_and_then(&self.1.claim_answer)?;
        Ok(claimed)
    }
    async fn finish(&self, done: &[(Claimed, Finish)]) -> Result<u64, DispatchError> {
        self.now_and_then(&self.1.finish)?;
        let written = self.0.finish(done).await?;
        self.now_and_then(&self.1.finish_answer)?;
        Ok(written)
    }
    async fn release(&self, claimed: &Claimed) -> Result<(), DispatchError> {
        self.0.release(claimed).await
    }
    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        self.0.retry(id).await
    }
    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        self.0.log(filter).await
    }
    async fn forget(&self, before_ms: i64) -> Result<u64, DispatchError> {
        self.0.forget(before_ms).await
    }
    async fn depth(&self) -> Result<u64, DispatchError> {
        self.0.depth().await
    }
    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        self.now_and_then(&self.1.breaker)?;
        self.0.breaker(endpoint_id).await
    }
    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause_ms: Option<i64>,
    ) -> Result<bool, DispatchError> {
        self.0.set_breaker(endpoint_id, old, new, pause_ms).await
    }
    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        self.0.set_disabled(endpoint_id, disabled).await
    }
}
