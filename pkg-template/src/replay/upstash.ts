// Remembers in Upstash Redis by its REST API, for runtimes that have no sockets.
import type { ReplayStore } from "countersign";
import { scripted, type RunScript } from "./shared/scripts.js";

/** Upstash's address and token, from its console. */
export interface UpstashAccess {
  /** `UPSTASH_REDIS_REST_URL` */
  readonly url: string | undefined;
  /** `UPSTASH_REDIS_REST_TOKEN`; not the read-only one. */
  readonly token: string | undefined;
}

/** A client of `@upstash/redis`. */
export interface UpstashClient {
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** Where the keys are. */
export interface UpstashReplayOptions {
  /** What stands before each key: endpoints that share a database but not their handlers need different ones. Default: `countersign:`. */
  readonly prefix?: string | undefined;
}

/** A store in Upstash Redis. The database must not evict keys: leave its eviction switched off. */
export function upstashReplay(
  upstash: UpstashAccess | UpstashClient,
  { prefix = "countersign:" }: UpstashReplayOptions = {},
): ReplayStore {
  if ("eval" in upstash) return scripted((script, key, args) => upstash.eval(script, [key], args), prefix);
  return scripted(overHttp(upstash), prefix);
}

function overHttp({ url, token }: UpstashAccess): RunScript {
  if (!url || !token) throw new TypeError("upstashReplay needs url and token, as the Upstash console shows them for REST.");
  return async (script, key, args) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(["EVAL", script, "1", key, ...args]),
      redirect: "error",
    });
    const answer = (await response.json().catch(() => null)) as { result?: unknown; error?: unknown } | null;
    if (!response.ok || !answer || !("result" in answer)) {
      throw new Error(`Upstash answered ${response.status}: ${answer?.error ?? "no JSON"}`);
    }
    return answer.result;
  };
}
