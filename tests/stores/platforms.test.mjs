// Stores of one platform, on that platform: D1 and Durable Objects in workerd, Deno KV in Deno.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

test("Cloudflare: D1 and Durable Objects", { timeout: 120_000 }, async (t) => {
  const { outputFiles } = await build({
    entryPoints: [file("support/worker.mjs")],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    write: false,
  });
  const worker = new Miniflare({
    modules: true,
    script: outputFiles[0].text,
    compatibilityDate: "2024-01-01",
    d1Databases: ["DB"],
    durableObjects: { REPLAY: "ReplayObject" },
  });
  t.after(() => worker.dispose());
  for (const store of ["d1", "durable-object"]) {
    await t.test(store, async () => {
      const response = await worker.dispatchFetch(`http://localhost/${store}`);
      assert.equal(await response.text(), "ok");
    });
  }
});

test("Deno KV", { timeout: 120_000 }, async () => {
  const args = ["run", "--no-prompt", "--no-config", "--no-remote", "--unstable-kv", "--node-modules-dir=manual", file("support/deno.mjs")];
  const { stdout } = await promisify(execFile)(file("node_modules/.bin/deno"), args);
  assert.equal(stdout, "ok\n");
});
