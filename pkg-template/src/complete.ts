// A scheme with everything that it leaves out, and each of its texts, words and limits looked at.
import { ALGORITHMS, ENCODINGS, KEY_FORMATS, TIMESTAMP_FORMATS } from "./generated/wire.js";
import { taken } from "./taken.js";
import type { Scheme, Tolerance } from "./scheme.js";

/** All of a scheme; an empty text is none. A limit of infinity is none. */
export interface CompleteScheme {
  readonly name: string;
  readonly signature: Required<Defined<Scheme["signature"]>>;
  readonly timestamp: Required<Defined<NonNullable<Scheme["timestamp"]>>> | undefined;
  readonly id: Scheme["id"];
  readonly signed: string;
  readonly signedIfEmpty: string;
  readonly adjacent: string;
  readonly key: NonNullable<Scheme["key"]>;
  readonly algorithm: NonNullable<Scheme["algorithm"]>;
  readonly tolerance: { readonly past: number; readonly future: number };
  /** Infinity is not said. */
  readonly retryHorizon: number;
  readonly event: { readonly type: string; readonly id: string; readonly form: string };
}

type Defined<T> = { [K in keyof T]: NonNullable<T[K]> };

export function complete(given: Scheme): CompleteScheme {
  const scheme = taken(given);
  const { signature, timestamp, id, tolerance, event } = scheme;
  return {
    name: said("name", scheme.name),
    signature: {
      header: text("signature.header", signature.header),
      prefix: text("signature.prefix", signature.prefix),
      prefixOptional: flag("signature.prefixOptional", signature.prefixOptional),
      ed25519Prefix: text("signature.ed25519Prefix", signature.ed25519Prefix),
      separator: text("signature.separator", signature.separator),
      encoding: word("encoding", ENCODINGS, signature.encoding),
    },
    timestamp: timestamp
      ? {
          header: text("timestamp.header", timestamp.header),
          field: text("timestamp.field", timestamp.field),
          format: word("timestamp.format", TIMESTAMP_FORMATS, timestamp.format),
        }
      : undefined,
    id: id ? { header: text("id.header", id.header) } : undefined,
    signed: text("signed", scheme.signed),
    signedIfEmpty: text("signedIfEmpty", scheme.signedIfEmpty),
    adjacent: said("adjacent", scheme.adjacent),
    key: word("key", KEY_FORMATS, scheme.key),
    algorithm: word("algorithm", ALGORITHMS, scheme.algorithm),
    tolerance: { past: limit("past", tolerance), future: limit("future", tolerance) },
    retryHorizon: horizon(scheme.retryHorizon),
    event: {
      type: text("event.type", event?.type),
      id: text("event.id", event?.id),
      form: text("event.form", event?.form),
    },
  };
}

/** A text left out is empty. */
export function text(what: string, given: string | undefined): string {
  if (typeof (given ?? "") !== "string") throw new TypeError(`${what} must be a string.`);
  return given ?? "";
}

/** A text that may be left out, but not be empty: then it is a space, which the core refuses. */
function said(what: string, given: string | undefined): string {
  return given === "" ? " " : text(what, given);
}

/** A text such as "false" would mean the opposite of what it says. */
function flag(what: string, given: boolean | undefined): boolean {
  if (typeof (given ?? false) !== "boolean") throw new TypeError(`${what} must be true or false.`);
  return given ?? false;
}

/** A word left out is the first of them. */
export function word<T extends string>(what: string, words: readonly T[], given: T | undefined): T {
  const found = words.find((one) => one === (given ?? words[0]));
  if (found === undefined) throw new TypeError(`${what} must be one of ${words.join(", ")}.`);
  return found;
}

/** Seconds, both ends included; see `Tolerance::DEFAULT` in the core. */
const FIVE_MINUTES = 300;

function limit(side: keyof Tolerance, tolerance: Tolerance | undefined): number {
  // As in JSON and in Rust, null switches a side off.
  const given = tolerance?.[side];
  const seconds = given === undefined ? FIVE_MINUTES : (given ?? Infinity);
  if (!(typeof seconds === "number" && seconds >= 0)) {
    throw new TypeError(`tolerance.${side} must be seconds, or Infinity to switch it off.`);
  }
  return seconds;
}

function horizon(seconds: number | null | undefined): number {
  if (seconds === undefined || seconds === null) return Infinity;
  if (!(typeof seconds === "number" && seconds >= 0 && seconds < Infinity)) {
    throw new TypeError("retryHorizon must be a number of seconds.");
  }
  return seconds;
}
