// Koa: reads the request itself; what Koa's body parsers keep is decoded text.
import type { Event, Webhook } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";
import { readNode, type NodeRequest } from "./shared/node.js";

export type { AdapterOptions, NodeRequest };

/** The part of Koa's context that is used. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly headerSent: boolean;
  status: number;
  body: unknown;
  set(name: string, value: string): unknown;
}

const HINT = "Put koaWebhook before the body parser: what Koa's parsers keep is decoded text, not the bytes.";

/** A middleware for a route: `router.all("/hook", koaWebhook(webhook, { handler }))`, before all body parsers. */
export function koaWebhook<P extends string, C extends KoaContext = KoaContext>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, C>,
): (ctx: C) => Promise<void> {
  const answer = answering(webhook, options);
  return async (ctx) => {
    const answered = await answer(ctx, (maxBytes, provider) => readNode(ctx.req, { maxBytes, provider, hint: HINT }));
    const text = await answered.text();
    if (ctx.headerSent) return;
    ctx.status = answered.status;
    answered.headers.forEach((value, name) => ctx.set(name, value));
    ctx.body = text;
  };
}
