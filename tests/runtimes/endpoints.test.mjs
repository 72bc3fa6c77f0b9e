// The rules of sending in the runtimes, each of which reads URLs itself: Node, Deno, Bun, Workers, edge functions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EdgeRuntime } from "edge-runtime";
import { compatibilityDate as newest } from "workerd";
import { PACKAGE, bundle, run, temporaryFolder, tool } from "./support.mjs";
import { compiled, serve } from "./workerd.mjs";

const WASM = "countersign_endpoints_bg.wasm";

function assertReport({ urls, wrong, ...rest }) {
  assert.ok(urls > 130);
  assert.deepEqual(wrong, []);
  assert.deepEqual(rest, {
    address: "address_not_public",
    problems: ["events_empty", "secret_missing"],
    next: { next: "retry", afterMs: 3_600_000 },
    change: "opened",
    request: {
      method: "GET",
      url: "https://api.planeconnection.com/api/v1/webhooks",
      headers: { Accept: "application/json", Authorization: "Bearer a-token" },
    },
  });
}

async function printed(program, args, env) {
  const { code, stdout, stderr } = await run(program, args, { env });
  assert.equal(code, 0, stderr);
  assertReport(JSON.parse(stdout));
}

test("Node: the rules of sending", () => printed(process.execPath, ["endpoints-main.mjs"]));

test("Deno: the rules of sending, without any permission", (t) => {
  const args = ["run", "--no-prompt", "--no-lock", "--config", "deno.node-modules.json", "endpoints-main.mjs"];
  const env = { DENO_DIR: temporaryFolder(t), DENO_NO_UPDATE_CHECK: "1", NPM_CONFIG_REGISTRY: "http://127.0.0.1:9" };
  return printed(tool("deno/deno") ?? tool("deno/deno.exe"), args, env);
});

test("Bun: the rules of sending", () =>
  printed(tool("bun/bin/bun.exe"), ["run", "--no-install", "endpoints-main.mjs"]));

for (const date of ["2025-05-31", newest]) {
  test(`Workers, ${date}: the rules of sending`, async (t) => {
    const { code, used } = await bundle("endpoints-worker.mjs", {
      conditions: ["workerd", "worker"],
      plugins: [compiled],
    });
    assert.deepEqual(used, ["endpoints.workerd.js"]);
    const address = await serve(t, code, [WASM], date, []);
    assertReport(await (await fetch(address)).json());
  });
}

test("edge: the rules of sending, where compiling from bytes is refused", async () => {
  const asGlobal = {
    name: "wasm-as-global",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
      build.onLoad({ filter: /.*/, namespace: "wasm" }, () => ({ contents: "module.exports = wasm_endpoints;" }));
    },
  };
  const { code, used } = await bundle("endpoints-edge.mjs", {
    format: "iife",
    conditions: ["edge-light", "worker"],
    plugins: [asGlobal],
  });
  assert.deepEqual(used, ["endpoints.edge-light.js"]);
  const module = new WebAssembly.Module(readFileSync(join(PACKAGE, "dist", WASM)));
  const extend = (context) => Object.assign(context, { wasm_endpoints: module });
  const runtime = new EdgeRuntime({ initialCode: code, codeGeneration: { strings: false, wasm: false }, extend });
  assertReport(await (await runtime.dispatchFetch("https://example.com/")).json());
});
