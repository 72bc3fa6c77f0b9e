// Reads the raw body of a Fetch Request: POST only, never more than the cap, never after something else has read it.
import { checkMaxBytes, join } from "./bytes.js";
import { WebhookError } from "./errors.js";
import type { VerifyOptions } from "./input.js";

/** How a request is read, and by which clock it is judged. */
export interface ReceiveOptions extends VerifyOptions {
  /** The largest body to read, in bytes; default: `largestBody` of the webhook. */
  readonly maxBytes?: number | undefined;
}

export async function readRequest(
  request: Request,
  most: number | undefined,
  { provider, largestBody }: { readonly provider: string; readonly largestBody: number },
): Promise<Uint8Array> {
  const maxBytes = checkMaxBytes(most, largestBody);
  if (typeof request?.headers?.get !== "function")
    throw new TypeError("receive and respond take a Fetch Request; for other requests use verify or handle.");
  if (request.method !== "POST") throw new WebhookError("method_not_allowed", { provider });
  if (request.bodyUsed || request.body?.locked) throw new WebhookError("body_not_raw", { provider });
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

  const reader = request.body.getReader();
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
