// Hono on Cloudflare Workers: Resend's webhooks, each handled once, with Durable Objects as the memory.
//   npm install
//   echo RESEND_WEBHOOK_SECRET=whsec_… > .dev.vars
//   npx wrangler dev
import { Webhook } from "countersign";
import { honoWebhook } from "countersign/hono";
import { durableObjectReplay, type ReplayNamespace } from "countersign/replay/durable-object";
import { Hono, type Context } from "hono";

interface Env {
  readonly RESEND_WEBHOOK_SECRET: string;
  readonly REPLAY: ReplayNamespace;
}

const app = new Hono<{ Bindings: Env }>();

app.all(
  "/webhooks/resend",
  // Secret and store come with each request.
  honoWebhook((c: Context<{ Bindings: Env }>) => new Webhook("resend", c.env.RESEND_WEBHOOK_SECRET), {
    replay: (c) => durableObjectReplay(c.env.REPLAY),
    handler: (event) => {
      if (event.type === "email.bounced") console.log(`bounced: ${event.payload.data.bounce.type}`);
      else console.log(`nothing to do for ${event.type}`);
    },
  }),
);

export default app;

// The class of the objects, as wrangler.json binds it.
export { ReplayObject } from "countersign/replay/durable-object";
