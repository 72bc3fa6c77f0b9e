// A program without the DOM's types and without Node's: every entry's declarations must compile, the oldest TypeScript
// that we promise included.
import { Webhook, WebhookError, detectProvider, type Event, type Scheme } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { diagnose } from "countersign/diagnose";
import { judgeUrl } from "countersign/endpoints";
import { expressWebhook } from "countersign/express";
import { fastifyWebhook } from "countersign/fastify";
import { honoWebhook } from "countersign/hono";
import { koaWebhook } from "countersign/koa";
import { nestWebhook, rawBody } from "countersign/nest";
import { nextPagesWebhook } from "countersign/next-pages";
import { nodeWebhook } from "countersign/node";
import { d1Replay } from "countersign/replay/d1";
import { denoKvReplay } from "countersign/replay/deno-kv";
import { ReplayObject, durableObjectReplay } from "countersign/replay/durable-object";
import { memoryReplay } from "countersign/replay/memory";
import { postgresReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";
import { upstashReplay } from "countersign/replay/upstash";
import { sampleDelivery } from "countersign/testing";

const webhook = new Webhook("stripe", "whsec_");
const scheme: Scheme = { signature: { header: "X-S", encoding: "hex" }, signed: "{body}" };
export const custom = new Webhook(scheme, new Uint8Array(32));

export function verified(body: Uint8Array): string {
  const event = webhook.verify({ headers: { "stripe-signature": "t=1,v1=00" }, body });
  return event.type === "charge.failed" ? JSON.stringify(event.payload) : event.provider;
}

export async function received(request: Parameters<typeof webhook.receive>[0]): Promise<number> {
  const event: Event<"stripe"> = await webhook.receive(request);
  const answer = await webhook.respond(request, { handler: () => {}, replay: memoryReplay() });
  const text: string = await answer.text();
  return event.replayKey.length + answer.status + text.length;
}

export function told(error: unknown): number {
  return error instanceof WebhookError ? error.toResponse().status : 500;
}

export const provider = detectProvider({ "stripe-signature": "t=1,v1=00" });
export const why = diagnose("stripe", "whsec_", { headers: {}, body: "" }).summary;
export const ok = judgeUrl("https://example.com/").ok;
export const sample = sampleDelivery(webhook).body;
export const adapters = [
  lambdaWebhook,
  expressWebhook,
  fastifyWebhook,
  honoWebhook,
  koaWebhook,
  nestWebhook,
  rawBody,
  nextPagesWebhook,
  nodeWebhook,
];
export const stores = [
  d1Replay,
  denoKvReplay,
  durableObjectReplay,
  ReplayObject,
  postgresReplay,
  redisReplay,
  upstashReplay,
];
