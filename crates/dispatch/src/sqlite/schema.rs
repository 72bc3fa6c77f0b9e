//! The tables and their versions. A database knows its version, and is brought to the newest when it is opened.
//!
//! Rules: a migration that was released never changes; a new one goes to the end. The version is in a table, and not in
//! SQLite's `user_version`, which belongs to the program whose own tables may be in the same file.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::DispatchError;

/// The n-th migration makes version n. Bodies have a table of their own, so that a claim and its outcome rewrite small
/// rows, of which a page has many. The first migration also takes over tables that were made before there were
/// versions.
const MIGRATIONS: &[&str] = &["
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
);"];

const VERSION: &str = "SELECT coalesce(max(version), 0) FROM countersign_schema";

/// Brings the tables to the last version, or leaves them as they are.
pub(super) fn migrate(db: &mut Connection) -> Result<(), DispatchError> {
    run(db, MIGRATIONS)
}

fn run(db: &mut Connection, migrations: &[&str]) -> Result<(), DispatchError> {
    let failed = |error: rusqlite::Error| DispatchError::store(&error);
    // One process migrates, and the others wait for it.
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let table = "CREATE TABLE IF NOT EXISTS countersign_schema (version INTEGER PRIMARY KEY)";
    transaction.execute_batch(table).map_err(failed)?;
    let found: i64 = transaction.query_row(VERSION, [], |row| row.get(0)).map_err(failed)?;
    let version = usize::try_from(found).unwrap_or(0);
    if version > migrations.len() {
        return Err(DispatchError::schema_too_new(found, migrations.len()));
    }
    for (migration, version) in migrations.iter().zip(1_i64..).skip(version) {
        transaction.execute_batch(migration).map_err(failed)?;
        transaction.execute("INSERT INTO countersign_schema (version) VALUES (?1)", [version]).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::DispatchCode;

    #[test]
    fn each_migration_runs_once_and_a_failure_leaves_everything_as_it_was() {
        let mut db = Connection::open_in_memory().unwrap();
        let version = |db: &Connection| db.query_row(VERSION, [], |row| row.get::<_, i64>(0)).unwrap();
        let steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y", "INSERT INTO a VALUES (1, 2)"];
        run(&mut db, &steps[..1]).unwrap();
        assert_eq!(version(&db), 1);
        let broken = [steps[0], steps[1], "nonsense"];
        assert_eq!(run(&mut db, &broken).unwrap_err().code(), DispatchCode::StoreFailed);
        assert_eq!(version(&db), 1);
        for _ in 0..2 {
            run(&mut db, &steps).unwrap();
            assert_eq!(version(&db), 3);
        }
        assert_eq!(db.query_row("SELECT count(*) FROM a", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        assert_eq!(run(&mut db, &steps[..2]).unwrap_err().code(), DispatchCode::SchemaTooNew);
    }
}
