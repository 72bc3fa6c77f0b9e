// What was passed where the raw body belongs, said of that very value, and what to do instead.
import { isGone } from "./bytes.js";
import { can, tagOf } from "./tag.js";

const READ = "pass the raw bytes of the request, as express.raw() or `await request.arrayBuffer()` give them";

/**
 * `from` is the `{ headers, body }` that a body to be verified was found in; a body to be signed was found in nothing.
 * Nothing is said of what throws when it is looked at.
 */
export function inPlaceOfBody(body: unknown, from: object | undefined): string | undefined {
  if (isGone(body))
    return "These bytes were given away: their buffer was transferred or has shrunk. Verify them first, or pass a copy of them.";
  try {
    return sentence(body, from);
  } catch {
    return undefined;
  }
}

function sentence(body: unknown, from: object | undefined): string {
  if (can(from, "arrayBuffer"))
    return "This is a whole Request, and its body has not been read: write `await webhook.receive(request)`.";
  const node = can(from, "on") && "headers" in from!;
  if (can(body, "then")) return "The body is a Promise: await it.";
  if (typeof body === "function")
    return "The body is a function: call it and await what it gives, as in `await request.text()`.";
  if (!from) {
    return typeof body === "object" && body !== null
      ? `The body is ${article(tagOf(body))}, not text: sign the very text that you send, such as JSON.stringify(event), and send that text.`
      : `The body is ${body === null ? "null" : typeof body}: pass the text or the bytes that you send.`;
  }
  if (body === undefined) {
    return node
      ? "This is a request of Node, and nothing has read its body: use an adapter, such as countersign/express or countersign/node."
      : `The body is undefined: nothing has read it, or it is called something else; ${READ}.`;
  }
  if (body === null)
    return "The body is null: pass an empty text where the request really has none; else something must read it first.";
  if (can(body, "getReader"))
    return "The body is a stream that nothing has read: write `await webhook.receive(request)`, or pass `await request.arrayBuffer()`.";
  const tag = tagOf(body);
  if (can(body, "arrayBuffer")) {
    return tag === "Blob" || tag === "File"
      ? `The body is a ${tag}: pass \`await body.arrayBuffer()\`.`
      : `The body is ${article(tag)} that nothing has read: write \`await webhook.receive(request)\`.`;
  }
  if (can(body, "on") && can(body, "pipe"))
    return "The body is a stream that nothing has read: use an adapter, such as countersign/express or countersign/node, or collect its bytes.";
  if (tag === "String") return "The body is a String object: pass the text itself, as `String(body)` gives it.";
  if (tag === "Object" && (body as { type?: unknown }).type === "Buffer")
    return "The body is a Buffer that went through JSON: pass `Buffer.from(body.data)`.";
  if (typeof body === "object") {
    return `The body is ${article(tag)}: something has parsed it, and JSON.stringify does not bring back what was signed; ${READ}, before anything parses them.`;
  }
  return `The body is a ${typeof body}: ${READ}.`;
}

function article(tag: string): string {
  return /^[AEIO]/.test(tag) ? `an ${tag}` : `a ${tag}`;
}
