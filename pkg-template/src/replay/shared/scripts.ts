// The store's steps as Redis scripts, each atomic and on one key.
//
// The value of a key is the token of the claim that holds it, or `done`. Redis ends leases and memories by its own clock.
// The scripts are those of `RedisStore` in Rust, so both languages may share a server.
import type { Claim, ReplayStore } from "countersign";
import { CLAIM, COMMIT, RELEASE } from "../../generated/redis.js";
import { milliseconds } from "./length.js";

/** Runs a script on a key and answers what it answers. */
export type RunScript = (script: string, key: string, args: string[]) => Promise<unknown>;

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
