// What every adapter does with a delivery, and how failures are answered or passed on.
import type { Response } from "../../fetch.js";
import { WebhookError } from "countersign";
import type { Delivery, Event, ReplayStore, RespondOptions, Webhook } from "countersign";
import { answerOf, isPlain, responseOf } from "../../answer.js";
import { checkMaxBytes, isBytes } from "../../bytes.js";
import { onlyKeys } from "../../check.js";
import { checkHandling } from "../../handle.js";
import { own } from "../../own.js";

/** How deliveries are handled: `E` is the event, `C` what the framework has at hand for each request. */
export interface AdapterOptions<E, C> extends Pick<RespondOptions, "lease" | "maxBytes"> {
  /**
   * Runs for each verified delivery. Where it throws, the delivery counts as not handled and the error is passed on. What
   * it returns is the answer, if it is a `Response`, `{ status, headers?, body? }`, or what the framework itself sends; a
   * handler may also answer by the framework's own means. An answer without a 2xx counts as not handled. Where there is
   * no answer, it is 200 without a body.
   */
  handler(event: E, context: C): unknown;
  /** As in `Webhook.handle`, or what gives the store for each request: in Workers its binding comes with the request. */
  readonly replay?: ReplayStore | ((context: C) => ReplayStore) | undefined;
  /** As in `Webhook.handle`: called for a delivery that was handled but could not be remembered. */
  readonly onForgotten?: ((event: E, error?: unknown) => unknown) | undefined;
  /**
   * Called for each delivery that runs no handler, with the reason, for logs and counts: also for a `duplicate` (status
   * 200) and one that is `in_progress` (409). The caller is not told the reason.
   */
  readonly onRefused?: ((error: WebhookError, context: C) => unknown) | undefined;
}

/** A webhook, or what gives it for each request: in Workers the secret comes with the request. */
export type WebhookSource<P extends string, C> = Webhook<P> | ((context: C) => Webhook<P> | Promise<Webhook<P>>);

/** An answer that the framework has sent, or will send, by itself. */
export interface Sent {
  readonly status: number;
  readonly sent: true;
}

export function isSent(answer: Response | Sent): answer is Sent {
  return Object.hasOwn(answer, "sent");
}

/** What is different in each framework. */
export interface Framework<C> {
  read(context: C, maxBytes: number, provider: string): Delivery | Promise<Delivery>;
  /** Called before the handler. What it gives is called after it, and finds the answer. */
  answer(context: C): (returned: unknown) => Response | Sent;
}

/** Answers a delivery. Throws what went wrong on this side, for the framework's own error path. */
export function answering<P extends string, C>(
  source: WebhookSource<P, C>,
  options: AdapterOptions<Event<P>, C>,
  framework: Framework<C>,
): (context: C) => Promise<Response | Sent> {
  const webhookOf = webhookFrom(source);
  const { handler, onRefused, maxBytes: most, replay, ...rest } = checkHandler(options);
  const storeOf = storeFrom(replay);
  const maxBytes = checkMaxBytes(most);
  return async (context) => {
    try {
      const webhook = await webhookOf(context);
      const delivery = await framework.read(context, maxBytes ?? webhook.largestBody, webhook.provider);
      let answer: Response | Sent | undefined;
      await webhook.handle(delivery, {
        ...rest,
        replay: storeOf(context),
        handler: async (event) => {
          const find = framework.answer(context);
          answer = find(await handler(event, context));
          return isSent(answer) ? { status: answer.status } : answer;
        },
      });
      return answer!;
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      await onRefused?.(error, context);
      // As in Webhook.respond: a mistake on this side is thrown, so that the framework reports it.
      if (error.status >= 500) throw error;
      return error.toResponse();
    }
  };
}

/** What gives the webhook of each request. */
export function webhookFrom<P extends string, C>(source: WebhookSource<P, C>): (context: C) => Promise<Webhook<P>> {
  const check = (webhook: Webhook<P>, sentence: string) => {
    if (typeof webhook?.handle !== "function") throw new TypeError(sentence);
    return webhook;
  };
  if (typeof source === "function") {
    return async (context) =>
      check(await source(context), "The function in the place of the webhook must return a Webhook.");
  }
  check(source, "The first argument must be a Webhook, or a function that returns one.");
  return async () => source;
}

/** The names of the options that every adapter has. */
export const OPTIONS: readonly string[] = ["handler", "replay", "lease", "maxBytes", "onForgotten", "onRefused"];

export function checkHandler<E, C>(options: AdapterOptions<E, C>): AdapterOptions<E, C> {
  const given = own(options) as AdapterOptions<E, C>;
  if (typeof given.handler !== "function") throw new TypeError("The second argument must have a handler.");
  onlyKeys("options", given, OPTIONS);
  const { lease, onForgotten, onRefused, replay } = given as AdapterOptions<Event, C>;
  checkHandling({ handler: () => {}, lease, onForgotten, replay: typeof replay === "function" ? undefined : replay });
  if (onRefused !== undefined && typeof onRefused !== "function") throw new TypeError("onRefused must be a function.");
  return given;
}

/** What gives the replay store of each request, if there is to be one. */
export function storeFrom<C>(replay: AdapterOptions<never, C>["replay"]): (context: C) => ReplayStore | undefined {
  if (typeof replay !== "function") return () => replay;
  return (context) => {
    const store = replay(context);
    // Without one, every delivery would be handled again and again, and nobody would know.
    if (typeof store !== "object" || store === null)
      throw new TypeError("The function in the place of replay must return a store: is its binding set?");
    return store;
  };
}

/** The handler's answer; or 200 without a body, unless the handler has set another status. */
export function answerOr(returned: unknown, status: number): Response {
  return answerOf(returned) ?? responseOf({ status });
}

/**
 * Text, bytes and plain data as the answer, where the framework sends what a handler returns. Not instances of classes: a
 * job that a queue gave back is no answer.
 */
export function plainAnswer(returned: unknown, status: number): Response | undefined {
  const isData = typeof returned === "string" || isBytes(returned) || Array.isArray(returned) || isPlain(returned);
  return answerOf(returned) ?? (isData ? responseOf({ status, body: returned }) : undefined);
}
