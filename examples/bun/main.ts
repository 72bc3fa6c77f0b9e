// Bun: Stripe's webhooks, each handled once by this one process, which remembers them itself.
//   bun install
//   STRIPE_WEBHOOK_SECRET=whsec_… PORT=3000 bun main.ts
import { Webhook } from "countersign";
import { memoryReplay } from "countersign/replay/memory";

const webhook = new Webhook("stripe", process.env.STRIPE_WEBHOOK_SECRET);
const replay = memoryReplay();

// Bun serves what a file exports.
export default {
  port: Number(process.env.PORT ?? 3000),
  fetch(request: Request): Response | Promise<Response> {
    if (new URL(request.url).pathname !== "/webhooks/stripe") return new Response("not here", { status: 404 });
    return webhook.respond(request, {
      replay,
      handler: (event) => {
        if (event.type === "invoice.paid") console.log(`invoice paid: ${event.payload.data.object.id}`);
        else console.log(`nothing to do for ${event.type}`);
      },
    });
  },
};
