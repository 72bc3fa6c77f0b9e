//! Deliveries in PostgreSQL: as many workers on as many machines as it can take, all on the server's clock.

use core::error::Error;
use core::fmt;

use bytes::BytesMut;
use countersign_endpoint::{DeliveryStatus, LogFilter};
use deadpool_postgres::{GenericClient, Pool};
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::DispatchError;
use crate::store::{
    self, BODY_START, Claimed, Finish, LONGEST_WAIT, Lease, LogEntry, NewDelivery, Retried, Store, Want, bounds,
};

/// Bodies are aside, so that a claim and its end write small rows. The lock is for workers that start together. `countersign_ms()` is the time in Unix milliseconds.
const SCHEMA: &str = "
BEGIN;
SELECT pg_advisory_xact_lock(7166837416);
CREATE TABLE IF NOT EXISTS countersign_delivery (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL,
  event_type TEXT NOT NULL, test BOOLEAN NOT NULL, created BIGINT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending', due BIGINT NOT NULL, wait BIGINT NOT NULL DEFAULT 0, attempt BIGINT NOT NULL DEFAULT 0,
  uncounted BIGINT NOT NULL DEFAULT 0, unsent BIGINT NOT NULL DEFAULT 0, held BOOLEAN NOT NULL DEFAULT FALSE,
  response_status INTEGER, duration_ms BIGINT, error TEXT, preview TEXT,
  UNIQUE (event_id, endpoint_id)
);
CREATE TABLE IF NOT EXISTS countersign_body (id BIGINT PRIMARY KEY, body BYTEA NOT NULL);
CREATE INDEX IF NOT EXISTS countersign_due ON countersign_delivery (endpoint_id, due) INCLUDE (wait)
  WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS countersign_log ON countersign_delivery (endpoint_id, id);
CREATE TABLE IF NOT EXISTS countersign_endpoint (
  id TEXT PRIMARY KEY, breaker TEXT NOT NULL DEFAULT '', wait_until BIGINT NOT NULL DEFAULT 0,
  wait BIGINT NOT NULL DEFAULT 0, disabled BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE OR REPLACE FUNCTION countersign_ms() RETURNS BIGINT LANGUAGE sql VOLATILE AS
  'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT';
COMMIT;";

/// What would wait longer than it was told to, was told so by a clock that was ahead.
const MEND: &str = "
UPDATE countersign_delivery SET due = countersign_ms() + wait WHERE status = 'pending' AND due > countersign_ms() + wait;
UPDATE countersign_endpoint SET wait_until = countersign_ms() + wait WHERE wait_until > countersign_ms() + wait;";

/// Endpoints in one order, so that two who enqueue for the same ones do not wait for each other.
const ADD_ENDPOINTS: &str = "INSERT INTO countersign_endpoint (id)
SELECT DISTINCT id FROM unnest($1::TEXT[]) AS new (id)
WHERE NOT EXISTS (SELECT FROM countersign_endpoint e WHERE e.id = new.id) ORDER BY id ON CONFLICT DO NOTHING";

const ADD: &str =
    "WITH new AS (SELECT DISTINCT ON (event_id, endpoint_id) event_id, endpoint_id, event_type, body, test
  FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BYTEA[], $5::BOOLEAN[]) WITH ORDINALITY
    AS new (event_id, endpoint_id, event_type, body, test, number) ORDER BY event_id, endpoint_id, number),
added AS (INSERT INTO countersign_delivery (event_id, endpoint_id, event_type, test, created, due)
  SELECT event_id, endpoint_id, event_type, test, now, now FROM new, (SELECT countersign_ms() AS now) AS clock
  ORDER BY event_id, endpoint_id ON CONFLICT (event_id, endpoint_id) DO NOTHING RETURNING id, event_id, endpoint_id)
INSERT INTO countersign_body (id, body) SELECT id, body FROM added JOIN new USING (event_id, endpoint_id)";

const DUE: &str = "SELECT id FROM (SELECT e.id, now, (SELECT min(due) FROM countersign_delivery
    WHERE endpoint_id = e.id AND status = 'pending') AS oldest
  FROM countersign_endpoint e, (SELECT countersign_ms() AS now) AS clock
  WHERE NOT disabled AND (wait_until <= now OR wait_until > now + $1)) AS endpoints
WHERE oldest <= now OR oldest > now + $1 ORDER BY oldest";

/// The end of a pause becomes the end of the probe's lease, so that nobody else probes. A lease that ended while it was
/// held is a crash.
const CLAIM: &str = "WITH clock AS MATERIALIZED (SELECT countersign_ms() AS now),
want AS (SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[]) AS want (endpoint_id, room, lease)),
over AS (SELECT e.id, now + lease AS until, lease FROM clock, want JOIN countersign_endpoint e ON e.id = endpoint_id
  WHERE NOT disabled AND wait_until <> 0 AND (wait_until <= now OR wait_until > now + $4) FOR UPDATE OF e SKIP LOCKED),
probe AS (UPDATE countersign_endpoint e SET wait_until = over.until, wait = over.lease FROM over WHERE e.id = over.id RETURNING e.id),
ready AS (SELECT endpoint_id, 1 AS room, lease FROM want JOIN probe ON probe.id = endpoint_id
  UNION ALL SELECT endpoint_id, room, lease FROM want JOIN countersign_endpoint e ON e.id = endpoint_id
  WHERE NOT disabled AND wait_until = 0),
picked AS (SELECT d.id, now + lease AS until, lease FROM clock, ready CROSS JOIN LATERAL (
  SELECT id FROM countersign_delivery
  WHERE endpoint_id = ready.endpoint_id AND status = 'pending' AND (due <= now OR due > now + $4)
  ORDER BY due LIMIT ready.room FOR UPDATE SKIP LOCKED) AS d)
UPDATE countersign_delivery d SET due = picked.until, wait = picked.lease, attempt = attempt + 1, held = TRUE,
  error = CASE WHEN held THEN 'crashed' ELSE error END
FROM picked JOIN countersign_body b ON b.id = picked.id WHERE d.id = picked.id
RETURNING d.id, attempt, uncounted, event_id, endpoint_id, event_type, body, test";

/// Breakers are closed in one order.
const FINISH: &str = "WITH done AS (SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[], $4::BIGINT[],
    $5::INTEGER[], $6::BIGINT[], $7::TEXT[], $8::TEXT[])
  AS done (id, attempt, status, wait, response_status, duration_ms, error, preview)),
accepted AS (SELECT id FROM countersign_endpoint WHERE breaker <> '' AND id = ANY ($9::TEXT[]) ORDER BY id FOR UPDATE),
closed AS (UPDATE countersign_endpoint e SET breaker = '', wait_until = 0 FROM accepted WHERE e.id = accepted.id)
UPDATE countersign_delivery d SET status = done.status, due = countersign_ms() + done.wait, wait = done.wait, held = FALSE,
  response_status = done.response_status, duration_ms = done.duration_ms, error = done.error, preview = done.preview
FROM done WHERE d.id = done.id AND d.attempt = done.attempt AND held";

const LOG: &str = "SELECT id, event_id, endpoint_id, event_type, status, attempt - unsent, test, created, due, response_status,
  duration_ms, error, preview, substring(body FROM 1 FOR $8::BIGINT::INTEGER) FROM countersign_delivery JOIN countersign_body USING (id)
WHERE ($1::TEXT IS NULL OR endpoint_id = $1) AND ($2::TEXT IS NULL OR event_type = $2)
  AND ($3::TEXT IS NULL OR status = $3) AND created >= $4 AND created < $5 ORDER BY id DESC LIMIT $6 OFFSET $7";

const FORGET: &str = "WITH gone AS (
  DELETE FROM countersign_delivery WHERE status <> 'pending' AND created < $1 RETURNING id)
DELETE FROM countersign_body b USING gone WHERE b.id = gone.id";

const RELEASE: &str =
    "UPDATE countersign_delivery d SET due = countersign_ms(), wait = 0, held = FALSE, uncounted = uncounted + 1, unsent = unsent + $3
FROM unnest($1::BIGINT[], $2::BIGINT[]) AS lease (id, attempt) WHERE d.id = lease.id AND d.attempt = lease.attempt AND held";

const RETRY: &str =
    "UPDATE countersign_delivery SET status = 'pending', due = countersign_ms(), wait = 0, held = FALSE,
  uncounted = attempt WHERE id = $1 AND NOT (held AND due > countersign_ms())";

const SET_BREAKER: &str = "UPDATE countersign_endpoint SET breaker = $3,
  wait_until = CASE WHEN $4::BIGINT IS NULL THEN 0 ELSE countersign_ms() + $4 END, wait = coalesce($4, 0) WHERE id = $1 AND breaker = $2";

const SET_DISABLED: &str = "INSERT INTO countersign_endpoint (id, disabled) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET disabled = $2, breaker = '', wait_until = 0";

/// A value that tokio-postgres does not write to its own log, as it does with all others.
struct Unlogged<T>(T);

impl<T> fmt::Debug for Unlogged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<T: ToSql> ToSql for Unlogged<T> {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql(column, out)
    }

    fn accepts(column: &Type) -> bool {
        T::accepts(column)
    }

    to_sql_checked!();
}

/// Deliveries in PostgreSQL 12 or later, in two tables of the schema that the connections use.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
}

impl PostgresStore {
    /// Uses these connections, and makes the tables where they are missing.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn open(pool: Pool) -> Result<Self, DispatchError> {
        let store = Self { pool };
        let client = store.client().await?;
        client.batch_execute(SCHEMA).await.map_err(failed)?;
        client.batch_execute(MEND).await.map_err(failed)?;
        Ok(store)
    }

    /// Enqueues inside a transaction of the caller's own, in the same database: what happened and the news of it are
    /// there together or not at all. `new` is what [`Dispatcher::deliveries`](super::Dispatcher::deliveries) gives. A
    /// dispatcher sees it at its next poll.
    ///
    /// # Errors
    /// `store_failed`; then the transaction is the caller's to roll back.
    pub async fn enqueue_in(transaction: &impl GenericClient, new: &[NewDelivery]) -> Result<u64, DispatchError> {
        let text = |field: fn(&NewDelivery) -> &String| new.iter().map(field).collect::<Vec<_>>();
        let endpoints = text(|one| &one.endpoint_id);
        let bodies: Vec<_> = new.iter().map(|one| Unlogged(&*one.body)).collect();
        let tests: Vec<bool> = new.iter().map(|one| one.test).collect();
        execute(transaction, ADD_ENDPOINTS, &[&endpoints]).await?;
        let columns: [&(dyn ToSql + Sync); 5] =
            [&text(|one| &one.event_id), &endpoints, &text(|one| &one.event_type), &bodies, &tests];
        execute(transaction, ADD, &columns).await
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

/// The server's message. Its detail may have values in it, and is thrown away.
fn failed(error: tokio_postgres::Error) -> DispatchError {
    match error.as_db_error() {
        Some(refused) => DispatchError::store(&refused.message()),
        None => DispatchError::store(&error),
    }
}

fn claimed(row: &Row) -> Result<Claimed, tokio_postgres::Error> {
    store::claimed!(row, try_get)
}

fn entry(row: &Row) -> Result<(LogEntry, Vec<u8>), tokio_postgres::Error> {
    store::entry!(row, try_get)
}

fn all<T>(rows: &[Row], read: fn(&Row) -> Result<T, tokio_postgres::Error>) -> Result<Vec<T>, DispatchError> {
    rows.iter().map(read).collect::<Result<_, _>>().map_err(failed)
}

impl Store for PostgresStore {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        Self::enqueue_in(&self.client().await?, &new).await
    }

    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        all(&self.query(DUE, &[&LONGEST_WAIT]).await?, |row| row.try_get(0))
    }

    async fn claim(&self, wants: Vec<Want>) -> Result<Vec<Claimed>, DispatchError> {
        let ids: Vec<&str> = wants.iter().map(|want| &*want.endpoint_id).collect();
        let rooms: Vec<i64> = wants.iter().map(|want| want.room).collect();
        let leases: Vec<i64> = wants.iter().map(|want| want.lease_ms).collect();
        all(&self.query(CLAIM, &[&ids, &rooms, &leases, &LONGEST_WAIT]).await?, claimed)
    }

    async fn finish(&self, done: &[Finish]) -> Result<u64, DispatchError> {
        fn column<'a, T>(done: &'a [Finish], field: impl Fn(&'a Finish) -> T) -> Vec<T> {
            done.iter().map(field).collect()
        }
        let accepted = done.iter().filter(|finish| finish.status == DeliveryStatus::Success);
        let accepted: Vec<&str> = accepted.map(|finish| &*finish.endpoint_id).collect();
        let values: [&(dyn ToSql + Sync); 9] = [
            &column(done, |finish| finish.lease.id),
            &column(done, |finish| finish.lease.attempt),
            &column(done, |finish| finish.status.as_str()),
            &column(done, |finish| finish.wait_ms),
            &column(done, |finish| finish.response_status),
            &column(done, |finish| finish.duration_ms),
            &column(done, |finish| finish.error),
            &column(done, |finish| finish.preview.as_deref().map(Unlogged)),
            &accepted,
        ];
        self.execute(FINISH, &values).await
    }

    async fn release(&self, leases: &[Lease], begun: bool) -> Result<(), DispatchError> {
        let ids: Vec<i64> = leases.iter().map(|lease| lease.id).collect();
        let attempts: Vec<i64> = leases.iter().map(|lease| lease.attempt).collect();
        self.execute(RELEASE, &[&ids, &attempts, &i64::from(!begun)]).await.map(drop)
    }

    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        if self.execute(RETRY, &[&id]).await? == 1 {
            return Ok(Retried::Due);
        }
        let there = self.query("SELECT 1 FROM countersign_delivery WHERE id = $1", &[&id]).await?;
        Ok(if there.is_empty() { Retried::Unknown } else { Retried::InProgress })
    }

    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        let (from, to, limit, offset) = bounds(filter);
        let status = filter.status.as_ref().map(DeliveryStatus::as_str);
        let (webhook_id, event_type) = (&filter.webhook_id, &filter.event_type);
        let rows =
            self.query(LOG, &[webhook_id, event_type, &status, &from, &to, &limit, &offset, &BODY_START]).await?;
        all(&rows, entry)
    }

    async fn forget(&self, before_ms: i64) -> Result<u64, DispatchError> {
        self.execute(FORGET, &[&before_ms]).await
    }

    async fn depth(&self) -> Result<u64, DispatchError> {
        let rows = self.query("SELECT count(*) FROM countersign_delivery WHERE status = 'pending'", &[]).await?;
        let count: Vec<i64> = all(&rows, |row| row.try_get(0))?;
        Ok(count.first().map_or(0, |count| count.unsigned_abs()))
    }

    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        let rows = self.query("SELECT breaker FROM countersign_endpoint WHERE id = $1", &[&endpoint_id]).await?;
        Ok(all(&rows, |row| row.try_get(0))?.pop().unwrap_or_default())
    }

    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause_ms: Option<i64>,
    ) -> Result<bool, DispatchError> {
        Ok(self.execute(SET_BREAKER, &[&endpoint_id, &old, &new, &pause_ms]).await? == 1)
    }

    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        self.execute(SET_DISABLED, &[&endpoint_id, &disabled]).await.map(drop)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresStore")
    }
}
