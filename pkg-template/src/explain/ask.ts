// What the module that explains is asked; crates/wasm/questions/src/explain.rs is the other half.
import { ask, question } from "../ask.js";
import { complete, text, word } from "../complete.js";
import { ENCODINGS, KEY_FORMATS } from "../generated/wire.js";
import { own } from "../own.js";
import type { Options, Scheme } from "../scheme.js";

/** All that is known about a delivery but its body. */
export interface Known {
  /** A provider's name, or a scheme. */
  readonly provider: string | Scheme;
  /** What is not as the provider's own; undefined where all is. */
  readonly varied: Options | undefined;
  readonly secrets: readonly {
    readonly secret: string | Uint8Array;
    readonly name: string;
    readonly expires: number;
  }[];
  /** Each character is a byte. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly now: number;
  readonly framework: string;
  readonly effort: number;
  readonly preview: boolean;
}

/** `checked` runs what may refuse an argument. */
export function explained(known: Known, body: Uint8Array, checked: <T>(read: () => T) => T): unknown {
  const { provider, varied, secrets, ...rest } = known;
  const isOwn = typeof provider !== "string";
  const asked = checked(() =>
    question({
      ...rest,
      provider: isOwn ? undefined : provider,
      scheme: isOwn ? schemeAsJson(provider) : undefined,
      varied: varied && !isOwn ? variedAsJson(varied) : undefined,
      secrets: secrets.map(({ secret, ...about }) =>
        typeof secret === "string" ? { ...about, text: secret } : { ...about, bytes: secret.length },
      ),
    }),
  );
  const bytes = secrets.flatMap(({ secret }) => (typeof secret === "string" ? [] : [secret]));
  const { ok, problem } = own(ask<string>(asked, [...bytes, body]));
  return problem === undefined
    ? ok
    : checked(() => {
        throw new TypeError(problem);
      });
}

/** In JSON, infinity is null, which switches a limit off. */
function schemeAsJson(scheme: Scheme): object {
  const { name, adjacent, signature, signedIfEmpty, tolerance, retryHorizon, event, ...rest } = complete(scheme);
  return {
    ...rest,
    name: name || undefined,
    adjacent: adjacent || undefined,
    signature: { ...signature, ed25519Prefix: signature.ed25519Prefix || undefined },
    signedIfEmpty: signedIfEmpty || undefined,
    tolerance: { past: whole(tolerance.past), future: whole(tolerance.future) },
    retryHorizon: whole(retryHorizon),
    event: { type: event.type || undefined, id: event.id || undefined, form: event.form || undefined },
  };
}

function whole(seconds: number): number {
  return seconds === Infinity ? seconds : Math.min(Math.trunc(seconds), Number.MAX_SAFE_INTEGER);
}

function variedAsJson({ dialect, headers, encoding, key, tolerance }: Options): object {
  return {
    dialect: text("dialect", dialect),
    headers: {
      signature: text("headers.signature", headers?.signature),
      timestamp: text("headers.timestamp", headers?.timestamp),
      id: text("headers.id", headers?.id),
    },
    encoding: encoding ? word("encoding", ENCODINGS, encoding) : undefined,
    key: key ? word("key", KEY_FORMATS, key) : undefined,
    tolerance,
  };
}
