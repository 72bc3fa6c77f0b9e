// A verified delivery. What the body itself says (type, id, payload) is read on demand: verifying needs no JSON.
import { own } from "./own.js";
import * as boundary from "./boundary.js";
import { Difference } from "./difference.js";
import { WebhookError } from "./errors.js";
import { notJson } from "./documented.js";
import { payloadFixes } from "./generated/codes.js";
import { presets } from "./generated/presets.js";
import type { Events, Provider } from "./generated/providers.js";
import { NotJson, parseBody, wellFormed } from "./json.js";
import { utf8Encoder } from "./utf8.js";
import { names, payloadOf, read } from "./validate.js";
import type { Names } from "./validate.js";

/** Facts of a verified delivery that are the same for every provider. */
export interface EventFacts<P extends string> {
  /** The provider; of a scheme of one's own its name, or `custom`. */
  readonly provider: P;
  /**
   * The id: from the id header, or else from the signed body; null where neither has one. A scheme of your own may have
   * an id header that is not signed: see `authenticated`.
   */
  readonly id: string | null;
  /** Unix seconds at which the provider says it signed; null where it does not say. */
  readonly timestamp: number | null;
  /**
   * The raw body: the buffer that was passed to `verify`, which stays yours, or the one into which `receive` has read. Changing
   * it changes nothing else of the event, which reads a copy of its own.
   */
  readonly raw: Uint8Array;
  /** The name of the secret that matched. */
  readonly key: string;
  /** Whether the signature covers the id and the timestamp. */
  readonly authenticated: { readonly id: boolean; readonly timestamp: boolean };
  /** What to remember so that this delivery is handled once; made of authenticated material only. */
  readonly replayKey: string;
  /** Unix seconds until which to remember the replay key. */
  readonly expires: number;
  /**
   * The body as JSON, unchecked: everything, as it was sent. Where the body is a form whose field holds the JSON, as
   * GitHub sends it by default, it is that JSON. Throws `payload_invalid` where there is none.
   */
  json(): unknown;
}

/**
 * A verified delivery. `type` narrows `payload`; reading `payload` throws `payload_invalid` where what its types need to
 * narrow is not there. Without a provider's name, and for a scheme of one's own, `payload` is unknown.
 */
export type Event<P extends string = string> = P extends Provider ? In<EventOf, P> : Untyped<P>;

/**
 * `All[P]`, but not as such: to compare a `Webhook<"stripe">` with another Webhook, TypeScript would build the
 * intersection of every provider's events, and give up with "too complex to represent".
 */
type In<All, P extends string> = All extends { readonly [Name in P]: infer E } ? E : never;

type Untyped<P extends string> = EventOfType<P, string | null, unknown>;

/** Resolved once for each provider. */
type EventOf = { readonly [P in Provider]: Typed<P, Events[P]> };

type Typed<P extends string, E> = E extends { type: infer T; payload: infer L } ? EventOfType<P, T, L> : never;

/** An event whose type, or one of whose types, is `T`. */
export interface EventOfType<P extends string, T, L> extends EventFacts<P> {
  /** The provider's name for what happened, from the signed body; null where the body does not say. */
  readonly type: T;
  /**
   * The body, checked against what the provider documents. Fields that nobody documented are kept. A field that holds
   * something else than its type here is left out, so the types are true; `json()` has it as it was sent.
   */
  readonly payload: L;
}

/** Where the body of a scheme of one's own says the event type and the id: dotted paths. */
export interface Paths {
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  /** The field of a form that holds the JSON, where the body is a form. */
  readonly form?: string | undefined;
}

/** What the module has proven, and the body. What is read from the body later is kept here too. */
export interface Proof {
  readonly provider: string;
  /** How the replay key begins. */
  readonly replayName: string;
  readonly preset: number;
  readonly paths: Paths | undefined;
  readonly headerId: string | null;
  readonly idSigned: boolean;
  readonly timestamp: number | null;
  readonly timestampSigned: boolean;
  readonly expires: number;
  readonly key: string;
  /** What was verified, where nobody else can change it. */
  readonly body: Uint8Array | string;
  /** The buffer that was verified; of a text it is made when it is asked for. */
  raw: Uint8Array | undefined;
  /** The body as JSON, or why it is none, once it has been read. */
  json: { value: unknown } | NotJson | undefined;
  names: Names | undefined;
  payload: { value: unknown } | undefined;
}

/** The longest id that a replay key is made of, in bytes; see crates/core/src/event.rs. */
const LONGEST_REPLAY_ID = 256;

export class VerifiedEvent implements EventFacts<string> {
  // One field, because each costs time when an event is made.
  readonly #proof: Proof;

  constructor(proof: Proof) {
    this.#proof = proof;
  }

  get provider(): string {
    return this.#proof.provider;
  }

  get type(): string | null {
    return this.#read().type;
  }

  get id(): string | null {
    return this.#proof.headerId ?? this.#read().id;
  }

  get timestamp(): number | null {
    return this.#proof.timestamp;
  }

  get raw(): Uint8Array {
    const proof = this.#proof;
    proof.raw ??= encoded(proof.body);
    return proof.raw;
  }

  get key(): string {
    return this.#proof.key;
  }

  get authenticated(): { readonly id: boolean; readonly timestamp: boolean } {
    const { headerId, idSigned, timestampSigned } = this.#proof;
    return { id: headerId === null ? this.id !== null : idSigned, timestamp: timestampSigned };
  }

  get replayKey(): string {
    const { replayName, headerId, idSigned, body } = this.#proof;
    const id = headerId !== null && idSigned ? headerId : this.#read().id;
    if (id !== null && utf8Encoder().encode(id).length <= LONGEST_REPLAY_ID) return `${replayName}:id:${id}`;
    const bytes = encoded(body);
    boundary.begin(bytes.length);
    boundary.writeRaw(bytes);
    boundary.send((wasm, len) => wasm.digest(len));
    return `${replayName}:body:${boundary.answerText()}`;
  }

  get expires(): number {
    return this.#proof.expires;
  }

  get payload(): unknown {
    const body = this.json();
    const proof = this.#proof;
    if (proof.preset < 0) return body;
    if (proof.payload === undefined) {
      const value = read(body, payloadOf(proof.preset, this.type), []);
      if (value instanceof Difference) this.#invalid(value, payloadFixes[0]);
      proof.payload = { value };
    }
    return proof.payload.value;
  }

  json(): unknown {
    this.#read();
    const { json } = this.#proof;
    if (json instanceof NotJson) return this.#invalid(notJson(json), payloadFixes[1]);
    return json!.value;
  }

  toJSON(): Record<string, unknown> {
    const { provider, type, id, timestamp, key, authenticated, replayKey, expires } = this;
    return { provider, type, id, timestamp, key, authenticated, replayKey, expires };
  }

  /** Reads the body once: as JSON, and the names in it before anybody is given what was read and could change it. */
  #read(): Names {
    const proof = this.#proof;
    if (proof.names === undefined) {
      const { preset, paths, body } = proof;
      const form = preset >= 0 ? presets[preset]!.form : paths?.form;
      let value: unknown;
      try {
        // Half a surrogate pair is no UTF-8. What was verified is what the encoder made of it, so that is what is
        // parsed.
        const exact = typeof body !== "string" || !/\p{Surrogate}/u.test(body);
        value = parseBody(exact ? body : encoded(body), form, () => encoded(body));
        proof.json = { value };
      } catch (error) {
        if (!(error instanceof NotJson)) throw error;
        proof.json = error;
      }
      const { type, id } = preset >= 0 ? names(presets[preset]!, value) : namesAt(own(paths), value);
      proof.names = { type: wellFormed(type), id: wellFormed(id) };
    }
    return proof.names;
  }

  #invalid(difference: Difference, hint: string): never {
    throw new WebhookError("payload_invalid", { provider: this.#proof.provider, difference, hint });
  }
}

// What `console.log` shows in Node, Deno and Bun: no body, since it may hold personal data.
Object.defineProperty(VerifiedEvent.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: VerifiedEvent) {
    return this.toJSON();
  },
});

function encoded(body: Uint8Array | string): Uint8Array {
  return typeof body === "string" ? utf8Encoder().encode(body) : body;
}

function namesAt(paths: Paths, body: unknown): Names {
  const at = (path: string | undefined): string | null => {
    if (!path) return null;
    let value = body;
    for (const key of path.split(".")) {
      if (value === null || typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, key))
        return null;
      value = (value as Record<string, unknown>)[key];
    }
    return typeof value === "string" && value !== "" ? value : null;
  };
  return { type: at(paths.type), id: at(paths.id) };
}
