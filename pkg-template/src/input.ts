// What callers hand in: headers in any of the shapes that runtimes use, a raw body, and a point in time.
import { WebhookError } from "./errors.js";
import { inPlaceOfBody } from "./not-raw.js";
import { tagOf } from "./tag.js";

/** Headers as `Headers`, Node's `req.headers`, a `Map`, pairs, or a plain object, names in any letter case. */
export type HeadersInput =
  | { get(name: string): string | null | undefined; forEach(each: (value: string, name: string) => void): void }
  | ReadonlyMap<string, string | readonly string[]>
  | Iterable<readonly [name: string, value: string]>
  | { readonly [name: string]: string | readonly string[] | undefined };

/** The raw body: the bytes, or the text, exactly as they crossed the wire. A parsed object does not fit. */
export type BodyInput = Uint8Array | ArrayBuffer | SharedArrayBuffer | DataView | string;

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
  found: (name: string, value: string) => void,
): void {
  const noHeaders = () =>
    new TypeError("headers must be a Headers object, a Map, an array of pairs or a plain object.");
  if (headers === null || typeof headers !== "object") throw noHeaders();
  if (Symbol.iterator in headers) {
    const get = (headers as Headers).get;
    // A Headers object joins the values of a name and finds it in any case; a Map or an array does neither.
    if (typeof get === "function" && typeof (headers as Headers).append === "function") {
      for (const name of wanted) {
        const value = get.call(headers, name);
        if (value !== null) found(name, value);
      }
      return;
    }
    for (const pair of headers as Iterable<readonly [string, unknown]>) {
      // Node's rawHeaders, for one, is a flat array: its names and values are no pairs.
      if (!Array.isArray(pair)) throw noHeaders();
      const name = match(pair[0], wanted);
      if (name !== undefined) each(name, pair[1], found);
    }
    return;
  }
  if (typeof (headers as Headers).get === "function" && typeof (headers as Headers).forEach === "function") {
    (headers as Headers).forEach((value, sent) => {
      const name = match(sent, wanted);
      if (name !== undefined) each(name, value, found);
    });
    return;
  }
  for (const sent in headers) {
    const name = match(sent, wanted);
    if (name !== undefined) each(name, (headers as Record<string, unknown>)[sent], found);
  }
}

function match(sent: string, wanted: readonly string[]): string | undefined {
  for (const name of wanted) {
    if (typeof sent === "string" && sent.length === name.length && (sent === name || sent.toLowerCase() === name))
      return name;
  }
  return undefined;
}

function each(name: string, value: unknown, found: (name: string, value: string) => void): void {
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === "string") found(name, one);
    else if (typeof one === "number") found(name, String(one));
  }
}

/** The body as bytes, or as text that is still to be encoded. `from` is what it was found in, if it was to be verified. */
export function rawBody(body: unknown, provider: string, from?: object): Uint8Array | string {
  if (typeof body === "string") return body;
  // What nearly every caller passes. Looking at its tag would take longer.
  if (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer) return body;
  // By tag, since buffers of another realm (Jest, edge sandboxes) are not instances of this realm's classes.
  if (ArrayBuffer.isView(body)) {
    // What other threads can write must not change between verifying and reading.
    if (tagOf(body.buffer) === "SharedArrayBuffer")
      return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
    return body instanceof Uint8Array ? body : new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  const tag = tagOf(body);
  if (tag === "ArrayBuffer") return new Uint8Array(body as ArrayBuffer);
  if (tag === "SharedArrayBuffer") return new Uint8Array(body as ArrayBuffer).slice();
  throw new WebhookError("body_not_raw", { provider, hint: inPlaceOfBody(body, from) });
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
  return tagOf(time) === "Date" ? (time as Date).getTime() / 1000 : NaN;
}

export function isBytes(value: unknown): value is Uint8Array {
  return tagOf(value) === "Uint8Array";
}
