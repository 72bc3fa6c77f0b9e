// Handles each delivery once: claim its replay key, run the handler, then commit, or release where the handler failed.
import type { Response } from "./fetch.js";
import { acknowledges, answerOf } from "./answer.js";
import { WebhookError } from "./errors.js";
import type { Event } from "./event.js";
import { member } from "./own.js";
import { reading } from "./reading.js";

/** The answer to a claim. */
export type Claim =
  /** Nobody holds the key: handle the event, then commit or release with this token. */
  | { readonly state: "new"; readonly token: string }
  /** Another handler holds the key, for at most this many more seconds. */
  | { readonly state: "in_progress"; readonly retryAfter: number }
  /** The event was handled. */
  | { readonly state: "done" };

/**
 * Where handled deliveries are remembered. A claim must be atomic over everybody who uses the same store, and only the
 * holder of the newest token of a key may commit or release it. Times are lengths in seconds, by the store's own clock,
 * and may have a fraction or be longer than anything lasts. A key is made of the provider's
 * name, the webhook's scope, and at most 256 bytes more.
 */
export interface ReplayStore {
  /** Claims the key for at most `lease` seconds; a claim whose lease is over no longer keeps others from it. */
  claim(key: string, lease: number): Promise<Claim> | Claim;
  /**
   * The handler succeeded: remembers the key for `keep` more seconds, also where its lease is over and nobody has
   * claimed the key since. False, and nothing changes, where another handler has claimed the key.
   */
  commit(key: string, token: string, keep: number): Promise<boolean | void> | boolean | void;
  /** The handler failed: forgets the key. False, and nothing changes, where another handler has claimed the key. */
  release(key: string, token: string): Promise<boolean | void> | boolean | void;
}

/** How a verified delivery is handled. */
export interface HandleOptions<P extends string = string> {
  /**
   * Runs for each verified delivery. Where it throws, the delivery counts as not handled and the error is passed on. What
   * it returns is the answer, if it is a `Response` or `{ status, headers?, body? }`: one without a 2xx tells the
   * provider to send the delivery again, which counts as not handled too. Anything else that it returns is ignored.
   */
  handler(event: Event<P>): unknown;
  /** Makes each delivery run the handler once: `duplicate` (200) or `in_progress` (409) is thrown instead. */
  readonly replay?: ReplayStore | undefined;
  /**
   * Seconds after which a handler counts as dead, and the provider's next attempt runs it again; longer than any
   * handler takes, and at most an hour. Default: 60.
   */
  readonly lease?: number | undefined;
  /**
   * Called where the handler succeeded but the key could not be remembered, so that the delivery may be handled again:
   * with the store's error, or without one where the lease was over and another handler has claimed the key. The
   * provider is answered as if it had been. Default: one line by `console.warn`.
   */
  readonly onForgotten?: Method<(event: Event<P>, error?: unknown) => unknown> | undefined;
}

/** A function that TypeScript compares as a method, so that a `Webhook` of one provider is a `Webhook`. */
type Method<F extends (event: never, error?: unknown) => unknown> = { of(...args: Parameters<F>): ReturnType<F> }["of"];

const A_MINUTE = 60;

/** What is longer is milliseconds that somebody took for seconds. */
const AN_HOUR = 3600;

/** Gives the handler's answer, if it has one. */
export async function handle(event: Event, now: number, options: HandleOptions): Promise<Response | undefined> {
  const { handler, replay, lease = A_MINUTE, onForgotten = warn } = options;
  if (replay === undefined) return await answerFrom(handler, event);
  const key = event.replayKey;
  const claim = await replay.claim(key, lease);
  if (claim?.state === "done") throw new WebhookError("duplicate", { provider: event.provider });
  if (claim?.state === "in_progress") {
    throw new WebhookError("in_progress", { provider: event.provider, retryAfter: claim.retryAfter });
  }
  if (claim?.state !== "new") throw new TypeError("replay.claim must answer with the state new, in_progress or done.");
  const release = async () => {
    try {
      await replay.release(key, claim.token);
    } catch {
      // A key that cannot be released is free when its lease ends. What the handler says is more.
    }
  };
  let answer: Response | undefined;
  try {
    answer = await answerFrom(handler, event);
  } catch (error) {
    await release();
    throw error;
  }
  if (answer && !acknowledges(answer.status)) {
    await release();
    return answer;
  }
  // From here on the work is done, so no error may reach the provider, which would send the delivery again.
  let forgotten: unknown;
  try {
    // `expires` includes its last second, and `now` has lost its fraction.
    if ((await replay.commit(key, claim.token, Math.max(event.expires - now, 0) + 1)) !== false) return answer;
  } catch (error) {
    forgotten = error;
  }
  await onForgotten(event, forgotten);
  return answer;
}

/**
 * Runs the handler. An error of ours that it throws about something else, such as another webhook, is a mistake on this
 * side, and no refusal of this delivery; that this one's payload does not fit is one.
 */
async function answerFrom(handler: HandleOptions["handler"], event: Event): Promise<Response | undefined> {
  let returned: unknown;
  try {
    returned = await handler(event);
  } catch (error) {
    if (!(error instanceof WebhookError) || error.code === "payload_invalid") throw error;
    throw new Error(`The handler threw: ${error.message}`, { cause: error });
  }
  return answerOf(returned);
}

function warn(event: Event, error: unknown = "Its lease was over, and another handler has claimed the key."): void {
  console.warn(`countersign: ${event.replayKey} was handled, but could not be remembered. ${error}`);
}

/** Checks at run time what the types say, for callers without a compiler. */
export function checkHandling({ handler, replay, lease = A_MINUTE, onForgotten }: Partial<HandleOptions>): void {
  for (const [name, callback] of Object.entries({ handler, onForgotten })) {
    if (callback !== undefined && typeof callback !== "function") throw new TypeError(`${name} must be a function.`);
  }
  if (!(typeof lease === "number" && lease > 0 && lease <= AN_HOUR))
    throw new TypeError(
      "lease must be a number of seconds (not milliseconds) above 0, and at most 3600, which is an hour.",
    );
  if (replay === undefined) return;
  if (handler === undefined) {
    throw new TypeError("replay needs a handler: a delivery counts as handled once its handler has succeeded.");
  }
  const isStore = reading("", () =>
    (["claim", "commit", "release"] as const).every((name) => typeof member(Object(replay), name) === "function"),
  );
  if (!isStore) throw new TypeError("replay must be a store with claim, commit and release.");
}
