// Remembers in this process: for one receiver that may forget what it handled when it restarts.
import type { ReplayStore } from "countersign";
import { own } from "../own.js";
import { mayCommit, refusal, type Held } from "./shared/held.js";
import { milliseconds } from "./shared/length.js";

/** How much is remembered, and how. */
export interface MemoryReplayOptions {
  /** The most keys to remember, of about 300 bytes each; default: 100,000. */
  readonly capacity?: number | undefined;
  /** Taken so that any store can stand in for another: what is remembered here is seen by nobody else, whatever its keys. */
  readonly prefix?: string | undefined;
}

/** Milliseconds by a clock that nobody can set, unlike the time of day; that one only where a sandbox has no other. */
function now(): number {
  return typeof performance === "object" ? performance.now() : Date.now();
}

/**
 * A store in memory. When it is full, what has expired is dropped, and if that is little, the keys that were committed
 * first. Leases are never dropped, since their handlers still run: a claim throws where there is nothing but leases.
 */
export function memoryReplay(options?: MemoryReplayOptions): ReplayStore {
  const { capacity = 100_000 } = own(options);
  if (!(Number.isInteger(capacity) && capacity > 0))
    throw new TypeError("capacity must be a whole number of keys above 0.");
  /** Each in the order of its claims or commits. */
  const leased = new Map<string, Held>();
  const done = new Map<string, Held>();
  const size = () => leased.size + done.size;

  const forget = (key: string) => {
    leased.delete(key);
    done.delete(key);
  };

  /** Going through all keys takes long, so it frees at least a hundredth of them: then it is seldom needed. */
  const makeRoom = (at: number) => {
    if (size() < capacity) return;
    for (const held of [leased, done]) {
      for (const [key, { end }] of held) if (end <= at) held.delete(key);
    }
    const most = capacity - Math.ceil(capacity / 100);
    for (const key of done.keys()) {
      if (size() <= most) break;
      done.delete(key);
    }
    if (size() >= capacity) {
      throw new Error(
        `All ${capacity} keys are held by handlers that still run. Raise memoryReplay's capacity, or shorten the lease.`,
      );
    }
  };

  return {
    claim(key, lease) {
      const at = now();
      const refused = refusal(leased.get(key) ?? done.get(key), at);
      if (refused) return refused;
      forget(key);
      makeRoom(at);
      const token = crypto.randomUUID();
      leased.set(key, { token, end: at + milliseconds(lease) });
      return { state: "new", token };
    },
    commit(key, token, keep) {
      const at = now();
      if (!mayCommit(leased.get(key) ?? done.get(key), token, at)) return false;
      forget(key);
      makeRoom(at);
      done.set(key, { token: null, end: at + milliseconds(keep) });
      return true;
    },
    release(key, token) {
      return leased.get(key)?.token === token && leased.delete(key);
    },
  };
}
