// A circuit breaker as plain state: an endpoint that keeps failing gets a pause, then one probe at a time.
//
// Rules: a delivery that waits for the pause spends no attempt, so ask `admit` before counting one; only attempts that
// were made are recorded; the state goes in and comes out, and storing it is the caller's.
import type { TimeInput } from "countersign";
import { unixSeconds } from "../input.js";
import type { BreakerPolicy } from "../generated/endpoints.js";
import { ask } from "./instance.js";

/** What is remembered about an endpoint between attempts. Start without; start anew when people enable the endpoint. */
export interface Breaker {
  readonly state:
    | "closed"
    | { readonly open: { readonly until: number } }
    | { readonly half_open: { readonly until: number } };
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** When the first of them failed, in Unix seconds. */
  readonly failing_since: number | null;
}

/** Whether an attempt may be made now, and the state to store. After `probe` it has to be stored before sending. */
export type Admission =
  | { readonly admission: "send" | "probe"; readonly breaker: Breaker }
  /** Leave it pending, count no attempt, and ask again at that time. */
  | { readonly admission: "wait"; readonly until: number; readonly breaker: Breaker };

/** What an outcome changed, and the state to store. */
export type Change =
  /** `closed`: the endpoint works again. `disable`: it has failed for too long; disable it and tell its owner. */
  | { readonly change: "none" | "closed" | "disable"; readonly breaker: Breaker }
  /** A pause began. */
  | { readonly change: "opened"; readonly until: number; readonly breaker: Breaker };

/** Whether an attempt may be made now. */
export function admit(breaker: Breaker | null | undefined, policy: BreakerPolicy, now?: TimeInput): Admission {
  return ask("admit", { breaker: breaker ?? START, policy, now: unixSeconds(now) }) as Admission;
}

/** Records an attempt that was made. */
export function record(
  breaker: Breaker | null | undefined,
  accepted: boolean,
  policy: BreakerPolicy,
  now?: TimeInput,
): Change {
  return ask("record", { breaker: breaker ?? START, accepted, policy, now: unixSeconds(now) }) as Change;
}

const START: Breaker = { state: "closed", failures: 0, failing_since: null };
