// examples/express, with a Redis server of its own.
import { test } from "node:test";
import { freePort, redisServer } from "../stores/support/servers.mjs";
import { answers, bodies, checkManifest, copy, exchange, over, run } from "./support.mjs";

test("the Express app", async (t) => {
  const redis = await redisServer(t);
  if (!redis) return;
  const cwd = copy("express");
  checkManifest("express");
  const port = await freePort();
  const env = {
    PORT: `${port}`,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    STRIPE_WEBHOOK_SECRET: "whsec_K7pXq2LmVt9RzB4wc3Hn8sYdF6uJ1eGa",
    PLANE_WEBHOOK_SECRET: "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5",
  };
  const app = run(t, process.execPath, ["main.mjs"], { cwd, env });
  await app.until(() => answers(`http://127.0.0.1:${port}/`));
  await exchange({
    provider: "stripe",
    secret: env.STRIPE_WEBHOOK_SECRET,
    body: bodies.invoice,
    stale: 3600,
    send: over(`http://127.0.0.1:${port}/webhooks/stripe`),
    said: app.said,
    handled: "invoice paid: in_7",
  });
  await exchange({
    provider: "plane",
    secret: env.PLANE_WEBHOOK_SECRET,
    body: bodies.issue,
    send: over(`http://127.0.0.1:${port}/webhooks/plane`),
    said: app.said,
    handled: "new issue: Fix the login",
  });
});
