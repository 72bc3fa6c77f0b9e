// Remembers handled deliveries in PostgreSQL, through any client with `query(text, parameters)`: pg, PGlite, Neon.
import { sqlReplay, type SqlReplayStore } from "./shared/sql.js";

/** A pool or a client. Not one inside of a transaction: others must see a claim at once. */
export interface PostgresClient {
  query(text: string, parameters: (string | number)[]): Promise<unknown>;
}

export interface PostgresOptions {
  /** The table. Default: `countersign_replay`. */
  readonly table?: string | undefined;
}

export function postgresReplay(
  client: PostgresClient,
  { table = "countersign_replay" }: PostgresOptions = {},
): SqlReplayStore {
  if (typeof client?.query !== "function") throw new TypeError("Pass a client with query(text, parameters), such as a Pool of pg.");
  const run = async (sql: string, parameters: readonly (string | number)[]): Promise<readonly unknown[]> => {
    const result = (await client.query(sql, [...parameters])) as { rows?: readonly unknown[] } | readonly unknown[];
    // Some clients give the rows themselves.
    return Array.isArray(result) ? result : ((result as { rows?: readonly unknown[] }).rows ?? []);
  };
  // `now()` would stand still in a transaction.
  return sqlReplay({ now: "extract(epoch FROM clock_timestamp())::float8", sign: "$", run }, table);
}

export type { SqlReplayStore };
