// Node's own requests and responses, as all frameworks on top of node:http have them.
import { WebhookError } from "countersign";
import type { Delivery } from "countersign";
import { Pieces, bytesOf, sizeOf } from "../../bytes.js";

/** The part of a stream of body bytes that is used. */
export interface NodeStream {
  readonly readableDidRead: boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  on(event: string, listener: (value: any) => void): unknown;
  off(event: string, listener: (value: any) => void): unknown;
  resume(): unknown;
}

/** The part of `http.IncomingMessage` that is used. */
export interface NodeRequest extends NodeStream {
  readonly method?: string | undefined;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/** The part of `http.ServerResponse` that is used. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** How a request is read. */
export interface Reading {
  readonly maxBytes: number;
  readonly provider: string;
  /** What to do if something else has already read the body. */
  readonly hint: string;
  /** Where the body is, if not in the request. */
  readonly stream?: NodeStream;
  /** Bytes that something else has read and kept. */
  readonly kept?: (() => Uint8Array | undefined) | undefined;
}

/** Reads the raw body: POST only, never more than the cap, never after something else has read it. */
export async function readNode(request: NodeRequest, reading: Reading): Promise<Delivery> {
  const { maxBytes, provider, hint, stream = request, kept } = reading;
  const { headers } = request;
  if (request.method !== "POST") throw new WebhookError("method_not_allowed", { provider });
  const tooLarge = () => new WebhookError("body_too_large", { provider });
  const notRaw = () => new WebhookError("body_not_raw", { provider, hint });
  if (stream.readableDidRead) {
    const body = kept?.();
    if (!body) throw notRaw();
    if (sizeOf(body) > maxBytes) throw tooLarge();
    return { headers, body };
  }
  // The stream is at its end, and there was no byte of data.
  if (stream.readableEnded) return { headers, body: new Uint8Array(0) };
  const body = await new Promise<Uint8Array>((resolve, reject) => {
    const pieces = new Pieces();
    const incomplete = (cause?: Error) => reject(new WebhookError("body_incomplete", { provider, cause }));
    const refuse = (error: WebhookError) => {
      stream.off("data", take);
      // The rest of the body is dropped: the caller reads no answer before it has sent everything.
      stream.resume();
      reject(error);
    };
    const take = (chunk: unknown) => {
      const refused = pieces.add(chunk, maxBytes);
      if (refused === "body_too_large") refuse(tooLarge());
      // A text, where somebody called setEncoding.
      else if (refused) refuse(notRaw());
    };
    if (stream.destroyed) return incomplete();
    // The header is believed only if it promises too much: the bytes that arrive are counted.
    if (Number(headers["content-length"]) > maxBytes) return refuse(tooLarge());
    stream.on("data", take);
    stream.on("end", () => resolve(pieces.join()));
    stream.on("error", incomplete);
    stream.on("close", () => incomplete());
  });
  return { headers, body };
}

/** Whether the body arrived compressed: then what a parser kept is not what arrived. */
export function isEncoded({ headers }: Pick<NodeRequest, "headers">): boolean {
  return (headers["content-encoding"] ?? "identity") !== "identity";
}

/** The bytes that a body parser kept: by its `verify` option in `rawBody`, or as the body. */
export function keptByParser(
  request: NodeRequest & { readonly rawBody?: unknown; readonly body?: unknown },
): Uint8Array | undefined {
  if (isEncoded(request)) return undefined;
  return bytesOf(request.rawBody) ?? bytesOf(request.body);
}

/** Writes the answer, unless the handler has written one. */
export async function writeAnswer(response: NodeResponse, answer: Response): Promise<void> {
  if (response.headersSent) return;
  const text = await answer.text();
  response.statusCode = answer.status;
  answer.headers.forEach((value, name) => response.setHeader(name, value));
  response.end(text);
}
