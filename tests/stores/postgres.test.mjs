// postgresReplay with a real server and with PGlite, through every client that it names.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { postgresReplay, postgresTable } from "countersign/replay/postgres";
import pg from "pg";
import postgres from "postgres";
import { blocks } from "../support/documents.mjs";
import { testStore } from "./support/checks.mjs";
import { startPostgres } from "./support/servers.mjs";

const { skip, address } = await startPostgres();
const lite = new PGlite();
after(() => lite.close());
const stores = { lite: postgresReplay(lite) };
await stores.lite.createTable();

let pool;
if (!skip) {
  pool = new pg.Pool(address);
  const sql = postgres({ ...address, onnotice: () => {} });
  after(() => Promise.all([pool.end(), sql.end()]));
  stores.pool = postgresReplay(pool);
  stores.sql = postgresReplay({ query: (text, values) => sql.unsafe(text, values) }, { table: "public.Hooks_2" });
  for (const name of ["pool", "sql"]) await stores[name].createTable();
}

testStore("PGlite", () => stores.lite);
testStore("pg", () => stores.pool, skip);
testStore("postgres.js", () => stores.sql, skip);

test("clean deletes what has expired, and nothing else", { skip }, async () => {
  await pool.query(postgresTable("cleaned"));
  const store = postgresReplay(pool, { table: "cleaned" });
  for (const [key, lease, keep] of [
    ["lease", 600],
    ["late", 0.001],
    ["done", 600, 600],
    ["over", 600, 0.001],
  ]) {
    const { token } = await store.claim(key, lease);
    if (keep) await store.commit(key, token, keep);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  await store.clean();
  const { rows } = await pool.query("SELECT key FROM cleaned ORDER BY key");
  assert.deepEqual(
    rows.map(({ key }) => key),
    ["done", "lease"],
  );
  // A late handler's row is gone; it may commit all the same.
  assert.equal(await store.commit("late", "its token", 600), true);
  assert.equal((await store.claim("late", 600)).state, "done");
});

test("createTable may run again, and keeps what is there", { skip }, async () => {
  const { token } = await stores.pool.claim("kept", 600);
  await stores.pool.createTable();
  assert.equal(await stores.pool.commit("kept", token, 600), true);
});

test("of a claim in a transaction that is rolled back nothing is left", { skip }, async () => {
  const client = await pool.connect();
  await client.query("BEGIN");
  assert.equal((await postgresReplay(client).claim("rolled back", 600)).state, "new");
  await client.query("ROLLBACK");
  client.release();
  assert.equal((await stores.pool.claim("rolled back", 600)).state, "new");
});

test("the transaction of docs/once.md: the key goes in with the effect, and only once", { skip }, async () => {
  const { code } = blocks("sql").find(({ document }) => document === "docs/once.md");
  const [begin, remember, effect, commit] = code.split("\n").map((line) => line.replace(/;.*$/, ""));
  await pool.query("CREATE TABLE handled (key text PRIMARY KEY)");
  await pool.query("CREATE TABLE orders (id text)");
  async function handler(event, fails = false) {
    const client = await pool.connect();
    try {
      await client.query(begin);
      const first = await client.query(remember, [event.replayKey]);
      if (first.rowCount === 1) await client.query(effect, [event.id]);
      if (fails) throw new Error("it fails");
      await client.query(commit);
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  }
  const event = { replayKey: "stripe:id:evt_1", id: "evt_1" };
  await assert.rejects(handler(event, true), /it fails/);
  await Promise.all(Array.from({ length: 20 }, () => handler(event)));
  assert.equal((await pool.query("SELECT id FROM orders")).rowCount, 1);
});

test("a table that is missing, and a server that is gone, are errors, never claims", { skip }, async () => {
  await assert.rejects(postgresReplay(pool, { table: "missing" }).claim("a", 60), /missing/);
  const gone = new pg.Pool({ host: "127.0.0.1", port: 1 });
  await assert.rejects(postgresReplay(gone).claim("a", 60));
});

test("a table's name is a name, not SQL", () => {
  const query = async () => [];
  for (const table of ["", "a b", "a;b", 'a"b', "a.b.c", "1a", "a-b", ".a", "a.", null, 1]) {
    assert.throws(() => postgresReplay({ query }, { table }), TypeError, `${table}`);
    assert.throws(() => postgresTable(table), TypeError, `${table}`);
  }
  for (const table of ["a", "A_1", "app.hooks"]) postgresReplay({ query }, { table });
  for (const client of [undefined, null, {}, "postgres://localhost"])
    assert.throws(() => postgresReplay(client), TypeError);
});

test("a client that answers no row is an error, never a claim", async () => {
  await assert.rejects(postgresReplay({ query: async () => [] }).claim("a", 60), /row/);
  await assert.rejects(postgresReplay({ query: async () => ({ rows: [] }) }).claim("a", 60), /row/);
});
