// examples/deno: Deno installs the package itself, from a registry that has nothing else.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startRegistry } from "../suite/registry.mjs";
import { freePort } from "../stores/support/servers.mjs";
import { answers, bodies, copy, exchange, over, run, tool } from "./support.mjs";

test("the Deno app", async (t) => {
  const cwd = copy("deno");
  const port = await freePort();
  const secret = "whsec_01jq8secretxxxxxxxxxxxxxxxx";
  const { address } = await startRegistry(t);
  // A cache and a KV of its own.
  const DENO_DIR = mkdtempSync(join(tmpdir(), "countersign-deno-"));
  t.after(() => rmSync(DENO_DIR, { recursive: true, force: true, maxRetries: 10 }));
  const env = {
    DENO_DIR,
    NPM_CONFIG_REGISTRY: address,
    NO_COLOR: "1",
    PLANECONNECTION_WEBHOOK_SECRET: secret,
    PORT: `${port}`,
  };
  await promisify(execFile)(tool("deno"), ["check", "main.ts"], { cwd, env: { ...process.env, ...env } });
  const app = run(t, tool("deno"), ["task", "start"], { cwd, env });
  const url = `http://127.0.0.1:${port}/webhooks/planeconnection`;
  await app.until(() => answers(url));
  await exchange({
    provider: "planeconnection",
    secret,
    body: bodies.trip,
    stale: 25 * 3600,
    send: over(url),
    said: app.said,
    handled: "new trip: trip_7",
  });
});
