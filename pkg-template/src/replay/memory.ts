// Remembers handled deliveries in this process: for one process, and for tests. It is bounded.
import type { Claim, ReplayStore } from "countersign";
import { newToken } from "./shared/token.js";

export interface MemoryOptions {
  /** How many deliveries to remember at most; the one handled longest ago makes room. Default: 100,000. */
  readonly capacity?: number | undefined;
}

const CAPACITY = 100_000;

export function memoryReplay({ capacity = CAPACITY }: MemoryOptions = {}): ReplayStore {
  if (!(Number.isInteger(capacity) && capacity > 0)) throw new TypeError("capacity must be a number of deliveries.");
  // In the order in which they came, since a Map keeps it. Times are in milliseconds.
  const leased = new Map<string, { readonly token: string; readonly ends: number }>();
  const done = new Map<string, number>();

  /** Leases are never dropped before their end, since their handlers still run. */
  const makeRoom = (now: number): void => {
    const [oldest] = done.keys();
    if (oldest !== undefined) {
      done.delete(oldest);
      return;
    }
    for (const [key, { ends }] of leased) if (ends <= now) leased.delete(key);
    if (leased.size >= capacity) throw new Error(`The replay memory is full: ${capacity} handlers are running.`);
  };

  return {
    claim(key, lease): Claim {
      const now = Date.now();
      const held = leased.get(key);
      if (held && held.ends > now) return { state: "in_progress", retryAfter: (held.ends - now) / 1000 };
      if ((done.get(key) ?? 0) > now) return { state: "done" };
      leased.delete(key);
      done.delete(key);
      if (leased.size + done.size >= capacity) makeRoom(now);
      const token = newToken();
      leased.set(key, { token, ends: now + lease * 1000 });
      return { state: "new", token };
    },
    commit(key, token, keep): boolean {
      const now = Date.now();
      const held = leased.get(key);
      // As in the other stores: a slow handler may still commit where nobody has claimed the key since.
      if (held ? held.token !== token && held.ends > now : (done.get(key) ?? 0) > now) return false;
      leased.delete(key);
      done.delete(key);
      if (leased.size + done.size >= capacity) makeRoom(now);
      done.set(key, now + keep * 1000);
      return true;
    },
    release(key, token): boolean {
      return leased.get(key)?.token === token && leased.delete(key);
    },
  };
}
