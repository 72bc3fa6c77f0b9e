// When to try a delivery again: a pure rule over an attempt, what came of it, the time and a random number.
import type { TimeInput } from "countersign";
import { unixSeconds } from "../input.js";
import type { RetryPolicy } from "../generated/endpoints.js";
import { own } from "../own.js";
import { ask } from "./instance.js";

/** What came of an attempt: the receiver's answer, or none for whatever reason. */
export type Outcome =
  | {
      /** The HTTP status. */
      readonly status: number;
      /** The `Retry-After` header, if there was one. */
      readonly retryAfter?: string | null | undefined;
    }
  | "no_answer";

/** What to do with the delivery now. */
export type Next =
  /** It was accepted. */
  | { readonly next: "done" }
  /** Try again after so many milliseconds. */
  | { readonly next: "retry"; readonly afterMs: number }
  /**
   * Keep it as failed, where people see it. `exhausted`: the last attempt failed. `gone`: the receiver answered 410, so
   * disable the endpoint. `permanent`: the policy calls the status permanent.
   */
  | { readonly next: "dead_letter"; readonly because: "exhausted" | "gone" | "permanent" };

/**
 * What to do after an attempt.
 * @param attempt counts from 1 and includes the first
 * @param random from 0 to 1; it spreads deliveries that failed together
 */
export function nextAttempt(
  policy: RetryPolicy,
  attempt: number,
  outcome: Outcome,
  now?: TimeInput,
  random: number = Math.random(),
): Next {
  const { status, retryAfter } = own(outcome === "no_answer" ? undefined : outcome);
  return ask("nextAttempt", {
    policy,
    attempt,
    answered: outcome !== "no_answer",
    status,
    retryAfter,
    now: unixSeconds(now),
    random,
  }) as Next;
}
