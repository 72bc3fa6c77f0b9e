// HAR, as browsers and proxies export it: a whole file, one entry, or one request.
import { fromLatin1 } from "./latin1.js";
import { ParseError, type ParsedRequest, type ParseOptions } from "./parsed.js";

/** Some programs write files in which this is anything. */
type Pair = { name?: unknown; value?: unknown } | null;

interface HarRequest {
  method?: unknown;
  url?: unknown;
  headers?: Pair[];
  bodySize?: unknown;
  postData?: { text?: unknown; encoding?: unknown; _encoding?: unknown; params?: Pair[]; mimeType?: unknown };
}

export function parseHar(file: unknown, { entry }: ParseOptions = {}): ParsedRequest {
  const requests = requestsOf(file);
  const notes: string[] = [];
  const wanted = entry === undefined ? likely(requests) : entry - 1;
  const request = requests[wanted];
  if (!request) {
    throw new ParseError(
      requests.length === 0
        ? "This JSON holds no request: it has no entries of a HAR with headers, and no headers of its own."
        : `The HAR has ${requests.length} ${requests.length === 1 ? "request" : "requests"} with headers, counted from 1.`,
    );
  }
  if (requests.length > 1) notes.push(`Entry ${wanted + 1} of ${requests.length}.`);
  const headers: [string, string][] = [];
  for (const header of request.headers ?? []) {
    const { name, value } = header ?? {};
    // The pseudo headers of HTTP/2 stand among the others.
    if (typeof name === "string" && typeof value === "string" && !name.startsWith(":")) headers.push([name, value]);
  }
  return {
    format: "har",
    method: textOr("POST", request.method).toUpperCase(),
    url: textOr("/", request.url),
    headers,
    body: bodyOf(request, notes),
    notes,
  };
}

function textOr(otherwise: string, value: unknown): string {
  return typeof value === "string" ? value : otherwise;
}

function requestsOf(file: unknown): HarRequest[] {
  const one = file as {
    log?: { entries?: { request?: HarRequest }[] };
    request?: HarRequest;
    headers?: unknown;
  } | null;
  const entries = Array.isArray(file) ? (file as { request?: HarRequest }[]) : one?.log?.entries;
  if (Array.isArray(entries))
    return entries.map((each) => each?.request).filter((request) => Array.isArray(request?.headers)) as HarRequest[];
  if (Array.isArray(one?.request?.headers)) return [one.request];
  return Array.isArray(one?.headers) ? [one as HarRequest] : [];
}

/** The first POST with a signature, else the first with a body, else the first. */
function likely(requests: HarRequest[]): number {
  const isPost = ({ method }: HarRequest): boolean => method === "POST";
  const isSigned = ({ headers }: HarRequest): boolean =>
    headers?.some((header) => /signature/i.test(textOr("", header?.name))) ?? false;
  const tests = [(request: HarRequest) => isPost(request) && isSigned(request), isSigned, isPost];
  for (const test of tests) {
    const at = requests.findIndex(test);
    if (at >= 0) return at;
  }
  return 0;
}

function bodyOf({ postData, bodySize }: HarRequest, notes: string[]): Uint8Array {
  if (typeof postData?.text !== "string") {
    const params = Array.isArray(postData?.params) ? postData.params : [];
    if (params.length === 0) return new Uint8Array(0);
    notes.push("The HAR has the form's fields but not the body: it is written again from them, and may differ.");
    return new TextEncoder().encode(
      new URLSearchParams(params.map((param) => [textOr("", param?.name), textOr("", param?.value)])).toString(),
    );
  }
  const { text } = postData;
  if ((postData.encoding ?? postData._encoding) === "base64") {
    try {
      return fromLatin1(atob(text));
    } catch {
      throw new ParseError("The HAR says that the body is base64, but it is not.");
    }
  }
  const body = new TextEncoder().encode(text);
  if (typeof bodySize === "number" && bodySize > 0 && bodySize !== body.length) {
    // Some exporters write each byte as the character of that number.
    if (bodySize === text.length && /^[\0-\xff]*$/.test(text)) {
      notes.push("The HAR holds the body's bytes as single characters.");
      return fromLatin1(text);
    }
    notes.push(`The HAR says ${bodySize} bytes of body, but its text has ${body.length}.`);
  }
  if (text.includes("\uFFFD")) notes.push("The body holds U+FFFD: the exporter could not write its bytes as text.");
  return body;
}
