// Fastify: an encapsulated plugin whose only content type parser hands over the stream as it is.
import type { Event } from "countersign";
import { WebhookError } from "countersign";
import { isSent, answering, answerOr, plainAnswer, type AdapterOptions, type WebhookSource } from "./shared/answer.js";
import { headersOf, isEncoded, readNode, type NodeRequest, type NodeStream } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, WebhookSource };

/** The part of a Fastify request that is used. */
export interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly body: unknown;
}

/** The part of a Fastify reply that is used. */
export interface FastifyReply {
  readonly sent: boolean;
  readonly statusCode: number;
  code(status: number): unknown;
  header(name: string, value: string | string[]): unknown;
  send(body: any): unknown;
}

/** The part of a Fastify instance that is used. */
export interface FastifyInstance<Req, Res> {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parser: (req: any, payload: any, done: (error: null, body: any) => void) => void,
  ): unknown;
  all(path: string, handler: (req: Req, reply: Res) => Promise<unknown>): unknown;
  setErrorHandler(handler: (error: any, req: Req, reply: Res) => Promise<unknown>): unknown;
}

/** What a handler is given. */
export interface FastifyContext<Req, Res> {
  request: Req;
  reply: Res;
  /** The same as `request`. */
  req: Req;
}

/** @ts-ignore: any, where Fastify is not installed */
type Request = import("fastify").FastifyRequest;
/** @ts-ignore: any, where Fastify is not installed */
type Reply = import("fastify").FastifyReply;

const HINT =
  "A hook of the app has read or replaced the body: keep its onRequest and preParsing hooks away from this route.";

/** A plugin with one route: `app.register(fastifyWebhook(webhook, { handler }), { prefix: "/hook" })`. */
export function fastifyWebhook<
  P extends string,
  Req extends FastifyRequest = Request,
  Res extends FastifyReply = Reply,
>(
  webhook: WebhookSource<P, FastifyContext<Req, Res>>,
  options: AdapterOptions<Event<P>, FastifyContext<Req, Res>>,
): (app: FastifyInstance<Req, Res>) => Promise<void> {
  const answer = answering(webhook, options, {
    read: ({ request }, maxBytes, provider) => {
      // Fastify calls no parser for a request without a body.
      const stream = (request.body ?? request.raw) as NodeStream;
      // @fastify/compress inflates requests.
      if (stream !== request.raw && isEncoded(request.raw)) {
        throw new WebhookError("body_not_raw", { provider, hint: HINT });
      }
      return readNode(request.raw, { maxBytes, provider, hint: HINT, stream });
    },
    answer: ({ reply }) => {
      // From here on another status is the handler's.
      reply.code(200);
      // Fastify's own `sent` comes late where the app has asynchronous onSend hooks.
      let sent = false;
      const { send } = reply;
      reply.send = (body) => {
        sent = true;
        return send.call(reply, body);
      };
      return (returned) => {
        reply.send = send;
        // A handler that returns the reply will send it.
        return sent || reply.sent || returned === reply
          ? { sent: true, status: reply.statusCode }
          : (plainAnswer(returned, reply.statusCode) ?? answerOr(returned, reply.statusCode));
      };
    },
  });
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_, payload, done) => done(null, payload));
    const receive = async (request: Req, reply: Res) => {
      const answered = await answer({ request, reply, req: request });
      if (!isSent(answered) && !reply.sent) {
        const body = new Uint8Array(await answered.arrayBuffer());
        reply.code(answered.status);
        for (const [name, value] of headersOf(answered)) reply.header(name, value);
        // Fastify would call bytes without a content type application/octet-stream.
        reply.send(body.length > 0 ? body : undefined);
      }
      return reply;
    };
    app.all("/", receive);
    app.setErrorHandler(async (error: { code?: unknown }, request, reply) => {
      // Fastify refuses a malformed content type before it calls a parser; no signature covers the content type.
      if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return receive(request, reply);
      throw error;
    });
  };
}
