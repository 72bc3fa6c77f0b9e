// Reads the raw body of a Fetch Request: POST only, never more than the cap, never after something else has read it.
import { checkMaxBytes, join } from "./bytes.js";
import { WebhookError } from "./errors.js";
import type { VerifyOptions } from "./input.js";

/** How a request is read, and by which clock it is judged. */
export interface ReceiveOptions extends VerifyOptions {
  /** The largest body to read, in bytes; default: 5 MiB, the largest any known provider posts. */
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

export async function readRequest(
  request: FetchRequest,
  most: number | undefined,
  provider: string,
): Promise<Uint8Array> {
  const maxBytes = checkMaxBytes(most);
  if (typeof request?.headers?.get !== "function")
    throw new TypeError("receive and respond take a Fetch Request; for other requests use verify or handle.");
  if (request.method !== "POST") throw new WebhookError("method_not_allowed", { provider });
  if (request.bodyUsed || request.body?.locked) throw new WebhookError("body_not_raw", { provider, hint: HINT });
  const tooLarge = () => new WebhookError("body_too_large", { provider });
  // The header is believed only if it promises too much: the bytes that arrive are counted.
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array(0);
  // Some browsers have no stream of a request's body.
  if (request.body === undefined) {
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > maxBytes) throw tooLarge();
    return body;
  }

  const reader = request.body.getReader() as ReadableStreamDefaultReader<unknown>;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause?: { status?: unknown }) => {
      // SvelteKit's server has a limit of its own, and reports it as an error of the stream.
      throw new WebhookError(cause?.status === 413 ? "body_too_large" : "body_incomplete", { provider, cause });
    });
    if (done) break;
    if (!(value instanceof Uint8Array)) throw new WebhookError("body_not_raw", { provider });
    size += value.length;
    if (size > maxBytes) {
      // Not cancelled: Node's servers would cut the connection before the answer is out. The rest stays unread.
      reader.releaseLock();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return join(chunks, size);
}
