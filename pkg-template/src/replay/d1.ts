// Remembers in a table of Cloudflare D1.
import { own } from "../own.js";
import { TABLE, checkTable, tabled, type Dialect, type TableReplay } from "./shared/sql.js";

/** A binding to a D1 database, such as `env.DB`. */
export interface D1Client {
  prepare(sql: string): {
    bind(...values: (string | number)[]): { all(): Promise<{ readonly results: readonly unknown[] }> };
  };
}

/** Where the rows are. */
export interface D1ReplayOptions {
  /** The table: receivers that share a database but not their handlers need different ones. Default: `countersign_replay`. */
  readonly table?: string | undefined;
}

export type { TableReplay };

/** The statement that creates the table, for your migrations. */
export function d1Table(table: string = TABLE): string {
  return `CREATE TABLE IF NOT EXISTS ${checkTable(table)} (key TEXT PRIMARY KEY, token TEXT, expires REAL NOT NULL) WITHOUT ROWID`;
}

/** A store in D1, by the database's clock. */
export function d1Replay(database: D1Client, options?: D1ReplayOptions): TableReplay {
  const { table = TABLE } = own(options);
  if (typeof database?.prepare !== "function") throw new TypeError("d1Replay takes a D1 database, such as env.DB.");
  const run = async (sql: string, values: (string | number)[]) =>
    (
      await database
        .prepare(sql)
        .bind(...values)
        .all()
    ).results;
  return tabled(run, checkTable(table), D1, d1Table(table));
}

/** Unix seconds with their fraction. In SQLite the time is the same everywhere in a statement. */
const NOW = "unixepoch('subsec')";

const D1: Dialect = {
  parameter: "?",
  now: NOW,
  later: (seconds) => `${NOW} + ${seconds}`,
  left: (then) => `${then} - ${NOW}`,
};
