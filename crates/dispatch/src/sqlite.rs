//! Deliveries in SQLite: one file, no server. One thread owns the connection and commits what has come in together.

use core::fmt;
use std::collections::HashSet;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use countersign_endpoint::{DeliveryStatus, LogFilter};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tokio::sync::oneshot;

use crate::error::DispatchError;
use crate::store::{
    self, BODY_START, Claimed, Finish, LONGEST_WAIT, Lease, LogEntry, NewDelivery, Retried, Store, Want, bounds,
};

/// Bodies are aside, so that a claim and its end rewrite small rows, of which a page has many.
const SCHEMA: &str = "
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

const ADD: &str = "INSERT INTO countersign_delivery (event_id, endpoint_id, event_type, test, created, due)
VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (event_id, endpoint_id) DO NOTHING";

const ADD_BODY: &str = "INSERT INTO countersign_body (id, body) VALUES (?1, ?2)";

const ADD_ENDPOINT: &str = "INSERT INTO countersign_endpoint (id) VALUES (?1) ON CONFLICT DO NOTHING";

/// ?2 is what no time may be later than.
const DUE: &str = "SELECT id FROM (SELECT id, (SELECT min(due) FROM countersign_delivery
  WHERE endpoint_id = e.id AND status = 'pending') AS oldest
  FROM countersign_endpoint e WHERE NOT disabled AND (wait_until <= ?1 OR wait_until > ?2))
WHERE oldest <= ?1 OR oldest > ?2 ORDER BY oldest";

/// When the endpoint's pause ends; 0 if it has none.
const PAUSE: &str = "SELECT wait_until FROM countersign_endpoint WHERE id = ?1 AND NOT disabled";

const PROBE: &str = "UPDATE countersign_endpoint SET wait_until = ?2, wait = ?3 WHERE id = ?1";

/// The attempt is the one that begins.
const PICK: &str = "SELECT id, attempt + 1, uncounted, event_id, endpoint_id, event_type, body, test
FROM countersign_delivery JOIN countersign_body USING (id)
WHERE endpoint_id = ?1 AND status = 'pending' AND due BETWEEN ?2 AND ?3 ORDER BY due LIMIT ?4";

/// A lease that ended while it was held is a crash.
const TAKE: &str = "UPDATE countersign_delivery SET due = ?2, wait = ?3, attempt = attempt + 1, held = 1,
  error = CASE WHEN held THEN 'crashed' ELSE error END WHERE id = ?1";

const FINISH: &str = "UPDATE countersign_delivery SET status = ?3, due = ?4, wait = ?9, held = 0, response_status = ?5,
  duration_ms = ?6, error = ?7, preview = ?8 WHERE id = ?1 AND attempt = ?2 AND held";

const CLOSE: &str = "UPDATE countersign_endpoint SET breaker = '', wait_until = 0 WHERE id = ?1 AND breaker <> ''";

/// A part of an empty blob is NULL.
const LOG: &str = "SELECT id, event_id, endpoint_id, event_type, status, attempt - unsent, test, created, due, response_status,
  duration_ms, error, preview, coalesce(substr(body, 1, ?8), x'') FROM countersign_delivery JOIN countersign_body USING (id)
WHERE (?1 IS NULL OR endpoint_id = ?1) AND (?2 IS NULL OR event_type = ?2) AND (?3 IS NULL OR status = ?3)
  AND created >= ?4 AND created < ?5 ORDER BY id DESC LIMIT ?6 OFFSET ?7";

const FORGET: [&str; 2] = [
    "DELETE FROM countersign_body WHERE id IN (
      SELECT id FROM countersign_delivery WHERE status <> 'pending' AND created < ?1)",
    "DELETE FROM countersign_delivery WHERE status <> 'pending' AND created < ?1",
];

/// What would wait longer than it was told to, was told so by a clock that was ahead.
const MEND: [&str; 2] = [
    "UPDATE countersign_delivery SET due = ?1 + wait WHERE status = 'pending' AND due > ?1 + wait",
    "UPDATE countersign_endpoint SET wait_until = ?1 + wait WHERE wait_until > ?1 + wait",
];

/// Tells a caller what came of its work, when it is on the disk or is not.
type Answer = Box<dyn FnOnce(Option<DispatchError>) + Send>;
type Work = Box<dyn FnOnce(Result<&Connection, DispatchError>) -> Result<Answer, (DispatchError, Answer)> + Send>;

/// More in one transaction would only make the first wait.
const BATCH: usize = 256;

/// Deliveries in a SQLite file. Several processes may share one; it survives a kill and a loss of power.
#[derive(Clone)]
pub struct SqliteStore {
    thread: mpsc::Sender<Work>,
    clock: Clock,
}

/// The machine's time when the store was opened, and what has passed since: a clock that is set meanwhile neither ends a
/// lease nor makes a retry wait.
#[derive(Clone, Copy)]
struct Clock {
    opened_ms: i64,
    opened: Instant,
}

impl Clock {
    fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { opened_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX), opened: Instant::now() }
    }

    fn now_ms(self) -> i64 {
        self.opened_ms.saturating_add(i64::try_from(self.opened.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// `store_failed`: it cannot be written, or is no such file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DispatchError> {
        let connection = open(path.as_ref()).map_err(|error| DispatchError::store(&error))?;
        let (thread, work) = mpsc::channel();
        thread::Builder::new()
            .name("countersign-sqlite".into())
            .spawn(move || serve(&connection, &work))
            .map_err(|error| DispatchError::store(&error))?;
        Ok(Self { thread, clock: Clock::start() })
    }

    /// Enqueues inside a transaction of the caller's own, in the same file: what happened and the news of it are on the
    /// disk together or not at all. `new` is what [`Dispatcher::deliveries`](super::Dispatcher::deliveries) gives. A
    /// dispatcher sees it at its next poll.
    ///
    /// # Errors
    /// `store_failed`; then the transaction is the caller's to roll back.
    pub fn enqueue_in(connection: &Connection, new: &[NewDelivery]) -> Result<u64, DispatchError> {
        add(connection, new, Clock::start().now_ms()).map_err(|error| DispatchError::store(&error))
    }

    /// Runs this with the time of its turn.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DispatchError> {
        let clock = self.clock;
        let (answer, answered) = oneshot::channel();
        let work = move |connection: Result<&Connection, DispatchError>| match connection
            .and_then(|connection| work(connection, clock.now_ms()).map_err(|error| DispatchError::store(&error)))
        {
            Ok(value) => Ok(Box::new(move |failed: Option<DispatchError>| {
                drop(answer.send(failed.map_or(Ok(value), Err)));
            }) as Answer),
            Err(error) => {
                let answer = move |failed: Option<DispatchError>| drop(answer.send(failed.map_or_else(gone, Err)));
                Err((error, Box::new(answer) as Answer))
            }
        };
        self.thread.send(Box::new(work)).or_else(|_| gone())?;
        answered.await.unwrap_or_else(|_| gone())
    }
}

fn gone<T>() -> Result<T, DispatchError> {
    Err(DispatchError::store(&"Its thread has ended"))
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(core::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Without it, a loss of power would take the last commits.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // 16 MB, so that a row which is enqueued, claimed and finished soon goes to its place once.
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    // 16 MB, so that what waits is not read again and again.
    connection.pragma_update(None, "cache_size", -16_000)?;
    // A plan is made once, and not anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(SCHEMA)?;
    for mend in MEND {
        connection.execute(mend, [Clock::start().now_ms()])?;
    }
    Ok(connection)
}

/// Works until every handle is gone. What waits is done in one transaction: many callers share one write to the disk.
fn serve(connection: &Connection, queue: &mpsc::Receiver<Work>) {
    while let Ok(first) = queue.recv() {
        let mut answers = Vec::new();
        let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| DispatchError::store(&error));
        let mut failed = None;
        for work in core::iter::once(first).chain(queue.try_iter().take(BATCH)) {
            match work(begun.clone().map(|()| connection)) {
                Ok(answer) => answers.push(answer),
                Err((error, answer)) => {
                    answers.push(answer);
                    // A full disk may have ended the transaction already: nothing more may run in it.
                    failed = Some(error);
                    break;
                }
            }
        }
        if failed.is_none() {
            failed = connection.execute_batch("COMMIT").err().map(|error| DispatchError::store(&error));
        }
        if failed.is_some() && !connection.is_autocommit() {
            // If that fails too, so does the next BEGIN, and its caller is told.
            drop(connection.execute_batch("ROLLBACK"));
        }
        for answer in answers {
            answer(failed.clone());
        }
    }
}

fn add(db: &Connection, new: &[NewDelivery], now: i64) -> rusqlite::Result<u64> {
    let (mut add, mut body) = (db.prepare_cached(ADD)?, db.prepare_cached(ADD_BODY)?);
    let mut endpoint = db.prepare_cached(ADD_ENDPOINT)?;
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
    store::claimed!(row, get)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(LogEntry, Vec<u8>)> {
    store::entry!(row, get)
}

impl Store for SqliteStore {
    async fn enqueue(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        self.run(move |db, now| add(db, &new, now)).await
    }

    async fn due(&self) -> Result<Vec<String>, DispatchError> {
        self.run(|db, now| db.prepare_cached(DUE)?.query_map([now, latest(now)], |row| row.get(0))?.collect()).await
    }

    async fn claim(&self, wants: Vec<Want>) -> Result<Vec<Claimed>, DispatchError> {
        self.run(move |db, now| {
            let (mut pause, mut probe) = (db.prepare_cached(PAUSE)?, db.prepare_cached(PROBE)?);
            let (mut pick, mut take) = (db.prepare_cached(PICK)?, db.prepare_cached(TAKE)?);
            let due = [(i64::MIN, now), (latest(now) + 1, i64::MAX)];
            let is_due = |time: i64| due.iter().any(|(from, to)| (*from..=*to).contains(&time));
            let mut all = Vec::new();
            for want in wants {
                let (id, until, mut room) = (&want.endpoint_id, now.saturating_add(want.lease_ms), want.room);
                match pause.query_row([id], |row| row.get::<_, i64>(0)).optional()? {
                    Some(0) => {}
                    // The end of the pause becomes the end of the probe's lease, so that nobody else probes.
                    Some(end) if is_due(end) => {
                        probe.execute(params![id, until, want.lease_ms])?;
                        room = room.min(1);
                    }
                    _ => continue,
                }
                for (from, to) in due {
                    let first = all.len();
                    for row in pick.query_map(params![id, from, to, room], claimed)? {
                        all.push(row?);
                        room -= 1;
                    }
                    for claimed in all.iter().skip(first) {
                        take.execute([claimed.lease.id, until, want.lease_ms])?;
                    }
                }
            }
            Ok(all)
        })
        .await
    }

    async fn finish(&self, done: &[Finish]) -> Result<u64, DispatchError> {
        let done = done.to_vec();
        self.run(move |db, now| {
            let (mut finish, mut close) = (db.prepare_cached(FINISH)?, db.prepare_cached(CLOSE)?);
            let (mut written, mut accepted) = (0, HashSet::new());
            for f in &done {
                let (id, attempt, status) = (f.lease.id, f.lease.attempt, f.status.as_str());
                let due = now.saturating_add(f.wait_ms);
                written += finish.execute(params![
                    id,
                    attempt,
                    status,
                    due,
                    f.response_status,
                    f.duration_ms,
                    f.error,
                    f.preview,
                    f.wait_ms
                ])?;
                if f.status == DeliveryStatus::Success {
                    accepted.insert(&*f.endpoint_id);
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
        let release = "UPDATE countersign_delivery SET due = ?3, wait = 0, held = 0, uncounted = uncounted + 1,
            unsent = unsent + ?4
            WHERE id = ?1 AND attempt = ?2 AND held";
        self.run(move |db, now| {
            let mut release = db.prepare_cached(release)?;
            leases.iter().try_for_each(|lease| release.execute(params![lease.id, lease.attempt, now, !begun]).map(drop))
        })
        .await
    }

    async fn retry(&self, id: i64) -> Result<Retried, DispatchError> {
        let retry =
            "UPDATE countersign_delivery SET status = 'pending', due = ?2, wait = 0, held = 0, uncounted = attempt
            WHERE id = ?1 AND NOT (held AND due > ?2)";
        self.run(move |db, now| {
            if db.prepare_cached(retry)?.execute([id, now])? == 1 {
                return Ok(Retried::Due);
            }
            let there = db.prepare_cached("SELECT 1 FROM countersign_delivery WHERE id = ?1")?.exists([id])?;
            Ok(if there { Retried::InProgress } else { Retried::Unknown })
        })
        .await
    }

    async fn log(&self, filter: &LogFilter) -> Result<Vec<(LogEntry, Vec<u8>)>, DispatchError> {
        let ((from, to, limit, offset), filter) = (bounds(filter), filter.clone());
        self.run(move |db, _| {
            let status = filter.status.as_ref().map(DeliveryStatus::as_str);
            let mut log = db.prepare_cached(LOG)?;
            let (webhook_id, event_type) = (&filter.webhook_id, &filter.event_type);
            let params = params![webhook_id, event_type, status, from, to, limit, offset, BODY_START];
            log.query_map(params, entry)?.collect()
        })
        .await
    }

    async fn forget(&self, before_ms: i64) -> Result<u64, DispatchError> {
        self.run(move |db, _| {
            let mut gone = 0;
            for forget in FORGET {
                gone = db.prepare_cached(forget)?.execute([before_ms])?;
            }
            Ok(gone as u64)
        })
        .await
    }

    async fn depth(&self) -> Result<u64, DispatchError> {
        let count = "SELECT count(*) FROM countersign_delivery WHERE status = 'pending'";
        let count = self.run(move |db, _| db.prepare_cached(count)?.query_row([], |row| row.get::<_, i64>(0))).await?;
        Ok(count.unsigned_abs())
    }

    async fn breaker(&self, endpoint_id: &str) -> Result<String, DispatchError> {
        let id = String::from(endpoint_id);
        let read = "SELECT breaker FROM countersign_endpoint WHERE id = ?1";
        self.run(move |db, _| {
            Ok(db.prepare_cached(read)?.query_row([id], |row| row.get(0)).optional()?.unwrap_or_default())
        })
        .await
    }

    async fn set_breaker(
        &self,
        endpoint_id: &str,
        old: &str,
        new: &str,
        pause_ms: Option<i64>,
    ) -> Result<bool, DispatchError> {
        let (id, old, new) = (String::from(endpoint_id), String::from(old), String::from(new));
        let set =
            "UPDATE countersign_endpoint SET breaker = ?3, wait_until = ?4, wait = ?5 WHERE id = ?1 AND breaker = ?2";
        self.run(move |db, now| {
            let until = pause_ms.map_or(0, |pause| now.saturating_add(pause));
            Ok(db.prepare_cached(set)?.execute(params![id, old, new, until, pause_ms.unwrap_or(0)])? == 1)
        })
        .await
    }

    async fn set_disabled(&self, endpoint_id: &str, disabled: bool) -> Result<(), DispatchError> {
        let id = String::from(endpoint_id);
        let set = "INSERT INTO countersign_endpoint (id, disabled) VALUES (?1, ?2)
            ON CONFLICT (id) DO UPDATE SET disabled = ?2, breaker = '', wait_until = 0";
        self.run(move |db, _| db.prepare_cached(set)?.execute(params![id, disabled]).map(drop)).await
    }
}

/// Later than this is wrong.
const fn latest(now: i64) -> i64 {
    now.saturating_add(LONGEST_WAIT)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteStore")
    }
}
