// Next.js with its own bundler: one app with the receiver in Node, in the edge runtime and in a page.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { deliveries } from "./deliveries.mjs";
import { app, noBrowser, runInPage } from "./support.mjs";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
const options = { cwd: app("next"), env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" } };
const built = app("next/.next");

let server;
let address;
let said = "";

before(async () => {
  rmSync(built, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [next, "build"], options);
  server = spawn(process.execPath, [next, "start", "--port", "0"], options);
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (said += text));
  address = await until(() => said.match(/http:\/\/localhost:\d+/)?.[0]);
  await until(() => said.includes("Ready"));
});

after(async () => {
  if (server?.exitCode === null) {
    server.kill();
    await once(server, "exit");
  }
  rmSync(built, { recursive: true, force: true });
});

async function until(condition) {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`next start did not get that far:\n${said}`);
}

for (const runtime of ["node", "edge"]) {
  test(`Next.js, a route handler in the runtime ${runtime}`, async () => {
    for (const { name, headers, body, answer } of deliveries) {
      const response = await fetch(`${address}/${runtime}`, { method: "POST", headers, body });
      const [status] = answer.split(" ");
      assert.equal(`${response.status}`, status, `${name}: ${await response.text()}\n${said}`);
    }
    await until(() => said.includes(`${runtime} invoice.paid evt_1`));
    assert.equal(said.split(`${runtime} invoice.paid`).length, 2, "the handler runs for the genuine delivery only");
  });
}

test("Next.js, in a page", { skip: noBrowser }, () => runInPage(`${address}/`));
