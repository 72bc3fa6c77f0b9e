// Headers alone as JSON, or an object with headers and perhaps a body, as logs and serverless platforms write them.
import { fromLatin1 } from "./latin1.js";
import { ParseError, type ParsedRequest } from "./parsed.js";

/** The request in this JSON; undefined where it is a HAR, or a part of one. */
export function parseJson(value: unknown): ParsedRequest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const whole = value as Record<string, unknown>;
  if (whole["log"] !== undefined || whole["request"] !== undefined) return undefined;
  if (Array.isArray(value) && value.some((one: unknown) => isObject(one) && isObject(one["request"]))) return undefined;
  const around = !Array.isArray(value) && isObject(whole["headers"]);
  // HAR's request has its URL and postData beside the headers.
  if (around && (whole["postData"] !== undefined || whole["bodySize"] !== undefined)) return undefined;
  const headers = pairs(around ? whole["headers"] : value);
  if (around && isObject(whole["multiValueHeaders"])) {
    // The same headers again, with every value.
    const more = pairs(whole["multiValueHeaders"]);
    const names = new Set(more.map(([name]) => name.toLowerCase()));
    headers.splice(0, headers.length, ...headers.filter(([name]) => !names.has(name.toLowerCase())), ...more);
  }
  if (headers.length === 0 || !(around || headers.some(([name]) => IS_HEADER.test(name))))
    throw new ParseError(
      "This JSON has no headers in it: it may be the body of a delivery. A request has its headers too, as HTTP or under the name headers.",
    );
  const notes: string[] = [];
  const body = around ? bodyOf(whole, notes) : undefined;
  const path = [whole["path"], whole["rawPath"], whole["url"]].find((one) => typeof one === "string");
  const method = [whole["httpMethod"], whole["method"]].find((one) => typeof one === "string");
  return {
    format: "json",
    method: around && method !== undefined ? String(method).toUpperCase() : "POST",
    url: around && path !== undefined ? String(path) : "/",
    headers,
    body,
    notes,
  };
}

/** Names that headers have, and the fields of an event have not. */
const IS_HEADER = /^(x-|content-|accept|user-agent$|host$|authorization$|svix-|webhook-|:)|signature/i;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Names and values of an object, a list of pairs, a list of objects with name and value, or Node's list of both in turn. */
function pairs(value: unknown): [name: string, value: string][] {
  const found: [string, string][] = [];
  const add = (name: unknown, given: unknown): void => {
    for (const one of Array.isArray(given) ? (given as unknown[]) : [given])
      if (typeof name === "string" && !name.startsWith(":") && (typeof one === "string" || typeof one === "number"))
        found.push([name, String(one)]);
  };
  if (!Array.isArray(value)) for (const [name, given] of Object.entries(value as object)) add(name, given);
  else if (value.every((item) => typeof item === "string"))
    for (let at = 0; at + 1 < value.length; at += 2) add(value[at], value[at + 1]);
  else
    for (const item of value as unknown[]) {
      if (Array.isArray(item)) add(item[0], item[1]);
      else if (isObject(item)) add(item["name"] ?? item["key"], item["value"]);
    }
  return found;
}

function bodyOf({ body, rawBody, isBase64Encoded }: Record<string, unknown>, notes: string[]): Uint8Array | undefined {
  const given = rawBody ?? body;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") {
    if (isBase64Encoded !== true) return new TextEncoder().encode(given);
    try {
      const bytes = fromLatin1(atob(given));
      notes.push("The body was base64: it is decoded.");
      return bytes;
    } catch {
      throw new ParseError("isBase64Encoded is true, but the body is not base64.");
    }
  }
  notes.push(
    "The body is parsed JSON, not the raw bytes: it is written again here, and may differ from what was signed.",
  );
  return new TextEncoder().encode(JSON.stringify(given));
}
