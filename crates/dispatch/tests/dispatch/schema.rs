//! The versions of the tables: what was made before there were versions is taken over with its deliveries, and what a newer
//! version has made is left alone.

use countersign::dispatch::{DispatchCode, DispatchError, SqliteStore, Store as _};
use countersign::endpoint::{DeliveryStatus, LogFilter};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{BODY, Setup, newest, run_until_empty};
use crate::stores::TestStore;

on_both_stores!(
    tables_without_a_version_are_taken_over,
    a_new_database_has_the_last_version_and_keeps_it,
    tables_of_a_newer_version_are_left_alone,
);

/// The last version.
const VERSION: i64 = 1;

/// The tables as they were made when no version was written, word by word.
const SQLITE_WITHOUT_VERSION: &str = "
CREATE TABLE IF NOT EXISTS countersign_delivery (
  id INTEGER PRIMARY KEY, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, event_type TEXT NOT NULL,
  test INTEGER NOT NULL, created INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending', due INTEGER NOT NULL, wait INTEGER NOT NULL DEFAULT 0, attempt INTEGER NOT NULL DEFAULT 0,
  uncounted INTEGER NOT NULL DEFAULT 0, unsent INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
  response_status INTEGER, duration_ms INTEGER, error TEXT, preview TEXT,
  UNIQUE (event_id, endpoint_id)
);
CREATE TABLE IF NOT EXISTS countersign_body (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS countersign_due ON countersign_delivery (endpoint_id, due, wait) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS countersign_log ON countersign_delivery (endpoint_id, id);
CREATE TABLE IF NOT EXISTS countersign_endpoint (
  id TEXT PRIMARY KEY, breaker TEXT NOT NULL DEFAULT '', wait_until INTEGER NOT NULL DEFAULT 0,
  wait INTEGER NOT NULL DEFAULT 0, disabled INTEGER NOT NULL DEFAULT 0
);";

#[cfg(feature = "postgres")]
const POSTGRES_WITHOUT_VERSION: &str = "
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

async fn open(bed: &Bed) -> Result<TestStore, DispatchError> {
    match bed {
        Bed::Sqlite(_) => SqliteStore::open(bed.path()).map(TestStore::from),
        #[cfg(feature = "postgres")]
        Bed::Postgres { pool, .. } => {
            countersign::dispatch::PostgresStore::open(pool.clone()).await.map(TestStore::from)
        }
    }
}

async fn versions(bed: &Bed) -> Vec<i64> {
    bed.numbers("SELECT version FROM countersign_schema ORDER BY version").await
}

async fn tables_without_a_version_are_taken_over(bed: Bed) {
    let (tables, bytes) = match &bed {
        Bed::Sqlite(_) => (SQLITE_WITHOUT_VERSION, "BLOB"),
        #[cfg(feature = "postgres")]
        Bed::Postgres { .. } => (POSTGRES_WITHOUT_VERSION, "BYTEA"),
    };
    bed.sql(tables).await;
    // One delivery that failed once and is due, in an endpoint that had a failure.
    bed.sql(&format!(
        "INSERT INTO countersign_endpoint (id, breaker) VALUES ('one', '{{\"state\":\"closed\",\"failures\":1,\"failing_since\":1}}');
         INSERT INTO countersign_delivery (event_id, endpoint_id, event_type, test, created, due, attempt, error)
           VALUES ('evt_old', 'one', 'invoice.paid', FALSE, 1000, 1000, 1, 'timeout');
         INSERT INTO countersign_body (id, body) SELECT id, CAST('{BODY}' AS {bytes}) FROM countersign_delivery"
    ))
    .await;
    let store = open(&bed).await.unwrap();
    assert_eq!(versions(&bed).await, [VERSION]);
    let (entry, body) = store.log(&LogFilter::new()).await.unwrap().remove(0);
    assert_eq!((&*entry.event_id, entry.attempt, entry.error.as_deref()), ("evt_old", 1, Some("timeout")));
    assert_eq!(body, BODY.as_bytes());
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    assert_eq!(setup.dispatcher.breaker("one").await.unwrap().failures(), 1);
    run_until_empty(&setup.dispatcher).await;
    let entry = newest(&setup.dispatcher).await;
    assert_eq!((entry.status, entry.attempt), (DeliveryStatus::Success, 2));
    assert_eq!(receiver.ids(), [("evt_old".to_string(), 1)].into());
}

async fn a_new_database_has_the_last_version_and_keeps_it(bed: Bed) {
    // Workers that start together on an empty database.
    let opened = tokio::join!(open(&bed), open(&bed), open(&bed));
    assert!(opened.0.is_ok() && opened.1.is_ok() && opened.2.is_ok());
    for _ in 0..2 {
        assert_eq!(versions(&bed).await, [VERSION]);
        open(&bed).await.unwrap();
    }
}

async fn tables_of_a_newer_version_are_left_alone(bed: Bed) {
    open(&bed).await.unwrap();
    // A newer version has renamed a column.
    let newer = VERSION + 1;
    bed.sql(&format!(
        "ALTER TABLE countersign_delivery RENAME COLUMN held TO leased;
         INSERT INTO countersign_schema (version) VALUES ({newer})"
    ))
    .await;
    let error = open(&bed).await.err().unwrap();
    assert_eq!((error.code(), error.code().as_str()), (DispatchCode::SchemaTooNew, "schema_too_new"));
    let text = error.to_string();
    assert!(text.contains(&format!("version {newer}")) && text.contains(&format!("known here is {VERSION}")), "{text}");
    assert_eq!(bed.numbers("SELECT count(leased) FROM countersign_delivery").await, [0]);
    assert_eq!(versions(&bed).await, [VERSION, newer]);
}
