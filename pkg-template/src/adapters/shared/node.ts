// Node's own requests and responses, as all frameworks on top of node:http have them.
import type { Response } from "../../fetch.js";
import { WebhookError } from "countersign";
import type { Delivery, Event } from "countersign";
import { Pieces, bytesOf, sizeOf } from "../../bytes.js";
import { own } from "../../own.js";
import { isSent, answering, answerOr, type AdapterOptions, type Sent, type WebhookSource } from "./answer.js";

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
  readonly writableEnded: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  end(body: Uint8Array): unknown;
  destroy(): unknown;
}

/** What adapters on top of node:http give to a handler. */
export interface NodeContext<Req, Res> {
  req: Req;
  res: Res;
}

/** Answers requests of node:http, and of frameworks on top of it; throws what went wrong on this side. */
export function answeringNode<P extends string, C extends NodeContext<NodeRequest, NodeResponse>>(
  source: WebhookSource<P, C>,
  options: AdapterOptions<Event<P>, C>,
  how: {
    readonly hint: string;
    /** What was kept of the body, where that is a place of its own. */
    kept?(request: C["req"], provider: string): Uint8Array | undefined;
    /** What the framework sends where a handler returns it. */
    own?(returned: unknown, status: number): Response | undefined;
  },
): (context: C) => Promise<void> {
  const { hint, kept, own: sends } = own(how);
  const answer = answering(source, options, {
    read: ({ req }, maxBytes, provider) => readNode(req, { maxBytes, provider, hint, kept: kept?.(req, provider) }),
    answer: ({ res }) => {
      // From here on another status is the handler's.
      res.statusCode = 200;
      return (returned) =>
        res.headersSent
          ? { sent: true, status: res.statusCode }
          : (sends?.(returned, res.statusCode) ?? answerOr(returned, res.statusCode));
    },
  });
  return async (context) => writeAnswer(context.res, await answer(context));
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
  readonly kept?: Uint8Array | undefined;
}

/** Reads the raw body: POST only, never more than the cap, never after something else has read it. */
export async function readNode(request: NodeRequest, reading: Reading): Promise<Delivery> {
  const { maxBytes, provider, hint, stream = request, kept = keptByParser(request) } = own(reading);
  const { headers } = request;
  if (request.method !== "POST") throw new WebhookError("method_not_allowed", { provider });
  const tooLarge = () => new WebhookError("body_too_large", { provider });
  const notRaw = (why = hint) => new WebhookError("body_not_raw", { provider, hint: why });
  if (kept) {
    if (sizeOf(kept) > maxBytes) throw tooLarge();
    return { headers, body: kept };
  }
  if (stream.readableDidRead) throw notRaw(isEncoded(request) && bytesIn(request) ? INFLATED : hint);
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

/** What a body parser or the platform may have kept of a body. */
interface Keeping {
  readonly rawBody?: unknown;
  readonly body?: unknown;
}

/** The bytes that were kept, as they arrived. */
function keptByParser(request: NodeRequest): Uint8Array | undefined {
  return isEncoded(request) ? undefined : bytesIn(request);
}

/** In `rawBody` (Google Cloud Functions, Firebase, a parser's option `verify`), or as the body (express.raw). */
function bytesIn(request: NodeRequest): Uint8Array | undefined {
  const { rawBody, body } = request as Keeping;
  return bytesOf(rawBody) ?? bytesOf(body);
}

const INFLATED =
  "What was kept of the body is inflated, and the signature is of the compressed bytes: let nothing inflate this request, or nothing compress it on its way.";

/** Writes the answer, unless the handler has. */
async function writeAnswer(response: NodeResponse, answer: Response | Sent): Promise<void> {
  if (isSent(answer) || response.headersSent) return;
  const body = new Uint8Array(await answer.arrayBuffer());
  response.statusCode = answer.status;
  for (const [name, value] of headersOf(answer)) response.setHeader(name, value);
  response.end(body);
}

/** The headers to write; those about the transport are the server's. */
export function headersOf({ headers, url }: Response): [name: string, value: string | string[]][] {
  const found: [string, string | string[]][] = [];
  headers.forEach((value, name) => {
    // What came from fetch() has been inflated.
    const isTransport = /^(content-length|transfer-encoding|connection|keep-alive)$/.test(name);
    if (!isTransport && name !== "set-cookie" && !(url && name === "content-encoding")) found.push([name, value]);
  });
  const cookies = headers.getSetCookie?.() ?? [];
  return cookies.length > 0 ? [...found, ["set-cookie", cookies]] : found;
}

/** Answers what went wrong on this side where no framework does. */
export function writeFailure(response: NodeResponse): void {
  if (!response.headersSent) {
    response.statusCode = 500;
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(new TextEncoder().encode("failed"));
  } else if (!response.writableEnded) {
    // A part of an answer is out: only a broken connection says that it is not the whole.
    response.destroy();
  }
}
