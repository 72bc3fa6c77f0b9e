// What was pasted, as a request: raw HTTP, curl and HAR are read as the command line reads them; JSON with headers here.
import { ParseError } from "../../pkg-template/src/parse/parsed.ts";
import { parseRequest } from "../../pkg-template/src/parse/request.ts";

const NAMES = { http: "an HTTP request", curl: "a curl command", har: "a HAR file", json: "JSON with headers" };

/** `{ headers, body, said }`; body is undefined where the text holds none. Throws ParseError. */
export function readPasted(text) {
  const { format, headers, body, notes } = fromJson(text) ?? parseRequest(text);
  const many = `${headers.length} ${headers.length === 1 ? "header" : "headers"}`;
  const said = `Read as ${NAMES[format]}: ${many}, ${body === undefined ? "no body" : `${body.length.toLocaleString("en")} bytes of body`}.`;
  return { headers, body, said: [said, ...notes].join(" ") };
}

/** Headers alone, or an object with headers and perhaps a body, as logs and serverless platforms write them. */
function fromJson(text) {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ParseError("This begins like JSON but is none: a file that was cut?");
  }
  if (typeof value !== "object" || value === null || value.log !== undefined || value.request !== undefined)
    return undefined;
  const whole = !Array.isArray(value) && value.headers !== null && typeof value.headers === "object";
  // HAR's request has its URL and postData beside the headers.
  if (whole && (value.postData !== undefined || value.bodySize !== undefined)) return undefined;
  const headers = pairs(whole ? { ...value.multiValueHeaders, ...value.headers } : value);
  if (!headers?.length)
    throw new ParseError("This JSON holds no headers: neither names with text, nor a list of pairs.");
  const notes = [];
  return { format: "json", headers, body: whole ? bodyOf(value, notes) : undefined, notes };
}

function pairs(value) {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.flatMap((name, at) => (at % 2 || at + 1 >= value.length ? [] : [[name, value[at + 1]]]));
  }
  const entries = Array.isArray(value)
    ? value.map((item) => (Array.isArray(item) ? item : [item?.name ?? item?.key, item?.value]))
    : Object.entries(value);
  const found = [];
  for (const [name, given] of entries) {
    for (const one of Array.isArray(given) ? given : [given]) {
      if (typeof name === "string" && (typeof one === "string" || typeof one === "number"))
        found.push([name, String(one)]);
    }
  }
  return found;
}

function bodyOf({ body, rawBody, isBase64Encoded }, notes) {
  const given = rawBody ?? body;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") {
    if (!isBase64Encoded) return new TextEncoder().encode(given);
    notes.push("The body was base64: it is decoded.");
    return Uint8Array.from(atob(given), (char) => char.charCodeAt(0));
  }
  notes.push(
    "The body is parsed JSON, not the raw bytes: it is written again here, and may differ from what was signed.",
  );
  return new TextEncoder().encode(JSON.stringify(given));
}
