// Cloudflare Workers, in workerd itself: the bundle that wrangler would make, before and after the platform's changes.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import { compatibilityDate as newest } from "workerd";
import { assertPassed, bundle } from "./support.mjs";
import { compiled, serve } from "./workerd.mjs";

const WASM = ["countersign_bg.wasm", "countersign_explain_bg.wasm"];

/** The last day of the years in which no Worker could compile from bytes, and today. */
const DATES = ["2025-05-31", newest];

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
      const address = await serve(t, worker.code, WASM, date, flags);
      assertPassed(t, await (await fetch(address)).json());
      await deliver(address);
    });
  }
}

test("Workers: where a bundler takes another entry, the error says which to take", async (t) => {
  const wrong = await bundle("worker.mjs", { conditions: ["worker", "browser"] });
  assert.deepEqual(wrong.used, ["index.js", "diagnose.js"]);
  await assert.rejects(serve(t, wrong.code, WASM, DATES[0], []), /the condition workerd or edge-light/);
});

/** Real deliveries, over HTTP. */
async function deliver(address) {
  const body = Buffer.from('\ufeff{"é":"🔑"}');
  const signature = `sha256=${createHmac("sha256", "a secret of the test").update(body).digest("hex")}`;
  const post = (sent) =>
    fetch(`${address}hook`, { method: "POST", body: sent, headers: { "X-Hub-Signature-256": signature } });
  const answers = [await post(body), await post("{}"), await fetch(`${address}hook`)];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 405],
  );
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ["", "refused", "refused"]);
}
