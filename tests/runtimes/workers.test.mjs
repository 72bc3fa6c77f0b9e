// Cloudflare Workers, in workerd itself: the bundle that wrangler would make, before and after the platform's changes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { compatibilityDate as newest } from "workerd";
import { PACKAGE, assertPassed, bundle, temporaryFolder, tool } from "./support.mjs";

const workerd = tool("workerd/bin/workerd");
const WASM = ["countersign_bg.wasm", "countersign_explain_bg.wasm"];

/** The last day of the years in which no Worker could compile from bytes, and today. */
const DATES = ["2025-05-31", newest];

/** Wrangler leaves WebAssembly files out of the bundle, and hands them to the platform to compile. */
const compiled = {
  name: "compiled-wasm",
  setup: (build) => build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true })),
};

let worker;
before(async () => {
  worker = await bundle("worker.mjs", { conditions: ["workerd", "worker", "browser"], plugins: [compiled] });
});

test("Workers: a bundler takes the entry with the condition workerd", () => {
  assert.deepEqual(worker.used, ["workerd.js", "diagnose.workerd.js"]);
  for (const file of WASM) assert.ok(new RegExp(`from ?"\\./${file}"`).test(worker.code), file);
});

for (const date of DATES) {
  for (const flags of [[], ["nodejs_compat"]]) {
    test(`Workers, ${[date, ...flags].join(", ")}`, async (t) => {
      const address = await serve(t, worker.code, date, flags);
      assertPassed(t, await (await fetch(address)).json());
      await deliver(address);
    });
  }
}

test("Workers: where a bundler takes another entry, the error says which to take", async (t) => {
  const wrong = await bundle("worker.mjs", { conditions: ["worker", "browser"] });
  assert.deepEqual(wrong.used, ["index.js", "diagnose.js"]);
  await assert.rejects(serve(t, wrong.code, DATES[0], []), /the condition workerd or edge-light/);
});

/** Starts a Worker and gives its address; what workerd says when it does not start is the error. */
async function serve(t, code, date, flags) {
  const folder = temporaryFolder(t);
  for (const file of WASM) copyFileSync(join(PACKAGE, "dist", file), join(folder, file));
  writeFileSync(join(folder, "worker.js"), code);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .main)],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const main :Workerd.Worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js"), ${WASM.map((file) => `(name = "${file}", wasm = embed "${file}")`)}],
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
    );`,
  );
  const child = spawn(workerd, ["serve", "config.capnp", "--control-fd=3"], { cwd: folder, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  t.after(() => child.kill());
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("close", () => reject(new Error(said)));
    child.stdio[3].setEncoding("utf8").on("data", (line) => resolve(`http://127.0.0.1:${/"port": ?(\d+)/.exec(line)[1]}/`));
  });
}

/** Real deliveries, over HTTP. */
async function deliver(address) {
  const body = Buffer.from("\ufeff{\"é\":\"🔑\"}");
  const signature = `sha256=${createHmac("sha256", "a secret of the test").update(body).digest("hex")}`;
  const post = (sent) => fetch(`${address}hook`, { method: "POST", body: sent, headers: { "X-Hub-Signature-256": signature } });
  const answers = [await post(body), await post("{}"), await fetch(`${address}hook`)];
  assert.deepEqual(answers.map(({ status }) => status), [200, 401, 405]);
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ["ok", "refused", "refused"]);
}
