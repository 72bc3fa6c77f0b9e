// examples/bun.
import { test } from "node:test";
import { freePort } from "../stores/support/servers.mjs";
import { answers, bodies, checkManifest, copy, exchange, over, run, tool } from "./support.mjs";

test("the Bun app", async (t) => {
  const cwd = copy("bun");
  checkManifest("bun");
  const port = await freePort();
  const secret = "whsec_K7pXq2LmVt9RzB4wc3Hn8sYdF6uJ1eGa";
  const app = run(t, tool("bun"), ["main.ts"], { cwd, env: { STRIPE_WEBHOOK_SECRET: secret, PORT: `${port}` } });
  const url = `http://127.0.0.1:${port}/webhooks/stripe`;
  await app.until(() => answers(url));
  await exchange({
    provider: "stripe",
    secret,
    body: bodies.invoice,
    stale: 3600,
    send: over(url),
    said: app.said,
    handled: "invoice paid: in_7",
  });
});
