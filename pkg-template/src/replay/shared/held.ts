// What a store keeps for each key where it compares times itself, and what follows from it.
import type { Claim } from "countersign";

/** A claimed or committed key. */
export interface Held {
  /** The claim that holds it; null once committed. */
  readonly token: string | null;
  /** When the lease, or the memory, is over: milliseconds by the store's clock. */
  readonly end: number;
}

/** The answer to a claim of a key that is not free; undefined where it is. */
export function refusal(held: Held | null | undefined, now: number): Claim | undefined {
  if (!held || held.end <= now) return undefined;
  return held.token === null ? { state: "done" } : { state: "in_progress", retryAfter: (held.end - now) / 1000 };
}

/** A lease that is over and that nobody has claimed since may still be committed: the handler was slow, but it succeeded. */
export function mayCommit(held: Held | null | undefined, token: string, now: number): boolean {
  return !held || held.token === token || held.end <= now;
}
