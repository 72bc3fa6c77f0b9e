// What a webhook is made of: secrets, options and schemes of one's own, and the set-up message made from them.
import * as boundary from "./boundary.js";
import { presets } from "./generated.js";
import { secondsOf, tagOf } from "./input.js";
import type { Provider } from "./generated.js";

/** A secret with a name and, during a rotation, an end. */
export interface Secret {
  /** The secret as the sender shows it, or key bytes to be used as they are. Undefined is refused: `secret_empty`. */
  readonly secret: string | Uint8Array | undefined;
  /** Its name; `event.key` says which one matched. Default: `default`. */
  readonly name?: string | undefined;
  /** The last second (Unix seconds) or moment at which it is accepted. */
  readonly expires?: number | Date | undefined;
}

/**
 * One secret, or several of which each is accepted; the first one signs. An environment variable that is not set may be
 * passed as it is: it is refused with `secret_empty`.
 */
export type Keyring = OneSecret | readonly OneSecret[];

type OneSecret = string | Uint8Array | Secret | undefined;

/** Seconds, both ends included. `Infinity` (in JSON: null) switches a side off. */
export interface Tolerance {
  /** How old a timestamp may be. */
  readonly past?: number | null | undefined;
  /** How far ahead it may be. */
  readonly future?: number | null | undefined;
}

export type Encoding = "hex" | "base64" | "hex-or-base64";
export type KeyFormat = "utf8" | "base64" | "hex" | "whsec" | "ed25519";
export type Algorithm = "hmac-sha256" | "hmac-sha512" | "hmac-sha1-legacy" | "ed25519";
export type TimestampFormat = "unix" | "unix-ms" | "iso8601";

/** What may differ from a sender's defaults. */
export interface Options {
  /** Seconds past and future that a timestamp may be off. */
  readonly tolerance?: Tolerance | undefined;
  /** One of the sender's ways to sign, such as PlaneConnection's `settings` or Planasonix' `body-only`. */
  readonly dialect?: string | undefined;
  /** Other header names, where the sender lets them be configured. */
  readonly headers?:
    | {
        readonly signature?: string | undefined;
        readonly timestamp?: string | undefined;
        readonly id?: string | undefined;
      }
    | undefined;
  /** How the signature is written, where it differs. */
  readonly encoding?: Encoding | undefined;
  /** The text form of the key, where it differs. */
  readonly key?: KeyFormat | undefined;
}

/** A sender described as data. */
export interface Scheme {
  /** The header with the signature. */
  readonly signature: {
    readonly header: string;
    /** What stands before each signature, such as `sha256=`. */
    readonly prefix?: string | undefined;
    /** Whether a signature without the prefix counts too. */
    readonly prefixOptional?: boolean | undefined;
    /** What stands before an Ed25519 signature, where the sender can sign with either kind of key. */
    readonly ed25519Prefix?: string | undefined;
    /** The characters between the items of a list; leave it out where the header holds one signature. */
    readonly separator?: string | undefined;
    readonly encoding: Encoding;
  };
  /** Where the time is: in a header, or in a `field=value` item of the signature header. */
  readonly timestamp?:
    | {
        readonly header?: string | undefined;
        readonly field?: string | undefined;
        /** Default: `unix`, which is seconds. */
        readonly format?: TimestampFormat | undefined;
      }
    | undefined;
  /** The header with the delivery's id. */
  readonly id?: { readonly header: string } | undefined;
  /** What is signed, over `{timestamp}`, `{id}` and `{body}`. */
  readonly signed: string;
  /** What is signed instead where the body is empty. */
  readonly signedIfEmpty?: string | undefined;
  /** Default: `utf8`. */
  readonly key?: KeyFormat | undefined;
  /** Default: `hmac-sha256`. */
  readonly algorithm?: Algorithm | undefined;
  /** Default: 300 seconds each way. */
  readonly tolerance?: Tolerance | undefined;
  /** Dotted paths into the JSON body. */
  readonly event?: { readonly type?: string | undefined; readonly id?: string | undefined } | undefined;
}

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

const SIDES = ["past", "future"];

/** A misspelt key would silently leave a default in force. */
export function onlyKeys(what: string, object: object | null | undefined, keys: readonly string[]): void {
  for (const key of Object.keys(object ?? {})) {
    if (!keys.includes(key)) throw new TypeError(`${what} has no ${key}; it has ${keys.join(", ")}.`);
  }
}

/** What the types say, for those who have no compiler to say it. */
export function checkScheme({ signature, timestamp, id, event, tolerance, ...rest }: Scheme): void {
  onlyKeys("a scheme", rest, ["signed", "signedIfEmpty", "key", "algorithm"]);
  onlyKeys("signature", signature, ["header", "prefix", "prefixOptional", "ed25519Prefix", "separator", "encoding"]);
  onlyKeys("timestamp", timestamp, ["header", "field", "format"]);
  onlyKeys("id", id, ["header"]);
  onlyKeys("event", event, ["type", "id"]);
  onlyKeys("tolerance", tolerance, SIDES);
  if (typeof rest.signed !== "string") throw new TypeError("signed must be a template such as {timestamp}.{body}.");
  for (const path of Object.values(event ?? {})) {
    if (typeof (path ?? "") !== "string") throw new TypeError("event.type and event.id must be dotted paths.");
  }
}

/** Objects may be left out. */
function wantObject(what: string, value: unknown): void {
  if (typeof (value ?? {}) !== "object") throw new TypeError(what);
}

export function writeOptional(what: string, text: string | undefined): void {
  if (typeof (text ?? "") !== "string") throw new TypeError(`${what} must be a string.`);
  boundary.writeText(text ?? "");
}

/** What verifying needs to know of a webhook on this side. */
export interface Plan {
  /** The sender's place in `presets`, or -1 for a scheme of one's own. */
  readonly preset: number;
  /** The lower-case names of the headers to pass on. */
  readonly headers: readonly string[];
  /** The names of the keys. */
  readonly keys: readonly string[];
  /** Whether signing needs an id. */
  readonly signsId: boolean;
  /** Everything the module needs to prepare the webhook again. Holds the secrets. */
  readonly setup: Uint8Array;
}

/** How long to remember an id where the sender's retries are unknown; see `src/webhook.rs`. */
const A_WEEK = 7 * 86_400;

export function plan(provider: Provider | Scheme, secrets: Keyring, options: Options): Plan {
  const preset = presets.findIndex(({ name }) => name === provider);
  const known = presets[preset];
  if (!known && (!provider || typeof provider !== "object")) {
    throw new TypeError(
      // Not quoted: where arguments are swapped, it is the secret.
      `The first argument must be a sender or a scheme. Senders: ${presets.map(({ name }) => name).join(", ")}.`,
    );
  }
  onlyKeys("options", options, ["tolerance", "dialect", "headers", "encoding", "key"]);
  onlyKeys("headers", options.headers, ["signature", "timestamp", "id"]);
  onlyKeys("tolerance", options.tolerance, SIDES);
  if (!known) checkScheme(provider as Scheme);
  const { dialect } = options;
  if (dialect !== undefined && typeof dialect !== "string") throw new TypeError("dialect must be a string.");
  const chosen = known?.dialects.filter(({ name, auto }) => (dialect ? name === dialect : auto));
  if (chosen?.length === 0) throw new TypeError("This sender has no dialect of that name.");
  const schemes = (chosen?.map(({ scheme }) => scheme) ?? [provider as Scheme]).map((scheme) => vary(scheme, options));
  const wrongKinds = (known?.wrongKinds ?? []).map(([beginning]) => beginning);
  const list: readonly Secret[] = (Array.isArray(secrets) ? secrets : [secrets]).map((one) =>
    typeof one === "string" || isBytes(one) ? { secret: one } : (one ?? { secret: undefined }),
  );
  // An upper bound for the message: every text at three bytes a character.
  let room = 4096 + 3 * JSON.stringify([schemes, wrongKinds]).length;
  for (const { secret } of list) room += 32 + 3 * (secret?.length ?? 0);

  boundary.begin(room);
  try {
    boundary.writeNumber(known?.retryHorizon ?? A_WEEK);
    boundary.writeByte(wrongKinds.length);
    for (const beginning of wrongKinds) boundary.writeText(beginning);
    boundary.writeByte(schemes.length);
    for (const scheme of schemes) writeScheme(scheme);
    for (const entry of list) writeSecret(entry);
  } catch (error) {
    boundary.drop();
    throw error;
  }
  return {
    preset,
    headers: headerNames(schemes),
    keys: list.map(({ name }) => name ?? "default"),
    signsId: schemes[0]!.signed.includes("{id}"),
    setup: boundary.take(),
  };
}

/** A scheme with what the options say differently. */
export function vary(scheme: Scheme, { headers, encoding, key, tolerance }: Options): Scheme {
  const { signature, timestamp, id } = scheme;
  if (typeof signature !== "object" || signature === null || !(encoding ?? signature.encoding)) {
    throw new TypeError("signature must say which header the signature is in, and its encoding.");
  }
  wantObject("timestamp must say which header or field the time is in.", timestamp);
  for (const one of [tolerance, scheme.tolerance]) {
    wantObject("tolerance must be an object such as { past: 300, future: 300 }.", one);
  }
  for (const [name, text] of Object.entries(headers ?? {})) {
    if (text !== undefined && typeof text !== "string") throw new TypeError(`headers.${name} must be a string.`);
  }
  const { past = scheme.tolerance?.past, future = scheme.tolerance?.future } = tolerance ?? {};
  return {
    ...scheme,
    signature: {
      ...signature,
      header: headers?.signature || signature.header,
      encoding: encoding ?? signature.encoding,
    },
    // A field of the signature header stays one.
    timestamp: timestamp
      ? { ...timestamp, header: timestamp.header && (headers?.timestamp || timestamp.header) }
      : undefined,
    id: id ? { header: headers?.id || id.header } : undefined,
    key: key ?? scheme.key,
    tolerance: { past, future },
  };
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

function writeSecret({ secret, expires }: Secret): void {
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

function isBytes(value: unknown): value is Uint8Array {
  return tagOf(value) === "Uint8Array";
}

function headerNames(schemes: readonly Scheme[]): string[] {
  const names = new Set<string>();
  for (const { signature, timestamp, id } of schemes) {
    for (const name of [signature.header, timestamp?.header, id?.header]) if (name) names.add(name.toLowerCase());
  }
  return [...names];
}
