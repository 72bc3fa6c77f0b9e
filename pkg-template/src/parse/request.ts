// A request as people have it at hand (raw HTTP, a curl command, a HAR file, JSON with headers) becomes what `verify` takes.
//
// Rules: pure functions, bytes in and bytes out; header values hold one character for each byte; what had to be decided
// is said in `notes`; text that cannot be read is a ParseError with one sentence.
import { parseCurl } from "./curl.js";
import { parseHar } from "./har.js";
import { parseHttp } from "./http.js";
import { parseJson } from "./json.js";
import { ParseError, type ParsedRequest, type ParseOptions } from "./parsed.js";

/** Reads a request in whichever of the formats it is. */
export function parseRequest(input: Uint8Array | string, options: ParseOptions = {}): ParsedRequest {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const start = new TextDecoder().decode(bytes.subarray(0, 2000)).trimStart();
  if (start === "") throw new ParseError("There is no request: the input is empty.");
  if (/^[{[]/.test(start)) {
    const value = jsonOf(new TextDecoder().decode(bytes));
    return parseJson(value) ?? parseHar(value, options);
  }
  if (
    /(^|[\n\s|;&$])curl(\.exe)?\s/.test(start.split(/\r?\n/).slice(0, 5).join("\n")) &&
    !/^\S+ \S+ HTTP\//.test(start)
  ) {
    return parseCurl(new TextDecoder().decode(bytes), options);
  }
  if (/^Invoke-(WebRequest|RestMethod)|^\$session = /i.test(start)) {
    throw new ParseError("This is a PowerShell command: copy the request as cURL (bash) or as HAR instead.");
  }
  if (/^fetch\(/.test(start))
    throw new ParseError("This is a fetch call: copy the request as cURL (bash) or as HAR instead.");
  return parseHttp(bytes);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new ParseError(
      "This begins like JSON but is none. A file may have been cut; and what a program prints for an object is no JSON: that has double quotes around names and texts.",
    );
  }
}
