// Remembers handled deliveries in Redis behind Upstash's HTTP interface, for runtimes without sockets.
import type { ReplayStore } from "countersign";
import { scriptedReplay } from "./shared/redis.js";

export interface UpstashOptions {
  /** `UPSTASH_REDIS_REST_URL`. */
  readonly url: string | undefined;
  /** `UPSTASH_REDIS_REST_TOKEN`; the read-only one does not do. */
  readonly token: string | undefined;
  /** What stands before each key. Default: `countersign:`. */
  readonly prefix?: string | undefined;
}

/** https://upstash.com/docs/redis/features/restapi */
export function upstashReplay({ url, token, prefix = "countersign:" }: UpstashOptions): ReplayStore {
  if (!url || !token) throw new TypeError("Pass the url and the token of Upstash's REST interface.");
  return scriptedReplay(async (script, key, ...values) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(["EVAL", script, "1", key, ...values.map(String)]),
    });
    const answer = (await response.json().catch(() => ({}))) as { result?: unknown; error?: unknown };
    if (!response.ok || answer.error !== undefined) {
      throw new Error(`Upstash answered ${response.status}: ${String(answer.error ?? "no reason given")}`);
    }
    return answer.result;
  }, prefix);
}
