// What callers hand in: headers in any of the shapes that runtimes use, a raw body, and a point in time.
import { bytesOf, sizeOf } from "./bytes.js";
import { WebhookError } from "./errors.js";
import { inPlaceOfBody } from "./not-raw.js";
import { member } from "./own.js";
import { reading } from "./reading.js";

/** Headers as `Headers`, Node's `req.headers`, a `Map`, pairs, or a plain object, names in any letter case. */
export type HeadersInput =
  | { get(name: string): string | null | undefined; forEach(each: (value: string, name: string) => void): void }
  | ReadonlyMap<string, string | readonly string[]>
  | Iterable<readonly [name: string, value: string]>
  | { readonly [name: string]: string | readonly string[] | undefined };

/** The raw body: the bytes, or the text, exactly as they crossed the wire. A parsed object does not fit. */
export type BodyInput = Uint8Array | ArrayBuffer | SharedArrayBuffer | DataView | string;

/** What arrived: the headers, and the raw body. */
export interface Delivery {
  readonly headers: HeadersInput;
  readonly body: BodyInput;
}

/** Unix seconds, or a `Date`. */
export type TimeInput = number | Date;

/** The time that a delivery is judged by. */
export interface VerifyOptions {
  /** Unix seconds or a Date; default: this machine's clock. */
  readonly now?: TimeInput | undefined;
}

/** Calls `found` with each value of the wanted headers; `wanted` are lower-case names. */
export function pickHeaders(
  headers: HeadersInput,
  wanted: readonly string[],
  provider: string,
  found: (name: string, value: string) => void,
): void {
  if (!reading(provider, () => pick(headers, wanted, found)))
    throw new TypeError("headers must be a Headers object, a Map, an array of pairs or a plain object.");
}

/** Whether these are headers. Values that are neither text nor number are none. */
function pick(headers: unknown, wanted: readonly string[], found: (name: string, value: string) => void): boolean {
  if (headers === null || typeof headers !== "object") return false;
  const given = headers as Headers;
  if (member(given, Symbol.iterator) !== undefined) {
    // A Headers object joins the values of a name and finds it in any case; a Map or an array does neither.
    if (typeof member(given, "get") === "function" && typeof member(given, "append") === "function") {
      for (const name of wanted) each(name, given.get(name), found);
      return true;
    }
    for (const pair of headers as Iterable<unknown>) {
      // Node's rawHeaders, for one, is a flat array: its names and values are no pairs.
      if (!Array.isArray(pair)) return false;
      const [sent, value] = pair as unknown[];
      const name = match(sent, wanted);
      if (name !== undefined) each(name, value, found);
    }
    return true;
  }
  if (typeof member(given, "get") === "function" && typeof member(given, "forEach") === "function") {
    given.forEach((value, sent) => {
      const name = match(sent, wanted);
      if (name !== undefined) each(name, value, found);
    });
    return true;
  }
  for (const sent of Object.keys(headers)) {
    const name = match(sent, wanted);
    if (name !== undefined) each(name, (headers as Record<string, unknown>)[sent], found);
  }
  return true;
}

/** The wanted name that this is, in any case of ASCII letters: `toLowerCase` would take a Kelvin sign for a k. */
function match(sent: unknown, wanted: readonly string[]): string | undefined {
  if (typeof sent !== "string") return undefined;
  for (const name of wanted) {
    if (sent.length === name.length && (sent === name || (ASCII.test(sent) && sent.toLowerCase() === name)))
      return name;
  }
  return undefined;
}

const ASCII = /^[!-~]*$/;

function each(name: string, value: unknown, found: (name: string, value: string) => void): void {
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === "string") found(name, one);
    else if (typeof one === "number") found(name, String(one));
  }
}

/** The body as bytes, or as text that is still to be encoded. `from` is what it was found in, if it was to be verified. */
export function rawBody(body: unknown, provider: string, from?: object): Uint8Array | string {
  if (typeof body === "string") return body;
  const bytes = bytesOf(body);
  if (bytes) return bytes;
  throw new WebhookError("body_not_raw", { provider, hint: inPlaceOfBody(body, from) });
}

/** How large the body is, or may become: UTF-8 takes at most three bytes for a UTF-16 unit. */
export function roomOf(raw: Uint8Array | string): number {
  return typeof raw === "string" ? raw.length * 3 : sizeOf(raw);
}

/** Whole Unix seconds. */
export function unixSeconds(now: TimeInput | undefined): number {
  if (now === undefined) return Math.floor(Date.now() / 1000);
  const seconds = secondsOf(now);
  if (!(seconds >= 0 && seconds < 1e11)) {
    throw new TypeError("now must be a Date or Unix seconds (not milliseconds).");
  }
  return Math.floor(seconds);
}

/** Seconds of a number or a `Date`; NaN for anything else. */
export function secondsOf(time: unknown): number {
  if (typeof time === "number") return time;
  return isDate(time) ? Date.prototype.getTime.call(time) / 1000 : NaN;
}

/** Whether it is a `Date`, of any realm. */
export function isDate(value: unknown): value is Date {
  try {
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}
