// The store's steps as Redis scripts, each atomic and on one key. The format is that of `RedisStore` in Rust: both can share a server.
import type { Claim, ReplayStore } from "countersign";
import { milliseconds } from "./length.js";

/** Runs a script on a key and answers what it answers. */
export type RunScript = (script: string, key: string, args: string[]) => Promise<unknown>;

/** The value of a key is the token of the claim that holds it, or `done`. Redis ends leases and memories by its own clock. */
const CLAIM = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'new', 0} end
if redis.call('GET', KEYS[1]) == 'done' then return {'done', 0} end
return {'in_progress', redis.call('PTTL', KEYS[1])}`;

/** A lease that is over and that nobody has claimed since may still be committed: the handler was slow, but it succeeded. */
const COMMIT = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2])
return 1`;

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

export function scripted(run: RunScript, prefix: string): ReplayStore {
  return {
    async claim(key, lease): Promise<Claim> {
      const token = crypto.randomUUID();
      const answer = await run(CLAIM, prefix + key, [token, String(milliseconds(lease))]);
      const [state, left] = Array.isArray(answer) ? answer.map(String) : [];
      if (state === "new") return { state, token };
      if (state === "done") return { state };
      if (state === "in_progress") return { state, retryAfter: Number(left) / 1000 };
      throw new Error("The client did not answer as Redis answers EVAL.");
    },
    async commit(key, token, keep) {
      return Number(await run(COMMIT, prefix + key, [token, String(milliseconds(keep))])) === 1;
    },
    async release(key, token) {
      return Number(await run(RELEASE, prefix + key, [token])) === 1;
    },
  };
}
