// Remembers in a table of PostgreSQL, through any client that has `query`.
import { own } from "../own.js";
import { TABLE, checkTable, tabled, type Dialect, type TableReplay } from "./shared/sql.js";

/**
 * A pool of `pg` or of what is like it, or PGlite. For postgres.js:
 * `{ query: (text, values) => sql.unsafe(text, values) }`.
 */
export interface PostgresClient {
  query(text: string, values: (string | number)[]): Promise<{ readonly rows: readonly unknown[] } | readonly unknown[]>;
}

/** Where the rows are. */
export interface PostgresReplayOptions {
  /** The table: receivers that share a database but not their handlers need different ones. Default: `countersign_replay`. */
  readonly table?: string | undefined;
}

export type { TableReplay };

/** The statement that creates the table, for your migrations. */
export function postgresTable(table: string = TABLE): string {
  // Keys are compared byte by byte, whatever the database's language.
  return `CREATE TABLE IF NOT EXISTS ${checkTable(table)} (key text COLLATE "C" PRIMARY KEY, token text, expires timestamptz NOT NULL)`;
}

/**
 * A store in PostgreSQL, by the database's clock. Pass a pool rather than a client that is in a transaction: others see
 * a claim when it is committed.
 */
export function postgresReplay(client: PostgresClient, options?: PostgresReplayOptions): TableReplay {
  const { table = TABLE } = own(options);
  if (typeof client?.query !== "function")
    throw new TypeError("postgresReplay takes a client that has query(text, values).");
  const run = async (sql: string, values: (string | number)[]) => {
    const result = await client.query(sql, values);
    return Array.isArray(result) ? result : (result as { readonly rows: readonly unknown[] }).rows;
  };
  return tabled(run, checkTable(table), POSTGRES, postgresTable(table));
}

const POSTGRES: Dialect = {
  parameter: "$",
  now: "statement_timestamp()",
  later: (seconds) => `statement_timestamp() + ${seconds}::float8 * interval '1 second'`,
  left: (then) => `extract(epoch FROM ${then} - statement_timestamp())::float8`,
};
