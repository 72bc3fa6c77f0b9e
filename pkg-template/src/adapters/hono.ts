// Hono: refuses a body that a middleware has decoded, and uses the bytes where a middleware has kept them.
import { WebhookError } from "countersign";
import type { Event, Webhook } from "countersign";
import type { AdapterOptions } from "./shared/answer.js";

export type { AdapterOptions };

/** The part of Hono's context that is used. */
export interface HonoContext {
  readonly req: {
    readonly raw: Request;
    /** What earlier calls have read; `json()` keeps the text. */
    readonly bodyCache: { readonly arrayBuffer?: unknown; readonly blob?: unknown };
    arrayBuffer(): Promise<ArrayBuffer>;
  };
}

const HINT =
  "A middleware has read it as text or JSON, which loses bytes: put honoWebhook first, or let that one call c.req.arrayBuffer().";

/** A handler for a route: `app.all("/hook", honoWebhook(webhook, { handler }))`. */
export function honoWebhook<P extends string, C extends HonoContext = HonoContext>(
  webhook: Webhook<P>,
  { handler, onRefused, ...options }: AdapterOptions<Event<P>, C>,
): (c: C) => Promise<Response> {
  if (typeof handler !== "function") throw new TypeError("The second argument must have a handler.");
  return async (c) => {
    let request = c.req.raw;
    if (request.bodyUsed) {
      const { arrayBuffer, blob } = c.req.bodyCache;
      if (!arrayBuffer && !blob) {
        const error = new WebhookError("body_not_raw", { provider: webhook.provider, hint: HINT });
        await onRefused?.(error, c);
        throw error;
      }
      const { method, headers } = request;
      request = new Request(request.url, { method, headers, body: await c.req.arrayBuffer() });
    }
    return webhook.respond(request, {
      ...options,
      handler: (event) => handler(event, c),
      onRefused: onRefused && ((error) => onRefused(error, c)),
    });
  };
}
