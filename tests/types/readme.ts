// The README's Node example, as a strict project compiles it.
import { Webhook, WebhookError } from "countersign";

const webhook = new Webhook("resend", process.env["RESEND_WEBHOOK_SECRET"]); // once, at start-up

export async function POST(request: Request): Promise<Response> {
  try {
    const event = await webhook.receive(request); // reads the raw body itself
    if (event.type === "email.bounced") console.log(event.payload.data.bounce.type);
    return new Response("ok");
  } catch (error) {
    if (error instanceof WebhookError) return error.toResponse();
    throw error;
  }
}

new Webhook("plane", [
  { name: "2026-11", secret: "plane_wh_new…" },
  { name: "2026-05", secret: "plane_wh_old…", expires: 1767225600 },
]);
