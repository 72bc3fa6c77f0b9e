// Writes a scheme and a secret into the message that prepares a webhook; crates/wasm/boundary/src/setup.rs reads it.
import * as boundary from "./boundary.js";
import type { CompleteScheme } from "./complete.js";
import { ALGORITHMS, ENCODINGS, KEY_FORMATS, TIMESTAMP_FORMATS } from "./generated/wire.js";
import { isBytes } from "./bytes.js";
import { secondsOf } from "./input.js";
import type { Secret } from "./scheme.js";

export function writeScheme({ signature, timestamp, id, tolerance, event, ...rest }: CompleteScheme): void {
  boundary.writeText(rest.name);
  boundary.writeText(signature.header);
  boundary.writeText(signature.prefix);
  boundary.writeByte(signature.prefixOptional ? 1 : 0);
  boundary.writeText(signature.ed25519Prefix);
  boundary.writeText(signature.separator);
  boundary.writeByte(ENCODINGS.indexOf(signature.encoding));
  boundary.writeByte(timestamp ? 1 : 0);
  if (timestamp) {
    boundary.writeText(timestamp.header);
    boundary.writeText(timestamp.field);
    boundary.writeByte(TIMESTAMP_FORMATS.indexOf(timestamp.format));
  }
  boundary.writeByte(id ? 1 : 0);
  if (id) boundary.writeText(id.header);
  boundary.writeText(rest.signed);
  boundary.writeText(rest.signedIfEmpty);
  boundary.writeText(rest.adjacent);
  boundary.writeByte(KEY_FORMATS.indexOf(rest.key));
  boundary.writeByte(ALGORITHMS.indexOf(rest.algorithm));
  boundary.writeNumber(tolerance.past);
  boundary.writeNumber(tolerance.future);
  boundary.writeNumber(rest.retryHorizon);
  boundary.writeText(event.type);
  boundary.writeText(event.id);
  boundary.writeText(event.form);
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
