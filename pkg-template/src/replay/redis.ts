// Remembers in Redis or Valkey, for receivers on several machines; with the clients ioredis and redis (node-redis).
import { own } from "../own.js";
import type { ReplayStore } from "countersign";
import { scripted } from "./shared/scripts.js";

/** A connected client, or cluster, of node-redis (4 or later) or of ioredis (5 or later; Bun's own is alike). */
export type RedisClient =
  | { EVAL(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown> }
  | { eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown> };

/** Where the keys are. */
export interface RedisReplayOptions {
  /** What stands before each key: receivers that share a server but not their handlers need different ones. Default: `countersign:`. */
  readonly prefix?: string | undefined;
}

/**
 * A store in Redis. The server must not evict keys (`maxmemory-policy noeviction`), and it forgets them in a restart
 * unless it has an append-only file.
 */
export function redisReplay(client: RedisClient, options?: RedisReplayOptions): ReplayStore {
  const { prefix = "countersign:" } = own(options);
  if (typeof (client as { eval?: unknown } | undefined)?.eval !== "function") {
    throw new TypeError("redisReplay takes a client of ioredis or of redis.");
  }
  return scripted((script, key, args) => {
    // Only node-redis names its commands in capitals.
    if ("EVAL" in client) return client.EVAL(script, { keys: [key], arguments: args });
    return client.eval(script, 1, key, ...args);
  }, prefix);
}
