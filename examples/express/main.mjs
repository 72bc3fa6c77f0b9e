// Node and Express: webhooks of Stripe and of Plane, each handled once however many processes run, with Redis as their
// memory.
//   npm install
//   STRIPE_WEBHOOK_SECRET=whsec_… PLANE_WEBHOOK_SECRET=plane_wh_… REDIS_URL=redis://127.0.0.1:6379 PORT=3000 node main.mjs
import { Webhook } from "countersign";
import { expressWebhook } from "countersign/express";
import { redisReplay } from "countersign/replay/redis";
import express from "express";
import { Redis } from "ioredis";

const stripe = new Webhook("stripe", process.env.STRIPE_WEBHOOK_SECRET);
const plane = new Webhook("plane", process.env.PLANE_WEBHOOK_SECRET);

const redis = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379");
const replay = redisReplay(redis);
const app = express();

app.all(
  "/webhooks/stripe",
  expressWebhook(stripe, {
    replay,
    handler: (event) => {
      if (event.type === "invoice.paid") console.log(`invoice paid: ${event.payload.data.object.id}`);
      else console.log(`nothing to do for ${event.type}`);
    },
    // For the log: the sender gets the same answer whatever was wrong.
    onRefused: (error) => console.log(`refused: ${error.code}`),
  }),
);

app.all(
  "/webhooks/plane",
  expressWebhook(plane, {
    replay,
    handler: (event) => {
      if (event.type === "issue.created") console.log(`new issue: ${event.payload.data.name}`);
      else console.log(`nothing to do for ${event.type}`);
    },
    onRefused: (error) => console.log(`refused: ${error.code}`),
  }),
);

// Parsers for other routes come below: what has been parsed cannot be verified.
app.use(express.json());
app.get("/", (_, response) => void response.send("ok"));

const server = app.listen(Number(process.env.PORT ?? 3000));

process.once("SIGTERM", () => {
  server.close(() => redis.disconnect());
});
