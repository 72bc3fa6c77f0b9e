// Writes a scheme and a secret into the message that prepares a webhook; src/wasm.rs reads it.
import * as boundary from "./boundary.js";
import { isBytes, secondsOf } from "./input.js";
import type { Algorithm, Encoding, KeyFormat, Scheme, Secret, TimestampFormat, Tolerance } from "./scheme.js";

/** The order of the words is the module's: see `src/wasm.rs`. */
export const ENCODINGS: readonly Encoding[] = ["hex", "base64", "hex-or-base64"];
export const KEY_FORMATS: readonly KeyFormat[] = ["utf8", "base64", "hex", "whsec", "ed25519"];
const ALGORITHMS: readonly Algorithm[] = ["hmac-sha256", "hmac-sha512", "hmac-sha1-legacy", "ed25519"];
const FORMATS: readonly TimestampFormat[] = ["unix", "unix-ms", "iso8601"];

/** A word left out is the first of them. */
function writeWord<T extends string>(what: string, words: readonly T[], word: T | undefined): void {
  const at = word === undefined || word === null ? 0 : words.indexOf(word);
  if (at < 0) throw new TypeError(`${what} must be one of ${words.join(", ")}.`);
  boundary.writeByte(at);
}

export function writeScheme({ signature, timestamp, id, tolerance, ...scheme }: Scheme): void {
  writeOptional("signature.header", signature.header);
  writeOptional("signature.prefix", signature.prefix);
  boundary.writeByte(signature.prefixOptional ? 1 : 0);
  writeOptional("signature.ed25519Prefix", signature.ed25519Prefix);
  writeOptional("signature.separator", signature.separator);
  writeWord("encoding", ENCODINGS, signature.encoding);
  boundary.writeByte(timestamp ? 1 : 0);
  if (timestamp) {
    writeOptional("timestamp.header", timestamp.header);
    writeOptional("timestamp.field", timestamp.field);
    writeWord("timestamp.format", FORMATS, timestamp.format);
  }
  boundary.writeByte(id ? 1 : 0);
  if (id) writeOptional("id.header", id.header);
  writeOptional("signed", scheme.signed);
  writeOptional("signedIfEmpty", scheme.signedIfEmpty);
  writeWord("key", KEY_FORMATS, scheme.key);
  writeWord("algorithm", ALGORITHMS, scheme.algorithm);
  writeWindow("past", tolerance);
  writeWindow("future", tolerance);
}

export function writeSecret({ secret, expires }: Secret): void {
  if (typeof secret === "string") {
    boundary.writeByte(1);
    boundary.writeText(secret);
  } else if (isBytes(secret)) {
    boundary.writeByte(0);
    boundary.writeBytes(secret);
  } else {
    // An environment variable that is not set.
    boundary.writeByte(1);
    boundary.writeText("");
  }
  const end = Math.floor(secondsOf(expires ?? Infinity));
  if (!(end >= 0 && (end < 1e11 || end === Infinity))) {
    throw new TypeError("expires must be a Date or Unix seconds (not milliseconds).");
  }
  boundary.writeNumber(end);
}

export function writeOptional(what: string, text: string | undefined): void {
  if (typeof (text ?? "") !== "string") throw new TypeError(`${what} must be a string.`);
  boundary.writeText(text ?? "");
}

/** Seconds, both ends included; see `Tolerance::DEFAULT` in src/scheme.rs. */
const FIVE_MINUTES = 300;

function writeWindow(side: keyof Tolerance, tolerance: Tolerance | undefined): void {
  // As in JSON and in Rust, null switches a side off.
  const given = tolerance?.[side];
  const seconds = given === undefined ? FIVE_MINUTES : (given ?? Infinity);
  if (!(typeof seconds === "number" && seconds >= 0)) {
    throw new TypeError(`tolerance.${side} must be seconds, or Infinity to switch it off.`);
  }
  boundary.writeNumber(seconds);
}
