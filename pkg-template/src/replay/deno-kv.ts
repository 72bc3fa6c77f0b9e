// Remembers handled deliveries in Deno KV.
import type { Claim, ReplayStore } from "countersign";
import { newToken } from "./shared/token.js";

type Key = readonly string[];

/** An opened database: `await Deno.openKv()`. */
export interface DenoKv {
  get(key: Key): Promise<{ readonly value: unknown; readonly versionstamp: string | null }>;
  atomic(): DenoKvAtomic;
}

export interface DenoKvAtomic {
  check(check: { key: Key; versionstamp: string | null }): DenoKvAtomic;
  set(key: Key, value: unknown, options: { expireIn: number }): DenoKvAtomic;
  delete(key: Key): DenoKvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

export interface DenoKvOptions {
  /** The first part of each key. Default: `countersign`. */
  readonly prefix?: string | undefined;
}

/** A claim by its token until `ends`, or, without a token, a handled delivery. Unix milliseconds. */
interface Entry {
  readonly token?: string;
  readonly ends: number;
}

/** What a step makes of the entry that counts: a new one, nothing (null), or an answer without a change. */
type Change<T> = { readonly answer: T; readonly entry?: Entry | null };

export function denoKvReplay(kv: DenoKv, { prefix = "countersign" }: DenoKvOptions = {}): ReplayStore {
  if (typeof kv?.atomic !== "function") throw new TypeError("Pass an opened database: await Deno.openKv().");

  /** Tries again where somebody else has written in between. */
  const step = async <T>(replayKey: string, decide: (held: Entry | undefined, now: number) => Change<T>): Promise<T> => {
    const key = [prefix, replayKey];
    for (;;) {
      const { value, versionstamp } = await kv.get(key);
      const now = Date.now();
      // The end that is passed to the database is only the earliest at which it forgets.
      const found = value as Entry | null;
      const { answer, entry } = decide(found && found.ends > now ? found : undefined, now);
      if (entry === undefined) return answer;
      const change = kv.atomic().check({ key, versionstamp });
      if (entry === null) change.delete(key);
      else change.set(key, entry, { expireIn: Math.ceil(entry.ends - now) });
      if ((await change.commit()).ok) return answer;
    }
  };

  return {
    claim: (key, lease) =>
      step<Claim>(key, (held, now) => {
        if (held) {
          return held.token === undefined
            ? { answer: { state: "done" } }
            : { answer: { state: "in_progress", retryAfter: (held.ends - now) / 1000 } };
        }
        const token = newToken();
        return { answer: { state: "new", token }, entry: { token, ends: now + lease * 1000 } };
      }),
    // A slow handler may still commit where nobody has claimed the key since.
    commit: (key, token, keep) =>
      step(key, (held, now) =>
        held && held.token !== token ? { answer: false } : { answer: true, entry: { ends: now + keep * 1000 } },
      ),
    release: (key, token) =>
      step(key, (held) => (held?.token === token ? { answer: true, entry: null } : { answer: false })),
  };
}
