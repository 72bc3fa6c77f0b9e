// Remembers in Deno KV.
import { own } from "../own.js";
import type { Claim, ReplayStore } from "countersign";
import { mayCommit, refusal, type Held } from "./shared/held.js";
import { milliseconds } from "./shared/length.js";

type Key = readonly string[];

interface Atomic {
  check(entry: { key: Key; versionstamp: string | null }): Atomic;
  set(key: Key, value: unknown, options: { expireIn: number }): Atomic;
  delete(key: Key): Atomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What `await Deno.openKv()` gives. */
export interface DenoKv {
  get(key: Key): Promise<{ readonly value: unknown; readonly versionstamp: string | null }>;
  atomic(): Atomic;
}

/** Where the keys are. */
export interface DenoKvReplayOptions {
  /** The first part of each key: receivers that share a database but not their handlers need different ones. Default: `countersign`. */
  readonly prefix?: string | undefined;
}

/** A store in Deno KV. It has no clock that can be asked, so leases go by the receivers' own clocks. */
export function denoKvReplay(kv: DenoKv, options?: DenoKvReplayOptions): ReplayStore {
  const { prefix = "countersign" } = own(options);
  if (typeof kv?.atomic !== "function") throw new TypeError("denoKvReplay takes what await Deno.openKv() gives.");

  /** Changes an entry from what was read to what is decided, and begins again where somebody else has changed it in between. */
  async function change<T>(
    replayKey: string,
    decide: (held: Held | null, now: number) => { answer: T; next?: Held | "nothing" },
  ): Promise<T> {
    const key = [prefix, replayKey];
    for (;;) {
      const { value, versionstamp } = await kv.get(key);
      const now = Date.now();
      const { answer, next } = decide(value as Held | null, now);
      if (next === undefined) return answer;
      const atomic = kv.atomic().check({ key, versionstamp });
      // Deno deletes it some time after that, not at once: `end` decides.
      const changed = next === "nothing" ? atomic.delete(key) : atomic.set(key, next, { expireIn: next.end - now });
      if ((await changed.commit()).ok) return answer;
    }
  }

  return {
    claim: (key, lease) =>
      change<Claim>(key, (held, now) => {
        const refused = refusal(held, now);
        if (refused) return { answer: refused };
        const token = crypto.randomUUID();
        return { answer: { state: "new", token }, next: { token, end: now + milliseconds(lease) } };
      }),
    commit: (key, token, keep) =>
      change<boolean>(key, (held, now) => {
        if (!mayCommit(held, token, now)) return { answer: false };
        return { answer: true, next: { token: null, end: now + milliseconds(keep) } };
      }),
    release: (key, token) =>
      change<boolean>(key, (held) => (held?.token === token ? { answer: true, next: "nothing" } : { answer: false })),
  };
}
