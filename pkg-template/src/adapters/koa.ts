// Koa: reads the request itself; what Koa's body parsers keep is decoded text.
import type { Event } from "countersign";
import { isSent, answering, answerOr, type AdapterOptions, type WebhookSource } from "./shared/answer.js";
import { headersOf, readNode, type NodeRequest } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, WebhookSource };

/** The part of Koa's context that is used. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly headerSent: boolean;
  respond?: boolean | undefined;
  status: number;
  body: unknown;
  set(name: string, value: string | string[]): unknown;
  remove(name: string): unknown;
}

/** @ts-ignore: any, where Koa's types are not installed */
type Context = import("koa").ParameterizedContext;

declare const Buffer: { from(bytes: ArrayBuffer): Uint8Array };

const HINT = "Put koaWebhook before the body parser: what Koa's parsers keep is decoded text, not the bytes.";

/** A middleware for a route: `router.all("/hook", koaWebhook(webhook, { handler }))`, before all body parsers. */
export function koaWebhook<P extends string, C extends KoaContext = Context>(
  webhook: WebhookSource<P, C>,
  options: AdapterOptions<Event<P>, C>,
): (ctx: C) => Promise<void> {
  const answer = answering(webhook, options, {
    read: ({ req }, maxBytes, provider) => readNode(req, { maxBytes, provider, hint: HINT }),
    answer: (ctx) => {
      // From here on another status or body is the handler's.
      ctx.status = 200;
      const { body } = ctx;
      return (returned) =>
        ctx.headerSent || ctx.respond === false || ctx.body !== body
          ? { sent: true, status: ctx.status }
          : answerOr(returned, ctx.status);
    },
  });
  return async (ctx) => {
    const answered = await answer(ctx);
    if (isSent(answered) || ctx.headerSent) return;
    const bytes = await answered.arrayBuffer();
    ctx.status = answered.status;
    // Without bytes a text, since Koa makes 204 of null; its content type is not the handler's.
    ctx.body = bytes.byteLength > 0 ? Buffer.from(bytes) : "";
    ctx.remove("Content-Type");
    for (const [name, value] of headersOf(answered)) ctx.set(name, value);
  };
}
