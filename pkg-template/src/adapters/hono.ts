// Hono: refuses a body that a middleware has decoded, and uses the bytes where a middleware has kept them.
import type { FetchRequest } from "../receive.js";
import type { Response } from "../fetch.js";
import { WebhookError } from "countersign";
import type { Event } from "countersign";
import { answerOf } from "../answer.js";
import { checkHandler, storeFrom, webhookFrom, type AdapterOptions, type WebhookSource } from "./shared/answer.js";

export type { AdapterOptions, WebhookSource };

/** The part of Hono's context that is used. */
export interface HonoContext {
  readonly req: {
    readonly raw: FetchRequest & { readonly url: string };
    /** What earlier calls have read; `json()` keeps the text. */
    readonly bodyCache: { readonly arrayBuffer?: unknown; readonly blob?: unknown };
    arrayBuffer(): Promise<ArrayBuffer>;
  };
  body(data: null): Response;
}

/** @ts-ignore: any, where Hono is not installed */
type Context = import("hono").Context;

const HINT =
  "A middleware has read it as text or JSON, which loses bytes: put honoWebhook first, or let that one call c.req.arrayBuffer().";

/** A handler for a route: `app.all("/hook", honoWebhook(webhook, { handler }))`. */
export function honoWebhook<P extends string, C extends HonoContext = Context>(
  webhook: WebhookSource<P, C>,
  options: AdapterOptions<Event<P>, C>,
): (c: C) => Promise<Response> {
  const webhookOf = webhookFrom(webhook);
  const { handler, onRefused, replay, ...rest } = checkHandler(options);
  const storeOf = storeFrom(replay);
  return async (c) => {
    const refused = async (error: WebhookError) => {
      await onRefused?.(error, c);
    };
    const webhook = await webhookOf(c).catch(async (error) => {
      if (error instanceof WebhookError) await refused(error);
      throw error;
    });
    let request: FetchRequest & { readonly url: string } = c.req.raw;
    if (request.bodyUsed) {
      const { arrayBuffer, blob } = c.req.bodyCache;
      if (!arrayBuffer && !blob) {
        const error = new WebhookError("body_not_raw", { provider: webhook.provider, hint: HINT });
        await refused(error);
        throw error;
      }
      const { method, headers } = request;
      request = new Request(request.url, { method, headers: headers as Headers, body: await c.req.arrayBuffer() });
    }
    return webhook.respond(request, {
      ...rest,
      replay: storeOf(c),
      // What c.status() and c.header() have set is in c.body().
      handler: async (event) => answerOf(await handler(event, c)) ?? c.body(null),
      onRefused: refused,
    });
  };
}
