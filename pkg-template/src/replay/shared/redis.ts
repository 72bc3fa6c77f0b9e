// The steps as Redis scripts, each atomic on one key; the crate's `RedisStore` uses the same keys and values.
import type { Claim, ReplayStore } from "countersign";
import { newToken } from "./token.js";

/** Runs a script with one key. */
export type RunScript = (script: string, key: string, token: string, milliseconds: number) => Promise<unknown>;

/** Claims KEYS[1] for the token ARGV[1], for ARGV[2] milliseconds; else says who has it. */
const CLAIM = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'new', 0} end
if redis.call('GET', KEYS[1]) == 'done' then return {'done', 0} end
return {'in_progress', redis.call('PTTL', KEYS[1])}`;

/** Unless another claim holds KEYS[1], remembers it for ARGV[2] milliseconds. */
const COMMIT = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2])
return 1`;

/** Where the token ARGV[1] still holds KEYS[1], forgets it. */
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** What Redis takes: at least a millisecond, and no end beyond its calendar. */
const milliseconds = (seconds: number): number => Math.min(Math.max(Math.ceil(seconds * 1000), 1), 1e13);

export function scriptedReplay(run: RunScript, prefix: string): ReplayStore {
  return {
    async claim(key, lease): Promise<Claim> {
      const token = newToken();
      const [state, left] = (await run(CLAIM, prefix + key, token, milliseconds(lease))) as [string, number];
      if (state === "new") return { state, token };
      if (state === "done") return { state };
      return { state: "in_progress", retryAfter: Math.max(Number(left), 0) / 1000 };
    },
    async commit(key, token, keep) {
      return Number(await run(COMMIT, prefix + key, token, milliseconds(keep))) === 1;
    },
    async release(key, token) {
      return Number(await run(RELEASE, prefix + key, token, 0)) === 1;
    },
  };
}
