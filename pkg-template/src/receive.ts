// Reads the raw body of a Fetch Request: POST only, never more than the cap, never after something else has read it.
import { Pieces, checkMaxBytes } from "./bytes.js";
import { WebhookError } from "./errors.js";
import type { Delivery, VerifyOptions } from "./input.js";
import { reading } from "./reading.js";

/** How a request is read, and by which clock it is judged. */
export interface ReceiveOptions extends VerifyOptions {
  /** The largest body to read, in bytes; default: `largestBody` of the webhook. */
  readonly maxBytes?: number | undefined;
}

/** The part of a Fetch `Request` that is used. */
export interface FetchRequest {
  readonly method: string;
  readonly headers: {
    get(name: string): string | null;
    forEach(each: (value: string, name: string) => void): void;
  };
  readonly bodyUsed?: boolean | undefined;
  /** Without it, `arrayBuffer` is called. */
  readonly body?: { readonly locked: boolean; getReader(): unknown } | null | undefined;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const HINT =
  'The request\'s body has been read: call this ahead of request.json() and the like, or read request.clone() there. In Elysia, give the route { parse: "none" }.';

const NO_BYTES = "The stream of the request's body gives something else than bytes.";
const OTHER_LIMIT = "The limit is not the option maxBytes but the server's own, such as BODY_SIZE_LIMIT of SvelteKit.";

/** The delivery in a request, each of whose values is read once. */
export async function readRequest(
  request: FetchRequest,
  most: number | undefined,
  { provider, largestBody }: { readonly provider: string; readonly largestBody: number },
): Promise<Delivery> {
  const maxBytes = checkMaxBytes(most) ?? largestBody;
  const given = reading(provider, () => {
    const headers = request?.headers;
    if (typeof headers?.get !== "function") return undefined;
    const { method, bodyUsed, body } = request;
    return { headers, method, body, isRead: bodyUsed || body?.locked, length: Number(headers.get("content-length")) };
  });
  if (given === undefined)
    throw new TypeError("receive and respond take a Fetch Request; for other requests use verify or handle.");
  const { headers, method, body, isRead, length } = given;
  if (method !== "POST") throw new WebhookError("method_not_allowed", { provider });
  if (isRead) throw new WebhookError("body_not_raw", { provider, hint: HINT });
  // The header is believed only if it promises too much: the bytes that arrive are counted.
  if (length > maxBytes) throw new WebhookError("body_too_large", { provider });
  if (body === null) return { headers, body: new Uint8Array(0) };

  const pieces = new Pieces();
  // Some browsers have no stream of a request's body.
  const reader = body && reading(provider, () => body.getReader() as ReadableStreamDefaultReader<unknown>);
  for (;;) {
    const { done, value } = await arriving(provider, async () =>
      reader ? reader.read() : { done: false, value: await request.arrayBuffer() },
    );
    const refused = done ? undefined : pieces.add(value, maxBytes);
    if (refused) {
      // Not cancelled: Node's servers would cut the connection before the answer is out. The rest stays unread.
      reader?.releaseLock();
      throw new WebhookError(refused, { provider, hint: refused === "body_not_raw" ? NO_BYTES : undefined });
    }
    if (done || !reader) return { headers, body: pieces.join() };
  }
}

/** What comes next of a body, or why nothing comes. */
async function arriving(
  provider: string,
  next: () => Promise<{ readonly done: boolean; readonly value?: unknown }>,
): Promise<{ readonly done: boolean; readonly value: unknown }> {
  try {
    const { done, value } = await next();
    return { done, value };
  } catch (cause) {
    const status = reading(provider, () => (cause as { status?: unknown } | undefined)?.status);
    // SvelteKit's server has a limit of its own, and reports it as an error of the stream.
    if (status === 413) throw new WebhookError("body_too_large", { provider, cause, hint: OTHER_LIMIT });
    throw new WebhookError("body_incomplete", { provider, cause });
  }
}
