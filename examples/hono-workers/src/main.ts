// Hono on Cloudflare Workers: Resend's webhooks, each handled once, with D1 as the memory.
//   npm install
//   echo RESEND_WEBHOOK_SECRET=whsec_… > .dev.vars
//   npx wrangler dev
import { Webhook } from "countersign";
import { d1Replay } from "countersign/replay/d1";
import { Hono } from "hono";

interface Env {
  readonly RESEND_WEBHOOK_SECRET: string;
  readonly DB: D1Database;
}

const app = new Hono<{ Bindings: Env }>();

app.post("/webhooks/resend", (c) => {
  const webhook = new Webhook("resend", c.env.RESEND_WEBHOOK_SECRET);
  return webhook.respond(c.req.raw, {
    replay: d1Replay(c.env.DB),
    handler: (event) => {
      if (event.type === "email.bounced") console.log(`bounced: ${event.payload.data.bounce.type}`);
      else console.log(`nothing to do for ${event.type}`);
    },
  });
});

export default app;
