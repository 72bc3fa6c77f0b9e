// The store's steps as SQL statements, each atomic: PostgreSQL and SQLite share everything but how they tell the time.
import type { Claim, ReplayStore } from "countersign";
import { milliseconds } from "./length.js";

/** What databases write differently. */
export interface Dialect {
  /** The beginning of a numbered parameter. */
  readonly parameter: string;
  /** The time at which the statement began: the same at every place in it. */
  readonly now: string;
  /** That time, so many seconds later. */
  later(seconds: string): string;
  /** Seconds between then and now. */
  left(then: string): string;
}

/** Runs a statement and answers its rows. */
export type RunStatement = (sql: string, values: (string | number)[]) => Promise<readonly unknown[]>;

/** A replay store in a table of its own. */
export interface TableReplay extends ReplayStore {
  /** Creates the table where it is missing. For migrations the same statement is exported as text. */
  createTable(): Promise<void>;
  /** Deletes what has expired. Nothing else deletes it, so call this from time to time, such as once a day. */
  clean(): Promise<void>;
}

export const TABLE = "countersign_replay";

/** A table's name goes into the statements as it is. */
export function checkTable(table: string): string {
  if (typeof table !== "string" || !/^[a-z_]\w*(\.[a-z_]\w*)?$/i.test(table)) {
    throw new TypeError(
      "table must be a name of letters, digits and underscores, after a schema's name and a dot if need be.",
    );
  }
  return table;
}

/** `token` is that of the claim that holds the key, or null once committed; `expires` ends the lease, or the memory. */
export function tabled(run: RunStatement, table: string, dialect: Dialect, createTable: string): TableReplay {
  const { now } = dialect;
  const [key, token, length] = [1, 2, 3].map((number) => dialect.parameter + number) as [string, string, string];
  const free = `held.expires <= ${now}`;
  // A claim that finds the key held writes what is there already. That way it gets the row in the same step.
  const CLAIM = `INSERT INTO ${table} AS held (key, token, expires) VALUES (${key}, ${token}, ${dialect.later(length)})
ON CONFLICT (key) DO UPDATE SET
  token = CASE WHEN ${free} THEN excluded.token ELSE held.token END,
  expires = CASE WHEN ${free} THEN excluded.expires ELSE held.expires END
RETURNING token, ${dialect.left("expires")} AS remaining`;
  // A lease that is over and that nobody has claimed since may still be committed: the handler was slow, but it succeeded.
  const COMMIT = `INSERT INTO ${table} AS held (key, token, expires) VALUES (${key}, NULL, ${dialect.later(length)})
ON CONFLICT (key) DO UPDATE SET token = NULL, expires = excluded.expires WHERE held.token = ${token} OR ${free}
RETURNING key`;
  const RELEASE = `DELETE FROM ${table} WHERE key = ${key} AND token = ${token} RETURNING key`;
  const CLEAN = `DELETE FROM ${table} WHERE expires <= ${now}`;

  const seconds = (given: number) => milliseconds(given) / 1000;
  return {
    async claim(replayKey, lease): Promise<Claim> {
      const own = crypto.randomUUID();
      const [row] = (await run(CLAIM, [escaped(replayKey), own, seconds(lease)])) as {
        token: string | null;
        remaining: number;
      }[];
      if (!row) throw new Error("The client did not answer with the row.");
      if (row.token === own) return { state: "new", token: own };
      if (row.token === null) return { state: "done" };
      return { state: "in_progress", retryAfter: Number(row.remaining) };
    },
    async commit(replayKey, held, keep) {
      return (await run(COMMIT, [escaped(replayKey), held, seconds(keep)])).length === 1;
    },
    async release(replayKey, held) {
      return (await run(RELEASE, [escaped(replayKey), held])).length === 1;
    },
    async createTable() {
      await run(createTable, []);
    },
    async clean() {
      await run(CLEAN, []);
    },
  };
}

/** An id inside a body may have the character zero, which no text in PostgreSQL can hold. */
function escaped(key: string): string {
  return key.replace(/[\0\\]/g, (character) => (character === "\0" ? "\\0" : "\\\\"));
}
