// What a handler returns as the answer to the provider: a Response, or the parts of one.
import type { Response } from "./fetch.js";
import { bytesOf } from "./bytes.js";
import { own } from "./own.js";
import { platform } from "./platform.js";

/** An answer in parts. */
interface Parts {
  readonly status: number;
  readonly headers?: Record<string, string> | undefined;
  /** A text, bytes, or what is sent as JSON. */
  readonly body?: unknown;
}

/**
 * The answer in what a handler returned, if there is one. Anything else (what a queue or a database gave back) is for
 * nobody's eyes, and no answer.
 */
export function answerOf(returned: unknown): Response | undefined {
  if (isResponse(returned)) {
    if (returned.bodyUsed) throw new TypeError("The handler's Response has been read: make one for each delivery.");
    return returned;
  }
  return isParts(returned) ? responseOf(own(returned)) : undefined;
}

/** Whether that status tells the provider that the delivery is handled, so that it does not send it again. */
export function acknowledges(status: number): boolean {
  return status >= 200 && status < 300;
}

/** By its form, since each copy of the Fetch API, and each realm, has a class of its own. */
function isResponse(value: unknown): value is Response {
  const { status, headers, arrayBuffer } = (value ?? {}) as Partial<Response>;
  return typeof status === "number" && typeof headers?.forEach === "function" && typeof arrayBuffer === "function";
}

/** With a status of HTTP and no other key: a row of a table may have a status too. */
function isParts(value: unknown): value is Parts {
  const keys = ["status", "headers", "body"];
  if (!isPlain(value) || !Object.keys(value).every((key) => keys.includes(key))) return false;
  const { status } = own(value) as { status?: unknown };
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
}

/** An object that is data, not an instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of another realm's objects has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function responseOf(parts: Parts): Response {
  const { status, headers = {}, body } = own(parts);
  const Made = platform("Response");
  // These have no body, and a Response of theirs takes none, not even an empty one.
  const isEmpty =
    body === undefined || body === null || ((status === 204 || status === 205 || status === 304) && body === "");
  if (isEmpty) return new Made(null, own({ status, headers }));
  const data = typeof body === "string" ? body : bytesOf(body);
  if (data !== undefined) return new Made(data as BodyInit, own({ status, headers }));
  const typed = { "content-type": "application/json", ...lowerCased(headers) };
  return new Made(JSON.stringify(body), own({ status, headers: typed }));
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
