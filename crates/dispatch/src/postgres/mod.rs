//! Deliveries in PostgreSQL: as many workers on as many machines as it can take, all on the server's clock.

mod error;
mod schema;
mod statements;
mod unlogged;

use core::fmt;
use core::time::Duration;

use countersign_core::UnixTime;
use countersign_endpoint::{DeliveryStatus, LogFilter};
use deadpool_postgres::{GenericClient, Pool};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use self::error::failed;
use self::unlogged::Unlogged;
use crate::attempt_error::AttemptError;
use crate::delivery::{AttemptOutcome, ClaimRequest, Claimed, Lease, LogEntry, NewDelivery, Retried};
use crate::error::DispatchError;
use crate::rows;
use crate::store::{BODY_START, LONGEST_WAIT, Store, bounds};
use crate::time::{ms, unix_ms};

/// Deliveries in PostgreSQL 12 or later, in two tables of the schema that the connections use.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
}

impl PostgresStore {
    /// Uses these connections, and brings the tables to the version of this library.
    ///
    /// # Errors
    /// `store_failed`, `schema_too_new`.
    pub async fn open(pool: Pool) -> Result<Self, DispatchError> {
        let store = Self { pool };
        let mut client = store.client().await?;
        schema::migrate(&mut client).await?;
        client.batch_execute(statements::CORRECT_WAITS).await.map_err(failed)?;
        Ok(store)
    }

    /// Enqueues inside a transaction of the caller's own, in the same database: what happened and its deliveries are
    /// there together or not at all. `new` is what [`Dispatcher::deliveries`](crate::Dispatcher::deliveries) gives. A
    /// dispatcher sees it at its next poll.
    ///
    /// # Errors
    /// `store_failed`; then the transaction is the caller's to roll back.
    pub async fn enqueue_in(transaction: &impl GenericClient, new: &[NewDelivery]) -> Result<u64, DispatchError> {
        let text = |field: fn(&NewDelivery) -> &String| new.iter().map(field).collect::<Vec<_>>();
        let endpoints = text(|one| &one.endpoint_id);
        let bodies: Vec<_> = new.iter().map(|one| Unlogged(&*one.body)).collect();
        let tests: Vec<bool> = new.iter().map(|one| one.test).collect();
        execute(transaction, statements::ADD_ENDPOINTS, &[&endpoints]).await?;
        let columns: [&(dyn ToSql + Sync); 5] =
            [&text(|one| &one.event_id), &endpoints, &text(|one| &one.event_type), &bodies, &tests];
        execute(transaction, statements::ADD, &columns).await
    }

    async fn client(&self) -> Result<deadpool_postgres::Client, DispatchError> {
        self.pool.get().await.map_err(|error| DispatchError::store(&error))
    }

    async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, DispatchError> {
        execute(&self.client().await?, sql, values).await
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, DispatchError> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(failed)?;
        client.query(&statement, values).await.map_err(failed)
    }
}

async fn execute(client: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, DispatchError> {
    let statement = client.prepare_cached(sql).await.map_err(failed)?;
    client.execute(&statement, values).await.map_err(failed)
}

fn claimed(row: &Row) -> Result<Claimed, tokio_postgres::Error> {
    rows::claimed!(row, try_get)
}

fn entry(row: &Row) -> Result<(LogEntry, Vec<u8>), tokio_postgres::Error> {
    rows::entry!(row, try_get)
}

fn all<T>(rows: &[Row], read: fn(&Row) -> Result<T, tokio_postgres::Error>) -> Result<Vec<T>, DispatchError> {
    rows.iter().map(read).collect::<Result<_, _>>().map_err(failed)
}

/// One field of all items, as an array for PostgreSQL.
fn column<'a, T, V>(all: &'a [T], field: impl Fn(&'a T) -> V) -> Vec<V> {
    all.iter().map(field).collect()
}

impl Store for PostgresStore {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        Self::enqueue_in(&self.client().await?, &new).await
    }

    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        all(&self.query(statements::DUE, &[&LONGEST_WAIT]).await?, |row| row.try_get(0))
    }

    async fn claim(&self, requests: Vec<ClaimRequest>) -> Result<Vec<Claimed>, DispatchError> {
        let ids: Vec<&str> = column(&requests, |request| &*request.endpoint_id);
        let limits = column(&requests, |request| i64::try_from(request.limit).unwrap_or(i64::MAX));
        let leases = column(&requests, |request| ms(request.lease));
        all(&self.query(statements::CLAIM, &[&ids, &limits, &leases, &LONGEST_WAIT]).await?, claimed)
    }

    async fn finish(&self, outcomes: &[AttemptOutcome]) -> Result<u64, DispatchError> {
        let accepted = outcomes.iter().filter(|outcome| outcome.status == DeliveryStatus::Success);
        let accepted: Vec<&str> = accepted.map(|outcome| &*outcome.endpoint_id).collect();
        let values: [&(dyn ToSql + Sync); 9] = [
            &column(outcomes, |outcome| outcome.lease.id),
            &column(outcomes, |outcome| outcome.lease.attempt),
            &column(outcomes, |outcome| outcome.status.as_str()),
            &column(outcomes, |outcome| ms(outcome.wait)),
            &column(outcomes, |outcome| outcome.response_status),
            &column(outcomes, |outcome| ms(outcome.duration)),
            &column(outcomes, |outcome| outcome.error.map(AttemptError::as_str)),
            &column(outcomes, |outcome| outcome.preview.as_deref().map(Unlogged)),
            &accepted,
        ];
        self.execute(statements::FINISH, &values).await
    }

    async fn release(&self, leases: &[Lease], begun: bool) -> Result<(), DispatchError> {
        let (ids, attempts) = (column(leases, |lease| lease.id), column(leases, |lease| lease.attempt));
        self.execute(statements::RELEASE, &[&ids, &attempts, &i64::from(!begun)]).await.map(drop)
    }

    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        if self.execute(statements::RETRY, &[&id]).await? == 1 {
            return Ok(Retried::Due);
        }
        let known = self.query(statements::IS_KNOWN, &[&id]).await?;
        Ok(if known.is_empty() { Retried::Unknown } else { Retried::InProgress })
    }

    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        let (from, to, limit, offset) = bounds(filter);
        let status = filter.status.as_ref().map(DeliveryStatus::as_str);
        let (webhook_id, event_type) = (&filter.webhook_id, &filter.event_type);
        let rows = self
            .query(statements::LOG, &[webhook_id, event_type, &status, &from, &to, &limit, &offset, &BODY_START])
            .await?;
        all(&rows, entry)
    }

    async fn forget(&self, before: UnixTime) -> Result<u64, DispatchError> {
        self.execute(statements::FORGET, &[&unix_ms(before)]).await
    }

    async fn depth(&self) -> Result<u64, DispatchError> {
        let rows = self.query(statements::DEPTH, &[]).await?;
        let count: Vec<i64> = all(&rows, |row| row.try_get(0))?;
        Ok(count.first().map_or(0, |count| count.unsigned_abs()))
    }

    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        let rows = self.query(statements::BREAKER, &[&endpoint_id]).await?;
        Ok(all(&rows, |row| row.try_get(0))?.pop().unwrap_or_default())
    }

    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause: Option<Duration>,
    ) -> Result<bool, DispatchError> {
        Ok(self.execute(statements::SET_BREAKER, &[&endpoint_id, &old, &new, &pause.map(ms)]).await? == 1)
    }

    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        self.execute(statements::SET_DISABLED, &[&endpoint_id, &disabled]).await.map(drop)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresStore")
    }
}
