// examples/hono-workers, and the Workers that the documents show, in workerd.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { headersOf } from "../../examples/demo/providers.mjs";
import { blocks } from "../support/documents.mjs";
import { bodies, checkManifest, copy, exchange, over } from "./support.mjs";
import { startWorker } from "./workers.mjs";

const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
const bindings = { RESEND_WEBHOOK_SECRET: secret };

test("the Hono app on Workers", async (t) => {
  const cwd = copy("hono-workers");
  checkManifest("hono-workers");
  const { main, compatibility_date, durable_objects } = JSON.parse(readFileSync(join(cwd, "wrangler.json"), "utf8"));
  const { address, said } = await startWorker(t, join(cwd, main), {
    compatibilityDate: compatibility_date,
    durableObjects: Object.fromEntries(
      durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]),
    ),
    bindings,
  });
  await exchange({
    provider: "resend",
    secret,
    body: bodies.bounce,
    stale: 3600,
    send: over(new URL("/webhooks/resend", address)),
    said,
    handled: "bounced: Permanent",
  });
});

for (const first of ["// Hono on Cloudflare Workers", "// Cloudflare Workers"]) {
  test(`the documents' block "${first}" starts without nodejs_compat`, async (t) => {
    const [{ code }] = blocks("ts").filter(({ code }) => code.startsWith(`${first}\n`));
    const main = join(copy("hono-workers", "running/documents"), "block.ts");
    writeFileSync(main, code);
    const { address, said } = await startWorker(t, main, { compatibilityDate: "2025-05-31", bindings });
    const send = (body) =>
      fetch(new URL("/hook", address), {
        method: "POST",
        headers: headersOf.resend(bodies.bounce, secret, Math.floor(Date.now() / 1000), "msg_1"),
        body,
      });
    const answers = [await send(bodies.bounce), await send("{}"), await fetch(new URL("/hook", address))];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 405],
    );
    assert.match(said(), /email\.bounced/);
  });
}
