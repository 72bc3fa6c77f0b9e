// The steps as SQL that PostgreSQL and SQLite both speak; a claim is one statement, so it is atomic.
import type { Claim, ReplayStore } from "countersign";
import { newToken } from "./token.js";

/** What differs between databases. */
export interface Dialect {
  /** The clock of the database, in seconds with a fraction. */
  readonly now: string;
  /** What stands before the number of a parameter. */
  readonly sign: "$" | "?";
  /** Runs a statement and gives the rows it returns. */
  run(sql: string, parameters: readonly (string | number)[]): Promise<readonly unknown[]>;
}

/** A replay store in a database. */
export interface SqlReplayStore extends ReplayStore {
  /** Makes the table if it is not there. */
  createTable(): Promise<void>;
  /** Deletes what no longer counts; call it now and then, such as once a day. */
  clean(): Promise<void>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/;

/** A row is a claim by its token until `ends`, or, without a token, a handled delivery remembered until then. */
export function sqlReplay({ now, sign, run }: Dialect, table: string): SqlReplayStore {
  if (!NAME.test(table)) throw new TypeError("table must be a plain name, or schema.name.");
  const [key, token, seconds] = [`${sign}1`, `${sign}2`, `${sign}3`];
  // A claim takes over only what is over. A commit also takes its own row, even if the lease is over by now.
  const upsert = (value: string, unless: string): string => `
    INSERT INTO ${table} AS held (key, token, ends) VALUES (${key}, ${value}, ${now} + ${seconds})
    ON CONFLICT (key) DO UPDATE SET token = excluded.token, ends = excluded.ends
    WHERE held.ends <= ${now}${unless} RETURNING 1 AS done`;
  const CLAIM = upsert(token, "");
  // The token is named outside of VALUES too: a parameter must be used.
  const COMMIT = upsert("NULL", ` OR held.token = ${token}`);
  const LOOK = `SELECT CASE WHEN token IS NULL THEN 1 ELSE 0 END AS done, ends - ${now} AS remaining FROM ${table} WHERE key = ${key}`;
  const RELEASE = `DELETE FROM ${table} WHERE key = ${key} AND token = ${token} RETURNING 1 AS done`;
  return {
    async createTable() {
      await run(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, token TEXT, ends DOUBLE PRECISION NOT NULL)`, []);
    },
    async clean() {
      await run(`DELETE FROM ${table} WHERE ends <= ${now}`, []);
    },
    async claim(replayKey, lease): Promise<Claim> {
      const mine = newToken();
      if ((await run(CLAIM, [replayKey, mine, lease])).length > 0) return { state: "new", token: mine };
      const [row] = (await run(LOOK, [replayKey])) as { done: number; remaining: number }[];
      // Released in between: the next attempt will have it.
      if (row === undefined) return { state: "in_progress", retryAfter: 1 };
      return Number(row.done) === 1 ? { state: "done" } : { state: "in_progress", retryAfter: Number(row.remaining) };
    },
    async commit(replayKey, mine, keep) {
      return (await run(COMMIT, [replayKey, mine, keep])).length > 0;
    },
    async release(replayKey, mine) {
      return (await run(RELEASE, [replayKey, mine])).length > 0;
    },
  };
}
