// What the types say about schemes and options, for those who have no compiler to say it.
import type { Options, Scheme } from "./scheme.js";

const SIDES = ["past", "future"];

const SCHEME = [
  "name",
  "signature",
  "timestamp",
  "id",
  "signed",
  "signedIfEmpty",
  "adjacent",
  "key",
  "algorithm",
  "tolerance",
  "retryHorizon",
  "event",
];

/** A misspelt key would silently leave a default in force. */
export function onlyKeys(what: string, object: object | null | undefined, keys: readonly string[]): void {
  for (const key of Object.keys(object ?? {})) {
    if (keys.includes(key)) continue;
    // Not quoted where it is no name: it could be a secret in the wrong place.
    const named = /^[A-Za-z]{1,20}$/.test(key) ? key : "property of that name";
    throw new TypeError(`${what} has no ${named}; it has ${keys.join(", ")}.`);
  }
}

export function checkScheme(scheme: Scheme): void {
  const { signature, timestamp, id, event, tolerance } = scheme;
  onlyKeys("a scheme", scheme, SCHEME);
  wantObject("signature", '{ header: "X-Acme-Signature", encoding: "hex" }', signature ?? "");
  wantObject("timestamp", '{ header: "X-Acme-Timestamp" }', timestamp);
  wantObject("id", '{ header: "X-Acme-Id" }', id);
  wantObject("event", '{ type: "event.type", id: "event.id" }', event);
  wantObject("tolerance", "{ past: 300, future: 300 }", tolerance);
  onlyKeys("signature", signature, ["header", "prefix", "prefixOptional", "ed25519Prefix", "separator", "encoding"]);
  onlyKeys("timestamp", timestamp, ["header", "field", "format"]);
  onlyKeys("id", id, ["header"]);
  onlyKeys("event", event, ["type", "id", "form"]);
  onlyKeys("tolerance", tolerance, SIDES);
  if (!signature.encoding)
    throw new TypeError("signature must say which header the signature is in, and its encoding.");
  if (typeof scheme.signed !== "string") throw new TypeError("signed must be a template such as {timestamp}.{body}.");
  for (const [name, path] of Object.entries(event ?? {})) {
    const what = name === "form" ? "the name of a form's field" : "a dotted path";
    if (typeof (path ?? "") !== "string") throw new TypeError(`event.${name} must be ${what}.`);
  }
}

/** A header's name where an object belongs would be read letter by letter. */
function wantObject(what: string, such: string, value: unknown): void {
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value))) {
    throw new TypeError(`${what} must be an object such as ${such}.`);
  }
}

export function checkOptions(options: Options): void {
  const { dialect, headers, tolerance, scope } = options;
  onlyKeys("options", options, ["tolerance", "dialect", "headers", "encoding", "key", "scope"]);
  wantObject("headers", '{ signature: "X-Our-Signature" }', headers);
  wantObject("tolerance", "{ past: 300, future: 300 }", tolerance);
  onlyKeys("headers", headers, ["signature", "timestamp", "id"]);
  onlyKeys("tolerance", tolerance, SIDES);
  if (dialect !== undefined && typeof dialect !== "string") throw new TypeError("dialect must be a string.");
  // An empty one is most probably a tenant without id; half of a surrogate pair would become the same text as any other half.
  if (scope !== undefined && !(typeof scope === "string" && scope !== "" && !/\p{Surrogate}/u.test(scope))) {
    throw new TypeError("scope must be a text that is not empty, such as the tenant's id.");
  }
}
