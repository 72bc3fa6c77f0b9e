// The README's Node examples, as a strict project compiles them.
import { Webhook, WebhookError, type Event } from "countersign";
import { redisReplay, type RedisClient } from "countersign/replay/redis";

const webhook = new Webhook("resend", process.env["RESEND_WEBHOOK_SECRET"]); // once, at start-up

declare const redis: RedisClient;
declare function save(event: Event<"resend">): Promise<void>;

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

// The replay example.
const replay = redisReplay(redis); // once, at start-up

export function handled(request: Request): Promise<Response> {
  return webhook.respond(request, {
    replay,
    lease: 60, // seconds; longer than any handler takes
    async handler(event) {
      await save(event);
    },
  });
}
