//! The store of a test: SQLite or PostgreSQL as one type, so that every test is compiled once; it fails when a test says
//! so: before its work, or after it, so that only the answer is lost.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::UnixTime;
#[cfg(feature = "postgres")]
use countersign::dispatch::PostgresStore;
use countersign::dispatch::{
    AttemptOutcome, ClaimRequest, Claimed, DispatchError, Lease, LogEntry, NewDelivery, Retried, SqliteStore, Store,
};
use countersign::endpoint::LogFilter;

#[derive(Clone)]
pub struct TestStore {
    real: Real,
    pub trouble: Arc<Trouble>,
}

#[derive(Clone)]
enum Real {
    Sqlite(SqliteStore),
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// How many calls are still to fail, and how many have.
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

impl From<SqliteStore> for TestStore {
    fn from(store: SqliteStore) -> Self {
        Self { real: Real::Sqlite(store), trouble: Arc::default() }
    }
}

#[cfg(feature = "postgres")]
impl From<PostgresStore> for TestStore {
    fn from(store: PostgresStore) -> Self {
        Self { real: Real::Postgres(store), trouble: Arc::default() }
    }
}

impl TestStore {
    fn now_and_then(&self, left: &AtomicUsize) -> Result<(), DispatchError> {
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            return Ok(());
        }
        self.trouble.failed.fetch_add(1, Ordering::SeqCst);
        Err(DispatchError::store(&"as the test wants it"))
    }
}

macro_rules! real {
    ($self:ident.$method:ident($($value:expr),*)) => {
        match &$self.real {
            Real::Sqlite(store) => store.$method($($value),*).await,
            #[cfg(feature = "postgres")]
            Real::Postgres(store) => store.$method($($value),*).await,
        }
    };
}

impl Store for TestStore {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        self.now_and_then(&self.trouble.enqueue)?;
        real!(self.enqueue(new))
    }
    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        real!(self.due())
    }
    async fn claim(&self, requests: Vec<ClaimRequest>) -> Result<Vec<Claimed>, DispatchError> {
        self.now_and_then(&self.trouble.claim)?;
        let claimed = real!(self.claim(requests))?;
        if !claimed.is_empty() {
            self.now_and_then(&self.trouble.claim_answer)?;
        }
        Ok(claimed)
    }
    async fn finish(&self, outcomes: &[AttemptOutcome]) -> Result<u64, DispatchError> {
        self.now_and_then(&self.trouble.finish)?;
        let written = real!(self.finish(outcomes))?;
        self.now_and_then(&self.trouble.finish_answer)?;
        Ok(written)
    }
    async fn release(&self, leases: &[Lease], begun: bool) -> Result<(), DispatchError> {
        real!(self.release(leases, begun))
    }
    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        real!(self.retry(id))
    }
    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        real!(self.log(filter))
    }
    async fn forget(&self, before: UnixTime) -> Result<u64, DispatchError> {
        real!(self.forget(before))
    }
    async fn depth(&self) -> Result<u64, DispatchError> {
        real!(self.depth())
    }
    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        self.now_and_then(&self.trouble.breaker)?;
        real!(self.breaker(endpoint_id))
    }
    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause: Option<Duration>,
    ) -> Result<bool, DispatchError> {
        real!(self.set_breaker(endpoint_id, old, new, pause))
    }
    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        real!(self.set_disabled(endpoint_id, disabled))
    }
}
