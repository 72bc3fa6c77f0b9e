//! The statements for PostgreSQL.

/// What is due later than its whole wait from now was written by a clock that was ahead.
pub(super) const CORRECT_WAITS: &str = "
UPDATE countersign_delivery SET due = countersign_ms() + wait WHERE status = 'pending' AND due > countersign_ms() + wait;
UPDATE countersign_endpoint SET wait_until = countersign_ms() + wait WHERE wait_until > countersign_ms() + wait;";

/// Endpoints are added in one order, so that two callers who enqueue for the same endpoints cannot deadlock.
pub(super) const ADD_ENDPOINTS: &str = "INSERT INTO countersign_endpoint (id)
SELECT DISTINCT id FROM unnest($1::TEXT[]) AS new (id)
WHERE NOT EXISTS (SELECT FROM countersign_endpoint e WHERE e.id = new.id) ORDER BY id ON CONFLICT DO NOTHING";

pub(super) const ADD: &str =
    "WITH new AS (SELECT DISTINCT ON (event_id, endpoint_id) event_id, endpoint_id, event_type, body, test
  FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BYTEA[], $5::BOOLEAN[]) WITH ORDINALITY
    AS new (event_id, endpoint_id, event_type, body, test, number) ORDER BY event_id, endpoint_id, number),
added AS (INSERT INTO countersign_delivery (event_id, endpoint_id, event_type, test, created, due)
  SELECT event_id, endpoint_id, event_type, test, now, now FROM new, (SELECT countersign_ms() AS now) AS clock
  ORDER BY event_id, endpoint_id ON CONFLICT (event_id, endpoint_id) DO NOTHING RETURNING id, event_id, endpoint_id)
INSERT INTO countersign_body (id, body) SELECT id, body FROM added JOIN new USING (event_id, endpoint_id)";

pub(super) const DUE: &str = "SELECT id FROM (SELECT e.id, now, (SELECT min(due) FROM countersign_delivery
    WHERE endpoint_id = e.id AND status = 'pending') AS oldest
  FROM countersign_endpoint e, (SELECT countersign_ms() AS now) AS clock
  WHERE NOT disabled AND (wait_until <= now OR wait_until > now + $1)) AS endpoints
WHERE oldest <= now OR oldest > now + $1 ORDER BY oldest";

/// The end of a pause becomes the end of the probe's lease, so that nobody else probes. A lease that is
/// still held after its end is that of a worker that has crashed.
pub(super) const CLAIM: &str = "WITH clock AS MATERIALIZED (SELECT countersign_ms() AS now),
request AS (SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[]) AS request (endpoint_id, most, lease)),
over AS (SELECT e.id, now + lease AS until, lease FROM clock, request JOIN countersign_endpoint e ON e.id = endpoint_id
  WHERE NOT disabled AND wait_until <> 0 AND (wait_until <= now OR wait_until > now + $4) FOR UPDATE OF e SKIP LOCKED),
probe AS (UPDATE countersign_endpoint e SET wait_until = over.until, wait = over.lease FROM over WHERE e.id = over.id RETURNING e.id),
ready AS (SELECT endpoint_id, 1 AS most, lease FROM request JOIN probe ON probe.id = endpoint_id
  UNION ALL SELECT endpoint_id, most, lease FROM request JOIN countersign_endpoint e ON e.id = endpoint_id
  WHERE NOT disabled AND wait_until = 0),
picked AS (SELECT d.id, now + lease AS until, lease FROM clock, ready CROSS JOIN LATERAL (
  SELECT id FROM countersign_delivery
  WHERE endpoint_id = ready.endpoint_id AND status = 'pending' AND (due <= now OR due > now + $4)
  ORDER BY due LIMIT ready.most FOR UPDATE SKIP LOCKED) AS d)
UPDATE countersign_delivery d SET due = picked.until, wait = picked.lease, attempt = attempt + 1, held = TRUE,
  error = CASE WHEN held THEN 'crashed' ELSE error END
FROM picked JOIN countersign_body b ON b.id = picked.id WHERE d.id = picked.id
RETURNING d.id, attempt, uncounted, event_id, endpoint_id, event_type, body, test";

/// Breakers are closed in one order, so that two workers cannot deadlock.
pub(super) const FINISH: &str = "WITH done AS (SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[], $4::BIGINT[],
    $5::INTEGER[], $6::BIGINT[], $7::TEXT[], $8::TEXT[])
  AS done (id, attempt, status, wait, response_status, duration_ms, error, preview)),
accepted AS (SELECT id FROM countersign_endpoint WHERE breaker <> '' AND id = ANY ($9::TEXT[]) ORDER BY id FOR UPDATE),
closed AS (UPDATE countersign_endpoint e SET breaker = '', wait_until = 0 FROM accepted WHERE e.id = accepted.id)
UPDATE countersign_delivery d SET status = done.status, due = countersign_ms() + done.wait, wait = done.wait, held = FALSE,
  response_status = done.response_status, duration_ms = done.duration_ms, error = done.error, preview = done.preview
FROM done WHERE d.id = done.id AND d.attempt = done.attempt AND held";

pub(super) const LOG: &str = "SELECT id, event_id, endpoint_id, event_type, status, attempt - unsent, test, created, due, response_status,
  duration_ms, error, preview, substring(body FROM 1 FOR $8::BIGINT::INTEGER) FROM countersign_delivery JOIN countersign_body USING (id)
WHERE ($1::TEXT IS NULL OR endpoint_id = $1) AND ($2::TEXT IS NULL OR event_type = $2)
  AND ($3::TEXT IS NULL OR status = $3) AND created >= $4 AND created < $5 ORDER BY id DESC LIMIT $6 OFFSET $7";

pub(super) const FORGET: &str = "WITH gone AS (
  DELETE FROM countersign_delivery WHERE status <> 'pending' AND created < $1 RETURNING id)
DELETE FROM countersign_body b USING gone WHERE b.id = gone.id";

pub(super) const RELEASE: &str =
    "UPDATE countersign_delivery d SET due = countersign_ms(), wait = 0, held = FALSE, uncounted = uncounted + 1, unsent = unsent + $3
FROM unnest($1::BIGINT[], $2::BIGINT[]) AS lease (id, attempt) WHERE d.id = lease.id AND d.attempt = lease.attempt AND held";

pub(super) const RETRY: &str =
    "UPDATE countersign_delivery SET status = 'pending', due = countersign_ms(), wait = 0, held = FALSE,
  uncounted = attempt WHERE id = $1 AND NOT (held AND due > countersign_ms())";

pub(super) const SET_BREAKER: &str = "UPDATE countersign_endpoint SET breaker = $3,
  wait_until = CASE WHEN $4::BIGINT IS NULL THEN 0 ELSE countersign_ms() + $4 END, wait = coalesce($4, 0) WHERE id = $1 AND breaker = $2";

pub(super) const SET_DISABLED: &str = "INSERT INTO countersign_endpoint (id, disabled) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET disabled = $2, breaker = '', wait_until = 0";

pub(super) const IS_KNOWN: &str = "SELECT 1 FROM countersign_delivery WHERE id = $1";

pub(super) const DEPTH: &str = "SELECT count(*) FROM countersign_delivery WHERE status = 'pending'";

pub(super) const BREAKER: &str = "SELECT breaker FROM countersign_endpoint WHERE id = $1";
