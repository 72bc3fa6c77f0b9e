// Remembers handled deliveries in Cloudflare Durable Objects, one for each delivery, which deletes itself at its end.
import type { Claim, ReplayStore } from "countersign";
import { newToken } from "./shared/token.js";

/** The binding of the namespace. */
export interface ReplayNamespace {
  idFromName(name: string): unknown;
  get(id: never): { fetch(url: string, init: { method: string; body: string }): Promise<{ json(): Promise<unknown> }> };
}

/** What the platform passes to an object. */
interface State {
  readonly storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    deleteAll(): Promise<void>;
    setAlarm(time: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/** A claim by its token until `ends`, or, without a token, a handled delivery. Unix milliseconds. */
interface Entry {
  readonly token?: string;
  readonly ends: number;
}

interface Step {
  readonly step: "claim" | "commit" | "release";
  readonly token: string;
  readonly seconds: number;
}

/** The Durable Object's class: export it from the Worker, and bind it as a namespace. */
export class ReplayObject {
  readonly #storage: State["storage"];

  constructor(state: State) {
    this.#storage = state.storage;
  }

  // While one call waits for its storage, the platform starts no other call of the same object.
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const { step, token, seconds } = (await request.json()) as Step;
    const now = Date.now();
    const found = (await this.#storage.get("entry")) as Entry | undefined;
    const held = found && found.ends > now ? found : undefined;
    if (step === "claim") {
      if (held) return Response.json(held.token === undefined ? { state: "done" } : { state: "in_progress", retryAfter: (held.ends - now) / 1000 });
      await this.#remember({ token, ends: now + seconds * 1000 });
      return Response.json({ state: "new", token });
    }
    // A slow handler may still commit where nobody has claimed the key since.
    const mine = held ? held.token === token : step === "commit";
    if (mine && step === "commit") await this.#remember({ ends: now + seconds * 1000 });
    if (mine && step === "release") await this.#forget();
    return Response.json(mine);
  }

  async alarm(): Promise<void> {
    const entry = (await this.#storage.get("entry")) as Entry | undefined;
    if (entry && entry.ends > Date.now()) await this.#storage.setAlarm(entry.ends);
    else await this.#forget();
  }

  async #remember(entry: Entry): Promise<void> {
    await this.#storage.put("entry", entry);
    await this.#storage.setAlarm(entry.ends);
  }

  async #forget(): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}

export function durableObjectReplay(namespace: ReplayNamespace): ReplayStore {
  if (typeof namespace?.idFromName !== "function") throw new TypeError("Pass the binding of a Durable Object namespace.");
  const send = async (key: string, step: Step): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(key) as never);
    return (await object.fetch("https://replay.invalid/", { method: "POST", body: JSON.stringify(step) })).json();
  };
  return {
    claim: (key, lease) => send(key, { step: "claim", token: newToken(), seconds: lease }) as Promise<Claim>,
    commit: (key, token, keep) => send(key, { step: "commit", token, seconds: keep }) as Promise<boolean>,
    release: (key, token) => send(key, { step: "release", token, seconds: 0 }) as Promise<boolean>,
  };
}
