// Remembers in Upstash Redis by its REST API, for runtimes that have no sockets.
import type { ReplayStore } from "countersign";
import { own } from "../own.js";
import { scripted, type RunScript } from "./shared/scripts.js";

/** Where the keys are: Upstash's address and token, as its console shows them for REST, or a client of `@upstash/redis`. */
export type UpstashReplayOptions = (
  | {
      /** `UPSTASH_REDIS_REST_URL` */
      readonly url: string | undefined;
      /** `UPSTASH_REDIS_REST_TOKEN`; not the read-only one. */
      readonly token: string | undefined;
      readonly client?: undefined;
    }
  | { readonly client: UpstashClient }
) & {
  /** What stands before each key: receivers that share a database but not their handlers need different ones. Default: `countersign:`. */
  readonly prefix?: string | undefined;
};

/** A client of `@upstash/redis`. */
export interface UpstashClient {
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** A store in Upstash Redis. The database must not evict keys: leave its eviction switched off. */
export function upstashReplay(options: UpstashReplayOptions): ReplayStore {
  const { client, url, token, prefix = "countersign:" } = own(options) as Partial<AllOptions>;
  return scripted(client ? (script, key, args) => client.eval(script, [key], args) : overHttp(url, token), prefix);
}

interface AllOptions {
  readonly client: UpstashClient;
  readonly url: string;
  readonly token: string;
  readonly prefix: string;
}

function overHttp(url: string | undefined, token: string | undefined): RunScript {
  if (!url || !token)
    throw new TypeError("upstashReplay needs url and token, as the Upstash console shows them for REST.");
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
