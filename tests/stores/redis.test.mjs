// redisReplay with a real server: ioredis and node-redis, old and new, alone and as a cluster.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { redisReplay } from "countersign/replay/redis";
import { Cluster, Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis-5";
import * as redis from "redis";
import * as redis4 from "redis-4";
import * as redis5 from "redis-5";
import { testStore } from "./support/checks.mjs";
import { freePort, startRedis } from "./support/servers.mjs";

const server = await startRedis();
const cluster = await startRedis({ cluster: true, port: await freePort() });
const { skip } = server;
const open = [];

if (!skip) {
  after(() => Promise.all(open.map((client) => client.quit())));
  const alone = new Redis(cluster.port, "127.0.0.1");
  open.push(alone);
  await alone.cluster("ADDSLOTSRANGE", 0, 16_383);
  while (!(await alone.cluster("INFO")).includes("cluster_state:ok"))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Connects once, when the first test asks. */
function lazily(connect) {
  let client;
  return async () => {
    client ??= await connect();
    if (!open.includes(client)) open.push(client);
    return redisReplay(client);
  };
}

const nodeRedis = (library) => () => library.createClient({ socket: { path: server.path } }).connect();
testStore(
  "ioredis",
  lazily(() => new Redis(server.path)),
  skip,
);
testStore(
  "ioredis with a prefix of its own",
  lazily(() => new Redis(server.path, { keyPrefix: "app:" })),
  skip,
);
testStore(
  "ioredis 5",
  lazily(() => new Redis5(server.path)),
  skip,
);
testStore("redis", lazily(nodeRedis(redis)), skip);
testStore("redis 5", lazily(nodeRedis(redis5)), skip);
testStore("redis 4", lazily(nodeRedis(redis4)), skip);
testStore(
  "ioredis, cluster",
  lazily(() => new Cluster([{ host: "127.0.0.1", port: cluster.port }])),
  skip,
);
testStore(
  "redis, cluster",
  lazily(async () => {
    const client = redis.createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${cluster.port}` }] });
    await client.connect();
    return client;
  }),
  skip,
);

test("what is in Redis is what RedisStore in Rust writes: the token, then done, each with its end", {
  skip,
}, async () => {
  const client = new Redis(server.path);
  open.push(client);
  const store = redisReplay(client);
  const { token } = await store.claim("github:id:1", 30);
  assert.equal(await client.get("countersign:github:id:1"), token);
  const lease = await client.pttl("countersign:github:id:1");
  assert.ok(lease > 0 && lease <= 30_000, `${lease}`);
  await store.commit("github:id:1", token, 3600);
  assert.equal(await client.get("countersign:github:id:1"), "done");
  const memory = await client.pttl("countersign:github:id:1");
  assert.ok(memory > 30_000 && memory <= 3_600_000, `${memory}`);

  const shop = redisReplay(client, { prefix: "shop:" });
  const other = await shop.claim("github:id:1", 30);
  assert.equal(other.state, "new");
  assert.equal(await client.get("shop:github:id:1"), other.token);
  await shop.release("github:id:1", other.token);
  assert.equal(await client.exists("shop:github:id:1"), 0);
});

test("a server that is gone is an error, never a claim", { skip }, async () => {
  const client = new Redis({ port: 1, host: "127.0.0.1", maxRetriesPerRequest: 0, retryStrategy: null });
  client.on("error", () => {});
  await assert.rejects(async () => redisReplay(client).claim("a", 60));
});

test("what is no client is a TypeError at once", () => {
  for (const client of [undefined, null, {}, "redis://localhost", { get() {} }])
    assert.throws(() => redisReplay(client), TypeError);
});

test("a client that answers something else is an error, never a claim", async () => {
  for (const answer of [undefined, null, "OK", [], ["queued"], {}]) {
    await assert.rejects(redisReplay({ eval: async () => answer }).claim("a", 60), /EVAL/);
  }
});
