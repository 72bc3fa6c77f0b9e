// examples/next, with a PostgreSQL server of its own.
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { freePort, postgresServer } from "../stores/support/servers.mjs";
import { answers, bodies, checkManifest, copy, exchange, over, run, tool } from "./support.mjs";

test("the Next.js app", async (t) => {
  const postgres = await postgresServer(t);
  if (!postgres) return;
  const cwd = copy("next");
  checkManifest("next");
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  const database = { DATABASE_URL: postgres.connectionString };
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  await promisify(execFile)(tool("next"), ["build"], { cwd, env });
  await promisify(execFile)(process.execPath, ["create-table.mjs"], { cwd, env: { ...env, ...database } });
  const port = await freePort();
  const app = run(t, tool("next"), ["start", "--port", `${port}`], {
    cwd,
    env: { ...env, ...database, RESEND_WEBHOOK_SECRET: secret },
  });
  await app.until(() => answers(`http://127.0.0.1:${port}/`));
  await exchange({
    provider: "resend",
    secret,
    body: bodies.bounce,
    stale: 3600,
    send: over(`http://127.0.0.1:${port}/webhooks/resend`),
    said: app.said,
    handled: "bounced: Permanent",
  });
});
