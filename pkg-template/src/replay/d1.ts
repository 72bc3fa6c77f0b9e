// Remembers handled deliveries in Cloudflare D1.
import { sqlReplay, type SqlReplayStore } from "./shared/sql.js";

/** A binding of D1. */
export interface D1Binding {
  prepare(sql: string): { bind(...values: unknown[]): { all(): Promise<{ readonly results: unknown[] }> } };
}

export interface D1Options {
  /** The table. Default: `countersign_replay`. */
  readonly table?: string | undefined;
}

export function d1Replay(database: D1Binding, { table = "countersign_replay" }: D1Options = {}): SqlReplayStore {
  if (typeof database?.prepare !== "function") throw new TypeError("Pass the binding of a D1 database, such as env.DB.");
  const run = async (sql: string, parameters: readonly (string | number)[]): Promise<readonly unknown[]> =>
    (await database.prepare(sql).bind(...parameters).all()).results;
  return sqlReplay({ now: "unixepoch('subsec')", sign: "?", run }, table);
}

export type { SqlReplayStore };
