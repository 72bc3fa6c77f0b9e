// Several processes on one Redis, and on one PostgreSQL: each handler runs exactly once, and again after a kill.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { postgresTable } from "countersign/replay/postgres";
import pg from "pg";
import { startPostgres, startRedis } from "./support/servers.mjs";

const DELIVERIES = 10_000;
const RECEIVER = fileURLToPath(new URL("support/receiver.mjs", import.meta.url));

const redis = await startRedis();
const postgres = await startPostgres();
if (!postgres.skip) {
  const pool = new pg.Pool(postgres.address);
  await pool.query(postgresTable());
  await pool.end();
}

const stores = [
  ["redis", redis.path, redis.skip],
  ["postgres", JSON.stringify(postgres.address), postgres.skip],
];

/** A receiver and what it says, line by line. */
function receiver(t, ...args) {
  const child = spawn(process.execPath, [RECEIVER, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value } = await lines.next();
    assert.ok(value, "the receiver has ended");
    return JSON.parse(value);
  };
  return { child, said };
}

for (const [kind, address, skip] of stores) {
  test(`${kind}: two processes get the same ${DELIVERIES} deliveries, and each is handled exactly once`, {
    skip,
  }, async (t) => {
    const receivers = [0, 1].map(() => receiver(t, kind, address, "all", `${DELIVERIES}`));
    for (const { said } of receivers) assert.equal(await said(), "ready");
    for (const { child } of receivers) child.stdin.write("go\n");
    const results = await Promise.all(receivers.map(({ said }) => said()));

    const times = new Map();
    for (const id of results.flatMap(({ handled }) => handled)) times.set(id, (times.get(id) ?? 0) + 1);
    assert.deepEqual(
      [...times].filter(([, count]) => count > 1),
      [],
    );
    assert.equal(times.size, DELIVERIES);
    for (const { statuses } of results) {
      const { 200: ok = 0, 409: conflict = 0, ...others } = statuses;
      assert.deepEqual(others, {});
      assert.equal(ok + conflict, DELIVERIES);
    }
    const ran = results.map(({ handled, statuses }) => `${handled.length} (409: ${statuses[409] ?? 0})`);
    t.diagnostic(`handled by the two: ${ran.join(" and ")}`);
  });

  test(`${kind}: a handler that is killed runs again after its lease`, { skip }, async (t) => {
    const second = receiver(t, kind, address, "retry", "msg_killed");
    assert.equal(await second.said(), "ready");
    const first = receiver(t, kind, address, "hang", "msg_killed", "1");
    assert.equal(await first.said(), "running");
    const exit = once(first.child, "exit");
    first.child.kill("SIGKILL");
    assert.equal((await exit)[1], "SIGKILL");

    second.child.stdin.write("go\n");
    const { answers, ran } = await second.said();
    assert.equal(ran, 1);
    const refused = answers.slice(0, -2);
    for (const answer of refused) assert.deepEqual(answer, [409, "1"]);
    assert.deepEqual(
      answers.slice(-2).map(([status]) => status),
      [200, 200],
    );
    t.diagnostic(`refused ${refused.length} times before`);
  });

  test(`${kind}: while a handler runs, every other attempt is told to come later`, { skip }, async (t) => {
    const first = receiver(t, kind, address, "hang", "msg_slow", "600");
    assert.equal(await first.said(), "running");
    const second = receiver(t, kind, address, "hang", "msg_slow", "600");
    // Its handler would say that it runs; refused, it ends.
    assert.deepEqual(await once(second.child, "exit"), [0, null]);
    await assert.rejects(second.said(), /has ended/);
  });
}
