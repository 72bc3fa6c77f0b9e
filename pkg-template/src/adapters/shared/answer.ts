// What every adapter does with a delivery, and how failures are answered or passed on.
import { WebhookError } from "countersign";
import type { Delivery, Event, RespondOptions, Webhook } from "countersign";
import { checkMaxBytes } from "../../bytes.js";

/** How deliveries are handled: `E` is the event, `C` what the framework has at hand for each request. */
export interface AdapterOptions<E, C> extends Pick<RespondOptions, "replay" | "lease" | "maxBytes"> {
  /** Runs for each verified delivery. Where it throws, the delivery counts as not handled and the error is passed on. */
  handler(event: E, context: C): unknown;
  /** As in `Webhook.handle`: called for a delivery that was handled but could not be remembered. */
  readonly onForgotten?: ((event: E, error?: unknown) => unknown) | undefined;
  /** Called with the reason for each delivery that was not handled, for logs and counts. The caller is not told the reason. */
  readonly onRefused?: ((error: WebhookError, context: C) => unknown) | undefined;
}

/** Answers the delivery that `read` finds. Throws what went wrong on this side, for the framework's own error path. */
export type Answering<C> = (
  context: C,
  read: (maxBytes: number, provider: string) => Delivery | Promise<Delivery>,
) => Promise<Response>;

export function answering<P extends string, C>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, C>,
): Answering<C> {
  if (typeof webhook?.handle !== "function") throw new TypeError("The first argument must be a Webhook.");
  const { handler, onRefused, maxBytes: most, ...rest } = options ?? {};
  if (typeof handler !== "function") throw new TypeError("The second argument must have a handler.");
  const maxBytes = checkMaxBytes(most, webhook.largestBody);
  return async (context, read) => {
    try {
      const delivery = await read(maxBytes, webhook.provider);
      await webhook.handle(delivery, { ...rest, handler: (event) => handler(event, context) });
      return new Response("ok");
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      await onRefused?.(error, context);
      // As in Webhook.respond: a mistake on this side is thrown, so that the framework reports it.
      if (error.status >= 500) throw error;
      return error.toResponse();
    }
  };
}
