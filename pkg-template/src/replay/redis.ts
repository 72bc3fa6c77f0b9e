// Remembers handled deliveries in Redis or Valkey, for receivers in several processes; for the clients ioredis and redis.
import type { ReplayStore } from "countersign";
import { scriptedReplay } from "./shared/redis.js";

/** A client of the package `ioredis`. */
export interface IoRedis {
  readonly defineCommand: unknown;
  eval(script: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/** A connected client of the package `redis`. */
export interface NodeRedis {
  readonly sendCommand: unknown;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

export interface RedisOptions {
  /** What stands before each key. Endpoints that share a server but not their handlers need different ones. Default: `countersign:`. */
  readonly prefix?: string | undefined;
}

/** The server must not evict keys under memory pressure (`maxmemory-policy noeviction`). */
export function redisReplay(client: IoRedis | NodeRedis, { prefix = "countersign:" }: RedisOptions = {}): ReplayStore {
  if (typeof client?.eval !== "function") throw new TypeError("Pass a client of the package ioredis or redis.");
  return scriptedReplay(
    (script, key, ...values) =>
      "defineCommand" in client
        ? client.eval(script, 1, key, ...values)
        : client.eval(script, { keys: [key], arguments: values.map(String) }),
    prefix,
  );
}
