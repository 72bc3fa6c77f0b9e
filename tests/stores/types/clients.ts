// The stores take the clients' own types as they are. tsc runs this file; nothing executes it.
import type { D1Database, DurableObjectNamespace } from "@cloudflare/workers-types";
import { PGlite } from "@electric-sql/pglite";
import { Redis as Upstash } from "@upstash/redis";
import type { ReplayStore } from "countersign";
import { d1Replay } from "countersign/replay/d1";
import { durableObjectReplay } from "countersign/replay/durable-object";
import { postgresReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";
import { upstashReplay } from "countersign/replay/upstash";
import { Cluster, Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis-5";
import pg from "pg";
import postgres from "postgres";
import { createClient, createCluster } from "redis";
import { createClient as createClient4, createCluster as createCluster4 } from "redis-4";
import { createClient as createClient5, createCluster as createCluster5 } from "redis-5";

declare const env: { DB: D1Database; REPLAY: DurableObjectNamespace };
const sql = postgres();

export const stores: ReplayStore[] = [
  redisReplay(new Redis()),
  redisReplay(new Cluster([])),
  redisReplay(new Redis5()),
  redisReplay(createClient()),
  redisReplay(createCluster({ rootNodes: [] })),
  redisReplay(createClient4()),
  redisReplay(createCluster4({ rootNodes: [] })),
  redisReplay(createClient5()),
  redisReplay(createCluster5({ rootNodes: [] })),
  upstashReplay({ client: Upstash.fromEnv() }),
  postgresReplay(new pg.Pool()),
  postgresReplay(new pg.Client()),
  postgresReplay(new PGlite()),
  postgresReplay({ query: (text, values) => sql.unsafe(text, values) }),
  d1Replay(env.DB),
  durableObjectReplay(env.REPLAY),
];
