// Stores that receivers share, on real servers: what every store does, two processes that race, one that is killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { postgresReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";
import { upstashReplay } from "countersign/replay/upstash";
import { checkReplayStore } from "../suite/replay.mjs";
import { open } from "./support/open.mjs";
import { postgresServer, redisServer } from "./support/servers.mjs";

const DELIVERIES = 10_000;
const RECEIVER = fileURLToPath(new URL("support/receiver.mjs", import.meta.url));

/** Runs a receiver to its end; answers with the numbers that it handled. */
function receiver(...args) {
  const child = spawn(process.execPath, [RECEIVER, ...args.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, handled: said.split("\n").filter(Boolean).map(Number) }));
  });
}

async function race(address) {
  const both = await Promise.all([receiver(address, 1, DELIVERIES, 60), receiver(address, 1, DELIVERIES, 60)]);
  for (const { code } of both) assert.equal(code, 0);
  const handled = both.flatMap((one) => one.handled);
  assert.equal(handled.length, DELIVERIES, "handlers run");
  assert.equal(new Set(handled).size, DELIVERIES, "deliveries handled");
  for (const one of both) assert.ok(one.handled.length > 0, "both took part");
}

async function killed(address) {
  const dead = await receiver(address, 0, 0, 1, "die");
  assert.equal(dead.signal, "SIGKILL");
  assert.deepEqual(dead.handled, [0]);
  // Comes back until the lease of the dead one is over.
  const next = await receiver(address, 0, 0, 60);
  assert.equal(next.code, 0);
  assert.deepEqual(next.handled, [0]);
  assert.deepEqual((await receiver(address, 0, 0, 60)).handled, []);
}

test("Redis", { timeout: 300_000 }, async (t) => {
  const server = await redisServer(t);
  if (!server) return;
  const { port } = server;
  const client = new Redis(port, "127.0.0.1");
  t.after(() => client.quit());

  await t.test("client ioredis", () => checkReplayStore(redisReplay(client)));
  await t.test("client redis", async () => {
    const other = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    await checkReplayStore(redisReplay(other, { prefix: "other:" }));
    await other.close();
  });
  await t.test("every key has the prefix and an end", async () => {
    for (const key of await client.keys("*")) {
      assert.match(key, /^(countersign|other):github:/);
      assert.ok((await client.pttl(key)) > 0, key);
    }
  });
  await t.test("behind Upstash's HTTP interface", async () => {
    const bridge = await upstash(client);
    const url = `http://127.0.0.1:${bridge.address().port}`;
    await checkReplayStore(upstashReplay({ url, token: "right" }));
    await assert.rejects(upstashReplay({ url, token: "wrong" }).claim("k", 1), /^Error: Upstash answered 401: Unauthorized$/);
    bridge.close();
  });
  await t.test("two processes run each handler once", () => race(`redis:${port}`));
  await t.test("a killed handler's delivery is handled after its lease", () => killed(`redis:${port}`));
});

test("PostgreSQL", { timeout: 300_000 }, async (t) => {
  const server = await postgresServer(t);
  if (!server) return;
  const address = `postgres:${server.connectionString}`;
  const { store, close } = await open(address);
  t.after(close);

  await t.test("client pg", async () => {
    await store.createTable();
    await store.createTable();
    await checkReplayStore(store);
  });
  await t.test("two processes run each handler once", () => race(address));
  await t.test("a killed handler's delivery is handled after its lease", () => killed(address));
  await t.test("clean deletes what is over, and nothing else", async () => {
    await store.claim("over", 0);
    await store.commit("kept", "token", 60);
    await store.clean();
    assert.equal((await store.claim("kept", 60)).state, "done");
    assert.equal((await store.claim("over", 60)).state, "new");
  });
});

test("client PGlite, another table", async (t) => {
  const client = await PGlite.create();
  t.after(() => client.close());
  const store = postgresReplay(client, { table: "public.seen" });
  await store.createTable();
  await checkReplayStore(store);
});

test("a table's name is a name", () => {
  for (const table of ["", "a b", "a;DROP TABLE b", "a.b.c", '"a"']) {
    assert.throws(() => postgresReplay({ query() {} }, { table }), TypeError);
  }
});

test("what is no client is refused at once", () => {
  for (const make of [redisReplay, postgresReplay]) assert.throws(() => make({}), TypeError);
  for (const options of [{}, { url: "https://a.example" }, { token: "t" }]) assert.throws(() => upstashReplay(options), TypeError);
});

/** Upstash's interface in front of a Redis: a command as a JSON array, and the result or the error in an object. */
async function upstash(client) {
  const server = createServer(async (request, response) => {
    const answer = (status, content) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.headers.authorization !== "Bearer right") return answer(401, { error: "Unauthorized" });
    try {
      const [command, ...args] = JSON.parse(Buffer.concat(chunks).toString());
      answer(200, { result: await client.call(command, ...args) });
    } catch (error) {
      answer(400, { error: error.message });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
