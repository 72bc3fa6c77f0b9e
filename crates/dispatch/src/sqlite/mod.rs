//! Deliveries in SQLite: one file, no server.

mod clock;
mod schema;
mod statements;
mod thread;

use core::fmt;
use core::time::Duration;
use std::collections::HashSet;
use std::path::Path;

use countersign_core::UnixTime;
use countersign_endpoint::{DeliveryStatus, LogFilter};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use self::clock::Clock;
use self::thread::Thread;
use crate::attempt_error::AttemptError;
use crate::delivery::{AttemptOutcome, ClaimRequest, Claimed, Lease, LogEntry, NewDelivery, Retried};
use crate::error::DispatchError;
use crate::rows;
use crate::store::{BODY_START, LONGEST_WAIT, Store, bounds};
use crate::time::{ms, unix_ms};

/// Deliveries in a SQLite file. Several processes may share one; it survives a kill and a loss of power.
#[derive(Clone)]
pub struct SqliteStore {
    thread: Thread,
}

impl SqliteStore {
    /// Opens the file, or makes it, and brings its tables to the version of this library.
    ///
    /// # Errors
    /// `store_failed`: it cannot be written, or is no such file; `schema_too_new`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DispatchError> {
        let mut connection = connect(path.as_ref()).map_err(|error| DispatchError::store(&error))?;
        schema::migrate(&mut connection)?;
        for correct in statements::CORRECT_WAITS {
            connection.execute(correct, [Clock::start().now_ms()]).map_err(|error| DispatchError::store(&error))?;
        }
        Ok(Self { thread: Thread::start(connection)? })
    }

    /// Enqueues inside a transaction of the caller's own, in the same file: what happened and its deliveries are on the
    /// disk together or not at all. `new` is what [`Dispatcher::deliveries`](crate::Dispatcher::deliveries) gives. A
    /// dispatcher sees it at its next poll.
    ///
    /// # Errors
    /// `store_failed`; then the transaction is the caller's to roll back.
    pub fn enqueue_in(connection: &Connection, new: &[NewDelivery]) -> Result<u64, DispatchError> {
        add(connection, new, Clock::start().now_ms()).map_err(|error| DispatchError::store(&error))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Without FULL, a loss of power would take the last commits.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // 16 MB, so that a row which is enqueued, claimed and finished within a short time is copied out of the WAL once.
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    // 16 MB, so that pending deliveries are not read from the disk again and again.
    connection.pragma_update(None, "cache_size", -16_000)?;
    // A statement's plan is made once, and not anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn add(db: &Connection, new: &[NewDelivery], now: i64) -> rusqlite::Result<u64> {
    let (mut add, mut body) = (db.prepare_cached(statements::ADD)?, db.prepare_cached(statements::ADD_BODY)?);
    let mut endpoint = db.prepare_cached(statements::ADD_ENDPOINT)?;
    let mut added = 0;
    for one in new {
        endpoint.execute([&one.endpoint_id])?;
        if add.execute(params![one.event_id, one.endpoint_id, one.event_type, one.test, now])? == 1 {
            body.execute(params![db.last_insert_rowid(), one.body])?;
            added += 1;
        }
    }
    Ok(added)
}

fn claimed(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    rows::claimed!(row, get)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(LogEntry, Vec<u8>)> {
    rows::entry!(row, get)
}

impl Store for SqliteStore {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        self.thread.run(move |db, now| add(db, &new, now)).await
    }

    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        self.thread
            .run(|db, now| {
                db.prepare_cached(statements::DUE)?.query_map([now, latest(now)], |row| row.get(0))?.collect()
            })
            .await
    }

    async fn claim(&self, requests: Vec<ClaimRequest>) -> Result<Vec<Claimed>, DispatchError> {
        self.thread
            .run(move |db, now| {
                let (mut pause, mut probe) =
                    (db.prepare_cached(statements::PAUSE)?, db.prepare_cached(statements::PROBE)?);
                let (mut pick, mut take) = (db.prepare_cached(statements::PICK)?, db.prepare_cached(statements::TAKE)?);
                let due = [(i64::MIN, now), (latest(now) + 1, i64::MAX)];
                let is_due = |time: i64| due.iter().any(|(from, to)| (*from..=*to).contains(&time));
                let mut all = Vec::new();
                for request in requests {
                    let (id, lease) = (&request.endpoint_id, ms(request.lease));
                    let (until, mut limit) =
                        (now.saturating_add(lease), i64::try_from(request.limit).unwrap_or(i64::MAX));
                    match pause.query_row([id], |row| row.get::<_, i64>(0)).optional()? {
                        Some(0) => {}
                        // The end of the pause becomes the end of the probe's lease, so that nobody else probes.
                        Some(end) if is_due(end) => {
                            probe.execute(params![id, until, lease])?;
                            limit = limit.min(1);
                        }
                        _ => continue,
                    }
                    for (from, to) in due {
                        let first = all.len();
                        for row in pick.query_map(params![id, from, to, limit], claimed)? {
                            all.push(row?);
                            limit -= 1;
                        }
                        for claimed in all.iter().skip(first) {
                            take.execute([claimed.lease.id, until, lease])?;
                        }
                    }
                }
                Ok(all)
            })
            .await
    }

    async fn finish(&self, outcomes: &[AttemptOutcome]) -> Result<u64, DispatchError> {
        let outcomes = outcomes.to_vec();
        self.thread
            .run(move |db, now| {
                let (mut finish, mut close) =
                    (db.prepare_cached(statements::FINISH)?, db.prepare_cached(statements::CLOSE)?);
                let (mut written, mut accepted) = (0, HashSet::new());
                for outcome in &outcomes {
                    let wait = ms(outcome.wait);
                    written += finish.execute(params![
                        outcome.lease.id,
                        outcome.lease.attempt,
                        outcome.status.as_str(),
                        now.saturating_add(wait),
                        outcome.response_status,
                        ms(outcome.duration),
                        outcome.error.map(AttemptError::as_str),
                        outcome.preview,
                        wait,
                    ])?;
                    if outcome.status == DeliveryStatus::Success {
                        accepted.insert(&*outcome.endpoint_id);
                    }
                }
                for id in accepted {
                    close.execute([id])?;
                }
                Ok(written as u64)
            })
            .await
    }

    async fn release(&self, leases: &[Lease], begun: bool) -> Result<(), DispatchError> {
        let leases = leases.to_vec();
        self.thread
            .run(move |db, now| {
                let mut release = db.prepare_cached(statements::RELEASE)?;
                leases
                    .iter()
                    .try_for_each(|lease| release.execute(params![lease.id, lease.attempt, now, !begun]).map(drop))
            })
            .await
    }

    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        self.thread
            .run(move |db, now| {
                if db.prepare_cached(statements::RETRY)?.execute([id, now])? == 1 {
                    return Ok(Retried::Due);
                }
                let known = db.prepare_cached(statements::IS_KNOWN)?.exists([id])?;
                Ok(if known { Retried::InProgress } else { Retried::Unknown })
            })
            .await
    }

    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        let ((from, to, limit, offset), filter) = (bounds(filter), filter.clone());
        self.thread
            .run(move |db, _| {
                let status = filter.status.as_ref().map(DeliveryStatus::as_str);
                let mut log = db.prepare_cached(statements::LOG)?;
                let (webhook_id, event_type) = (&filter.webhook_id, &filter.event_type);
                let params = params![webhook_id, event_type, status, from, to, limit, offset, BODY_START];
                log.query_map(params, entry)?.collect()
            })
            .await
    }

    async fn forget(&self, before: UnixTime) -> Result<u64, DispatchError> {
        self.thread
            .run(move |db, _| {
                let mut gone = 0;
                for forget in statements::FORGET {
                    gone = db.prepare_cached(forget)?.execute([unix_ms(before)])?;
                }
                Ok(gone as u64)
            })
            .await
    }

    async fn depth(&self) -> Result<u64, DispatchError> {
        let count = self
            .thread
            .run(move |db, _| db.prepare_cached(statements::DEPTH)?.query_row([], |row| row.get::<_, i64>(0)))
            .await?;
        Ok(count.unsigned_abs())
    }

    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        let id = String::from(endpoint_id);
        self.thread
            .run(move |db, _| {
                Ok(db
                    .prepare_cached(statements::BREAKER)?
                    .query_row([id], |row| row.get(0))
                    .optional()?
                    .unwrap_or_default())
            })
            .await
    }

    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause: Option<Duration>,
    ) -> Result<bool, DispatchError> {
        let (id, old, new) = (String::from(endpoint_id), String::from(old), String::from(new));
        self.thread
            .run(move |db, now| {
                let pause = pause.map(ms);
                let until = pause.map_or(0, |pause| now.saturating_add(pause));
                Ok(db.prepare_cached(statements::SET_BREAKER)?.execute(params![
                    id,
                    old,
                    new,
                    until,
                    pause.unwrap_or(0)
                ])? == 1)
            })
            .await
    }

    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        let id = String::from(endpoint_id);
        self.thread
            .run(move |db, _| db.prepare_cached(statements::SET_DISABLED)?.execute(params![id, disabled]).map(drop))
            .await
    }
}

/// The latest time that can be right: what is due later was written by a clock that was ahead.
const fn latest(now: i64) -> i64 {
    now.saturating_add(LONGEST_WAIT)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteStore")
    }
}
