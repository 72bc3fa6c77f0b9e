// The delivery that a command is about: a saved request, its parts as options, or both.
import { dirname, resolve } from "node:path";
import process from "node:process";
import { FROM_A_PIPE } from "../parse/curl.js";
import { ParseError, type ParsedRequest } from "../parse/parsed.js";
import { parseRequest } from "../parse/request.js";
import { readBytes, UsageError } from "./usage.js";

export const REQUEST = {
  header: { type: "string", short: "H", multiple: true },
  body: { type: "string" },
  "body-file": { type: "string" },
  entry: { type: "string" },
} as const;

export const REQUEST_HELP = `
Request
  FILE, or - for standard input: a raw HTTP request, a curl command ("Copy as cURL"), a HAR file or JSON with headers
  and body, such as a Lambda event; and, or instead,
  -H, --header LINE      a header, such as "Stripe-Signature: t=…,v1=…"; may be repeated
      --body TEXT        the body
      --body-file FILE   the body, byte for byte
      --entry N          which entry of a HAR (default: the first POST with a signature)`;

interface Given {
  header?: string[] | undefined;
  body?: string | undefined;
  "body-file"?: string | undefined;
  entry?: string | undefined;
}

export function requestOf(
  file: string | undefined,
  given: Given,
): Pick<ParsedRequest, "headers" | "notes"> & { readonly body: Uint8Array } {
  const own = (given.header ?? []).map((line): [string, string] => {
    const at = line.indexOf(":");
    if (at < 1) throw new UsageError('--header takes "Name: value".');
    return [line.slice(0, at).trim(), bytesAsText(line.slice(at + 1).trim())];
  });
  const body = bodyOf(given);
  const source = file ?? (own.length === 0 && !process.stdin.isTTY ? "-" : undefined);
  if (source === undefined) {
    if (own.length === 0)
      throw new UsageError("There is no request: name a file, or pass --header and --body or --body-file.");
    return { headers: own, body: body ?? new Uint8Array(0), notes: [] };
  }
  const entry = given.entry === undefined ? undefined : Number(given.entry);
  if (entry !== undefined && !(Number.isInteger(entry) && entry > 0))
    throw new UsageError("--entry is a number from 1.");
  const folder = source === "-" ? "." : dirname(source);
  try {
    const bytes = readBytes(source);
    const request = parseRequest(bytes, { entry, readFile: (name) => body ?? named(name, folder) });
    const replaced = new Set(own.map(([name]) => name.toLowerCase()));
    const headers = [...request.headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...own];
    return { headers, body: body ?? request.body ?? new Uint8Array(0), notes: request.notes };
  } catch (error) {
    if (error instanceof ParseError) throw new UsageError(error.message);
    throw error;
  }
}

/** A file that a command names, beside the command's own. */
function named(name: string, folder: string): Uint8Array {
  if (name === "-") throw new ParseError(FROM_A_PIPE);
  return readBytes(resolve(folder, name));
}

/** The body by options alone. */
export function bodyOf(given: Pick<Given, "body" | "body-file">): Uint8Array<ArrayBuffer> | undefined {
  if (given.body !== undefined && given["body-file"] !== undefined)
    throw new UsageError("Give --body or --body-file, not both.");
  if (given["body-file"] !== undefined) return readBytes(given["body-file"]);
  return given.body === undefined ? undefined : new TextEncoder().encode(given.body);
}

/** An argument is text; a header is bytes. */
function bytesAsText(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
