// What callers hand in, taken as it is: whatever is wrong with it is what the diagnosis is about.
import { bytesOf, plainView } from "../bytes.js";
import { utf8Encoder } from "../utf8.js";

/** Every header, in any shape that runtimes use; nothing where it is none of them. */
export function everyHeader(headers: unknown): [name: string, value: string][] {
  const found: [string, string][] = [];
  const add = (name: unknown, value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof name === "string" && (typeof one === "string" || typeof one === "number"))
        found.push([name, String(one)]);
    }
  };
  if (typeof headers !== "object" || headers === null) return found;
  if (Array.isArray(headers) && headers.every((item) => typeof item === "string")) {
    // Node's rawHeaders: names and values in turn.
    for (let at = 0; at + 1 < headers.length; at += 2) add(headers[at], headers[at + 1]);
  } else if (Symbol.iterator in headers) {
    for (const pair of headers as Iterable<unknown>) if (Array.isArray(pair)) add(pair[0], pair[1]);
  } else if (typeof (headers as Headers).get === "function" && typeof (headers as Headers).forEach === "function") {
    (headers as Headers).forEach((value, name) => add(name, value));
  } else {
    for (const [name, value] of Object.entries(headers)) add(name, value);
  }
  return found;
}

/** The bytes of a raw body; undefined for what is none. */
export function rawBytes(body: unknown): Uint8Array | undefined {
  if (typeof body === "string") return utf8Encoder().encode(body);
  const bytes = bytesOf(body);
  return bytes && plainView(bytes);
}

/** What a parsed body looks like when it is written again. */
export function rewritten(body: unknown): string {
  // A word for nothing shows that there is no body; an empty one may be what was sent.
  if (body === undefined || body === null) return "undefined";
  try {
    return JSON.stringify(body) ?? STAND_IN;
  } catch {
    return STAND_IN;
  }
}

/** The text of an object, as which it comes where text is wanted. */
export const STAND_IN = "[object Object]";
