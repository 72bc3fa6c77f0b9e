// Asks the module that explains: a new instance for each question, and nothing of it left behind; src/wasm/explain.rs
// is the other half.
//
// Rules: the module is compiled on first use; whatever a call did, its memory is wiped and let go, so neither a secret
// nor a body nor a broken instance outlives it.
import * as boundary from "../boundary.js";
import { ENCODINGS, KEY_FORMATS, writeOptional, writeScheme } from "../message.js";
import type { Options, Scheme } from "../scheme.js";

/** All that is known about a delivery but its body. */
export interface Known {
  /** A sender's name, or a scheme. */
  readonly provider: string | Scheme;
  /** What is not as the sender's own; undefined where all is. */
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
}

/** Answers of its own; see src/wasm/explain.rs. */
const REFUSALS: Readonly<Record<number, string>> = {
  1004: "The first argument is neither a sender nor a scheme.",
  1005: "This sender has no dialect of that name.",
};

/** `checked` runs what may refuse an argument. */
export function ask(known: Known, body: Uint8Array, checked: <T>(read: () => T) => T): unknown {
  const { provider, varied, secrets, headers, now, framework } = known;
  // An upper bound: every text at three bytes a character.
  let room = 1024 + body.length + 3 * (framework.length + JSON.stringify([provider, varied ?? ""]).length);
  for (const { secret, name } of secrets) room += 32 + 3 * (secret.length + name.length);
  for (const [name, value] of headers) room += 8 + name.length + value.length;
  try {
    boundary.begin(room);
    const [before, between] = checked(() => {
      boundary.writeText(framework);
      const own = typeof provider !== "string";
      boundary.writeByte(own ? 1 : 0);
      if (own) writeScheme(provider);
      boundary.writeText(own ? "" : provider);
      boundary.writeByte(varied && !own ? 1 : 0);
      if (varied && !own) writeVaried(varied);
      for (const one of secrets) writeSecret(one);
      const before = boundary.written();
      for (const text of headers.flat()) boundary.writeLatin1(text);
      return [before, boundary.written() - before] as const;
    });
    boundary.writeRaw(body);
    const answer = boundary.send((wasm, len) => wasm.diagnose(before, between, len, now));
    if (answer === 0) return JSON.parse(boundary.answerText());
    return checked(() => {
      throw new TypeError(REFUSALS[answer] ?? "An argument could not be read.");
    });
  } finally {
    boundary.discard();
  }
}

function writeVaried({ dialect, headers, encoding, key, tolerance }: Options): void {
  writeOptional("dialect", dialect);
  writeOptional("headers.signature", headers?.signature);
  writeOptional("headers.timestamp", headers?.timestamp);
  writeOptional("headers.id", headers?.id);
  writeWord("encoding", ENCODINGS, encoding);
  writeWord("key", KEY_FORMATS, key);
  for (const side of [tolerance?.past, tolerance?.future]) boundary.writeNumber(side ?? NaN);
}

/** A word's position plus one; 0 where there is none. */
function writeWord<T extends string>(what: string, words: readonly T[], word: T | undefined): void {
  const at = word === undefined || word === null ? 0 : words.indexOf(word) + 1;
  if (at === 0 && word) throw new TypeError(`${what} must be one of ${words.join(", ")}.`);
  boundary.writeByte(at);
}

function writeSecret({ secret, name, expires }: Known["secrets"][number]): void {
  boundary.writeText(name);
  boundary.writeByte(typeof secret === "string" ? 1 : 0);
  if (typeof secret === "string") boundary.writeText(secret);
  else boundary.writeBytes(secret);
  boundary.writeNumber(expires);
}
