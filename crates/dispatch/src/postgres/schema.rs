//! The tables and their versions. A database knows its version, and is brought to the newest when it is opened.
//!
//! Rules: a migration that was released never changes; a new one goes to the end.

use deadpool_postgres::Client;

use super::error::failed;
use crate::error::DispatchError;

/// The n-th migration makes version n. Bodies have a table of their own, so that a claim and its outcome write small
/// rows. `countersign_ms()` is the time in Unix milliseconds. The first migration also takes over tables that were made
/// before there were versions.
const MIGRATIONS: &[&str] = &["
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
  'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT';"];

/// One process migrates, and others that open the database meanwhile wait for it.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7166837416)";

/// Brings the tables to the last version, or leaves them as they are.
pub(super) async fn migrate(client: &mut Client) -> Result<(), DispatchError> {
    let transaction = client.transaction().await.map_err(failed)?;
    transaction.batch_execute(LOCK).await.map_err(failed)?;
    let has_version = "SELECT to_regclass('countersign_schema') IS NOT NULL";
    if !transaction.query_one(has_version, &[]).await.map_err(failed)?.try_get(0).map_err(failed)? {
        let table = "CREATE TABLE countersign_schema (version BIGINT PRIMARY KEY)";
        transaction.batch_execute(table).await.map_err(failed)?;
    }
    let version = "SELECT coalesce(max(version), 0) FROM countersign_schema";
    let found: i64 = transaction.query_one(version, &[]).await.map_err(failed)?.try_get(0).map_err(failed)?;
    let version = usize::try_from(found).unwrap_or(0);
    if version > MIGRATIONS.len() {
        return Err(DispatchError::schema_too_new(found, MIGRATIONS.len()));
    }
    for (migration, version) in MIGRATIONS.iter().zip(1_i64..).skip(version) {
        transaction.batch_execute(migration).await.map_err(failed)?;
        let write = "INSERT INTO countersign_schema (version) VALUES ($1)";
        transaction.execute(write, &[&version]).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
