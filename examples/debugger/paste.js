// What was pasted, as a request: read as the command line reads it.
import { parseRequest } from "../../pkg-template/src/parse/request.ts";

const NAMES = { http: "an HTTP request", curl: "a curl command", har: "a HAR file", json: "JSON with headers" };

/** `{ headers, body, said }`; body is undefined where the text holds none. Throws ParseError. */
export function readPasted(text) {
  const { format, headers, body, notes } = parseRequest(text);
  const many = `${headers.length} ${headers.length === 1 ? "header" : "headers"}`;
  const said = `Read as ${NAMES[format]}: ${many}, ${body === undefined ? "no body" : `${body.length.toLocaleString("en")} bytes of body`}.`;
  return { headers, body, said: [said, ...notes].join(" ") };
}
