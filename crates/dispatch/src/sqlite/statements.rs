//! The statements for SQLite.

pub(super) const ADD: &str = "INSERT INTO countersign_delivery (event_id, endpoint_id, event_type, test, created, due)
VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (event_id, endpoint_id) DO NOTHING";

pub(super) const ADD_BODY: &str = "INSERT INTO countersign_body (id, body) VALUES (?1, ?2)";

pub(super) const ADD_ENDPOINT: &str = "INSERT INTO countersign_endpoint (id) VALUES (?1) ON CONFLICT DO NOTHING";

/// A time later than ?2 was written by a clock that was ahead, and counts as due.
pub(super) const DUE: &str = "SELECT id FROM (SELECT id, (SELECT min(due) FROM countersign_delivery
  WHERE endpoint_id = e.id AND status = 'pending') AS oldest
  FROM countersign_endpoint e WHERE NOT disabled AND (wait_until <= ?1 OR wait_until > ?2))
WHERE oldest <= ?1 OR oldest > ?2 ORDER BY oldest";

/// When the endpoint's pause ends; 0 if it has none.
pub(super) const PAUSE: &str = "SELECT wait_until FROM countersign_endpoint WHERE id = ?1 AND NOT disabled";

pub(super) const PROBE: &str = "UPDATE countersign_endpoint SET wait_until = ?2, wait = ?3 WHERE id = ?1";

/// `attempt + 1` is the number of the attempt that begins.
pub(super) const PICK: &str = "SELECT id, attempt + 1, uncounted, event_id, endpoint_id, event_type, body, test
FROM countersign_delivery JOIN countersign_body USING (id)
WHERE endpoint_id = ?1 AND status = 'pending' AND due BETWEEN ?2 AND ?3 ORDER BY due LIMIT ?4";

/// A lease that is still held after its end is that of a worker that has crashed.
pub(super) const TAKE: &str = "UPDATE countersign_delivery SET due = ?2, wait = ?3, attempt = attempt + 1, held = 1,
  error = CASE WHEN held THEN 'crashed' ELSE error END WHERE id = ?1";

pub(super) const FINISH: &str =
    "UPDATE countersign_delivery SET status = ?3, due = ?4, wait = ?9, held = 0, response_status = ?5,
  duration_ms = ?6, error = ?7, preview = ?8 WHERE id = ?1 AND attempt = ?2 AND held";

pub(super) const CLOSE: &str =
    "UPDATE countersign_endpoint SET breaker = '', wait_until = 0 WHERE id = ?1 AND breaker <> ''";

/// `substr` of an empty blob is NULL.
pub(super) const LOG: &str = "SELECT id, event_id, endpoint_id, event_type, status, attempt - unsent, test, created, due, response_status,
  duration_ms, error, preview, coalesce(substr(body, 1, ?8), x'') FROM countersign_delivery JOIN countersign_body USING (id)
WHERE (?1 IS NULL OR endpoint_id = ?1) AND (?2 IS NULL OR event_type = ?2) AND (?3 IS NULL OR status = ?3)
  AND created >= ?4 AND created < ?5 ORDER BY id DESC LIMIT ?6 OFFSET ?7";

pub(super) const FORGET: [&str; 2] = [
    "DELETE FROM countersign_body WHERE id IN (
      SELECT id FROM countersign_delivery WHERE status <> 'pending' AND created < ?1)",
    "DELETE FROM countersign_delivery WHERE status <> 'pending' AND created < ?1",
];

/// What is due later than its whole wait from now was written by a clock that was ahead.
pub(super) const CORRECT_WAITS: [&str; 2] = [
    "UPDATE countersign_delivery SET due = ?1 + wait WHERE status = 'pending' AND due > ?1 + wait",
    "UPDATE countersign_endpoint SET wait_until = ?1 + wait WHERE wait_until > ?1 + wait",
];

pub(super) const RELEASE: &str =
    "UPDATE countersign_delivery SET due = ?3, wait = 0, held = 0, uncounted = uncounted + 1, unsent = unsent + ?4
WHERE id = ?1 AND attempt = ?2 AND held";

pub(super) const RETRY: &str =
    "UPDATE countersign_delivery SET status = 'pending', due = ?2, wait = 0, held = 0, uncounted = attempt
WHERE id = ?1 AND NOT (held AND due > ?2)";

pub(super) const IS_KNOWN: &str = "SELECT 1 FROM countersign_delivery WHERE id = ?1";

pub(super) const DEPTH: &str = "SELECT count(*) FROM countersign_delivery WHERE status = 'pending'";

pub(super) const BREAKER: &str = "SELECT breaker FROM countersign_endpoint WHERE id = ?1";

pub(super) const SET_BREAKER: &str =
    "UPDATE countersign_endpoint SET breaker = ?3, wait_until = ?4, wait = ?5 WHERE id = ?1 AND breaker = ?2";

pub(super) const SET_DISABLED: &str = "INSERT INTO countersign_endpoint (id, disabled) VALUES (?1, ?2)
ON CONFLICT (id) DO UPDATE SET disabled = ?2, breaker = '', wait_until = 0";
