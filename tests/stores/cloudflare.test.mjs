// d1Replay and durableObjectReplay inside a Worker on workerd, with D1 and Durable Objects as miniflare has them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { testReport } from "./support/checks.mjs";

/** Before Workers had calls between objects and their clients (RPC), and of late. */
const DATES = ["2023-01-01", "2026-03-01"];
const WORKER = fileURLToPath(new URL("support/worker.mjs", import.meta.url));

const workers = {};
before(async () => {
  const bundle = await build({
    entryPoints: [WORKER],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["./countersign_bg.wasm"],
  });
  for (const date of DATES) {
    workers[date] = new Miniflare({
      modules: true,
      script: bundle.outputFiles[0].text,
      compatibilityDate: date,
      d1Databases: ["DB"],
      durableObjects: {
        REPLAY: { className: "ReplayObject", useSQLite: true },
        // As Workers made them before they had SQLite.
        REPLAY_KV: { className: "ReplayObjectKv", useSQLite: false },
      },
    });
  }
});
after(() => Promise.all(Object.values(workers).map((worker) => worker.dispose())));

const ask = async (date, path) => {
  const response = await workers[date].dispatchFetch(`http://worker/${path}`);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
};

for (const date of DATES) {
  for (const [path, name] of [
    ["d1", "D1"],
    ["object", "Durable Object"],
    ["object-kv", "Durable Object without SQLite"],
  ]) {
    let report;
    testReport(`${name}, ${date}`, () => (report ??= ask(date, path)));
  }

  test(`D1, ${date}: clean deletes what has expired, and nothing else`, async () => {
    assert.deepEqual(await ask(date, "d1-clean"), ["done", "lease"]);
  });

  test(`Durable Object, ${date}: nothing is left of a key that was released or has expired`, async () => {
    assert.deepEqual(await ask(date, "object-left"), { held: true, released: false, expired: false, kept: true });
  });
}
