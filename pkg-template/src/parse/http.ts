// Raw HTTP, as it was saved from the wire, a proxy or a browser's "raw" view.
import { Pieces } from "../bytes.js";
import { latin1 } from "./latin1.js";
import { ParseError, type ParsedRequest } from "./parsed.js";

export function parseHttp(bytes: Uint8Array): ParsedRequest {
  const notes: string[] = [];
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const [lines, rest] = head(bytes.subarray(from));
  let method = "POST";
  let url = "/";
  const start = /^([A-Za-z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(lines[0] ?? "");
  if (start) {
    lines.shift();
    [, method = method, url = url] = start;
  }
  const headers: [string, string][] = [];
  for (const [at, line] of lines.entries()) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last) {
      // A folded line.
      last[1] += ` ${line.trim()}`;
      continue;
    }
    const [name, text] = field(line, at + (start ? 2 : 1));
    // HTTP/2 has pseudo headers instead of a first line.
    if (name === ":method") method = text;
    else if (name === ":path") url = text;
    else if (!name.startsWith(":")) headers.push([name, text]);
  }
  if (headers.length === 0) throw new ParseError("This was read as an HTTP request, and it has no headers.");
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  if (url.startsWith("/") && host) url = `http://${host}${url}`;
  return { format: "http", method: method.toUpperCase(), url, headers, body: bodyOf(rest, headers, notes), notes };
}

/** A header's name and value. The pseudo headers of HTTP/2 begin with a colon. */
function field(line: string, number: number): [name: string, value: string] {
  const colon = line.indexOf(":", 1);
  const name = withoutBlanks(line.slice(0, Math.max(colon, 0)));
  const problem =
    colon < 0
      ? "it has no colon"
      : name === "" || name === ":"
        ? "nothing stands before its colon"
        : /\s/.test(name)
          ? "there are spaces before its colon"
          : line.includes("\r")
            ? "it holds a carriage return"
            : undefined;
  if (problem !== undefined)
    throw new ParseError(
      `This was read as an HTTP request, and line ${number} of it is no header: ${problem}. Headers stand one on a line, as "Name: value".`,
    );
  return [name, withoutBlanks(line.slice(colon + 1))];
}

/** The text without spaces and tabs around it. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === " " || text[at] === "\t";
  let start = 0;
  while (isBlank(start)) start++;
  let end = text.length;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** The lines before the first empty one, and the bytes behind it. */
function head(bytes: Uint8Array): [string[], Uint8Array] {
  const lines: string[] = [];
  let at = 0;
  // Empty lines before the request are skipped.
  while (bytes[at] === 13 || bytes[at] === 10) at++;
  while (at < bytes.length) {
    let end = bytes.indexOf(10, at);
    if (end < 0) end = bytes.length;
    const line = latin1(bytes.subarray(at, bytes[end - 1] === 13 && end > at ? end - 1 : end));
    at = end + 1;
    if (line === "") break;
    lines.push(line);
  }
  return [lines, bytes.subarray(Math.min(at, bytes.length))];
}

function bodyOf(rest: Uint8Array, headers: [string, string][], notes: string[]): Uint8Array {
  const value = (wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (/chunked/i.test(value("transfer-encoding") ?? "")) {
    const joined = unchunked(rest);
    if (joined) {
      notes.push("The body was saved in chunks: they are joined.");
      return joined;
    }
  }
  const said = value("content-length");
  if (said === undefined || !/^\d+$/.test(said)) return rest;
  const length = Number(said);
  if (rest.length > length) {
    notes.push(`Content-Length says ${length} bytes: ${rest.length - length} behind them are left out.`);
    return rest.subarray(0, length);
  }
  if (rest.length < length) notes.push(`Content-Length says ${length} bytes, but only ${rest.length} are here.`);
  return rest;
}

/** The chunks' content, if the bytes are exactly chunks. */
function unchunked(bytes: Uint8Array): Uint8Array | undefined {
  const chunks = new Pieces();
  for (let at = 0; ; ) {
    const end = bytes.indexOf(10, at);
    // A longer line does not begin with a size.
    if (end < 0 || end - at > 1000) return undefined;
    const digits = /^([0-9a-fA-F]{1,8})(;.*)?\r?$/.exec(latin1(bytes.subarray(at, end)))?.[1];
    if (digits === undefined) return undefined;
    const length = parseInt(digits, 16);
    if (length === 0) return chunks.join();
    at = end + 1;
    if (at + length > bytes.length) return undefined;
    chunks.add(bytes.subarray(at, at + length), Infinity);
    at += length;
    if (bytes[at] === 13) at++;
    if (bytes[at] !== 10) return undefined;
    at++;
  }
}
