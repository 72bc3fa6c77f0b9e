// What the types say about schemes and options, for those who have no compiler to say it.
import type { Options, Scheme } from "./scheme.js";

const SIDES = ["past", "future"];

/** A misspelt key would silently leave a default in force. */
export function onlyKeys(what: string, object: object | null | undefined, keys: readonly string[]): void {
  for (const key of Object.keys(object ?? {})) {
    if (!keys.includes(key)) throw new TypeError(`${what} has no ${key}; it has ${keys.join(", ")}.`);
  }
}

export function checkScheme(scheme: Scheme): void {
  const { signature, timestamp, id, event, tolerance, ...rest } = scheme;
  onlyKeys("a scheme", rest, ["signed", "signedIfEmpty", "key", "algorithm"]);
  onlyKeys("signature", signature, ["header", "prefix", "prefixOptional", "ed25519Prefix", "separator", "encoding"]);
  onlyKeys("timestamp", timestamp, ["header", "field", "format"]);
  onlyKeys("id", id, ["header"]);
  onlyKeys("event", event, ["type", "id", "form"]);
  onlyKeys("tolerance", tolerance, SIDES);
  if (typeof scheme.signed !== "string") throw new TypeError("signed must be a template such as {timestamp}.{body}.");
  for (const path of Object.values(event ?? {})) {
    if (typeof (path ?? "") !== "string") throw new TypeError("event.type and event.id must be dotted paths.");
  }
}

export function checkOptions({ dialect, headers, tolerance, ...rest }: Options): void {
  onlyKeys("options", rest, ["tolerance", "dialect", "headers", "encoding", "key"]);
  onlyKeys("headers", headers, ["signature", "timestamp", "id"]);
  onlyKeys("tolerance", tolerance, SIDES);
  if (dialect !== undefined && typeof dialect !== "string") throw new TypeError("dialect must be a string.");
}
