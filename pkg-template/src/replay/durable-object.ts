// Remembers in Cloudflare Durable Objects: one object for each key, which deletes itself when the key has expired.
import { platform } from "../platform.js";
import type { Response } from "../fetch.js";
import { own } from "../own.js";
import type { Claim, ReplayStore } from "countersign";
import { mayCommit, refusal, type Held } from "./shared/held.js";
import { milliseconds } from "./shared/length.js";

/** What a Durable Object is given; the part of it that is used. */
export interface ObjectState {
  readonly storage: {
    get<T>(name: string): Promise<T | undefined>;
    put<T>(name: string, value: T): Promise<void>;
    deleteAll(): Promise<void>;
    setAlarm(time: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/** A binding to the class below, such as `env.REPLAY`. */
export interface ReplayNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ readonly status: number; json(): Promise<unknown> }>;
  };
}

/** How the objects are named. */
export interface DurableObjectReplayOptions {
  /** What stands before each key: receivers that share a binding but not their handlers need different ones. Default: none. */
  readonly prefix?: string | undefined;
}

type Step =
  | { readonly step: "claim"; readonly token: string; readonly lease: number }
  | { readonly step: "commit"; readonly token: string; readonly keep: number }
  | { readonly step: "release"; readonly token: string };

/** One key. Export it from your Worker under a name of your choice, and bind it. */
export class ReplayObject {
  readonly #storage: ObjectState["storage"];

  constructor(state: ObjectState) {
    this.#storage = state.storage;
  }

  /** While an object waits for its storage, it is given no other request: what it has read stays true until it has written. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const step = (await request.json()) as Step;
    const held = await this.#storage.get<Held>("held");
    return platform("Response").json(await this.#take(step, held, Date.now()));
  }

  async #take(step: Step, held: Held | undefined, now: number): Promise<Claim | boolean> {
    const { token } = step;
    if (step.step === "claim") {
      const refused = refusal(held, now);
      if (refused) return refused;
      await this.#hold({ token, end: now + milliseconds(step.lease) });
      return { state: "new", token };
    }
    if (step.step === "commit") {
      if (!mayCommit(held, token, now)) return false;
      await this.#hold({ token: null, end: now + milliseconds(step.keep) });
      return true;
    }
    if (held?.token !== token) return false;
    await this.#forget();
    return true;
  }

  async alarm(): Promise<void> {
    const held = await this.#storage.get<Held>("held");
    if (held && held.end > Date.now()) await this.#storage.setAlarm(held.end);
    else await this.#forget();
  }

  async #hold(held: Held): Promise<void> {
    await Promise.all([this.#storage.put("held", held), this.#storage.setAlarm(held.end)]);
  }

  async #forget(): Promise<void> {
    await Promise.all([this.#storage.deleteAlarm(), this.#storage.deleteAll()]);
  }
}

/** A store in Durable Objects. It talks to them by `fetch`, so it needs no compatibility date or flag. */
export function durableObjectReplay(namespace: ReplayNamespace, options?: DurableObjectReplayOptions): ReplayStore {
  const { prefix = "" } = own(options);
  if (typeof namespace?.idFromName !== "function") {
    throw new TypeError("durableObjectReplay takes a Durable Object binding, such as env.REPLAY.");
  }
  const take = async (key: string, step: Step): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(prefix + key));
    const response = await object.fetch("https://replay/", { method: "POST", body: JSON.stringify(step) });
    if (response.status !== 200)
      throw new Error(`The Durable Object answered ${response.status}. Is it bound to ReplayObject?`);
    return response.json();
  };
  return {
    claim: (key, lease) =>
      // JSON has no Infinity.
      take(key, { step: "claim", token: crypto.randomUUID(), lease: milliseconds(lease) / 1000 }) as Promise<Claim>,
    commit: (key, token, keep) =>
      take(key, { step: "commit", token, keep: milliseconds(keep) / 1000 }) as Promise<boolean>,
    release: (key, token) => take(key, { step: "release", token }) as Promise<boolean>,
  };
}
