// A request as people have it at hand (raw HTTP, a curl command, a HAR file) becomes what `verify` takes.
//
// Rules: pure functions, bytes in and bytes out; header values hold one character for each byte; what had to be decided
// is said in `notes`; text that cannot be read is a ParseError with one sentence.
import { parseCurl } from "./curl.js";
import { parseHar } from "./har.js";
import { parseHttp } from "./http.js";
import { ParseError, type ParsedRequest, type ParseOptions } from "./parsed.js";

/** Reads a request in whichever of the formats it is. */
export function parseRequest(input: Uint8Array | string, options: ParseOptions = {}): ParsedRequest {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const start = new TextDecoder().decode(bytes.subarray(0, 2000)).trimStart();
  if (start === "") throw new ParseError("There is no request: the input is empty.");
  if (/^[{[]/.test(start)) return parseHar(new TextDecoder().decode(bytes), options);
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
