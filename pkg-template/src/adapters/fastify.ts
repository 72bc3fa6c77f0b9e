// Fastify: an encapsulated plugin whose only content type parser hands over the stream as it is.
import type { Event, Webhook } from "countersign";
import { WebhookError } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";
import { isEncoded, readNode, type NodeRequest, type NodeStream } from "./shared/node.js";

export type { AdapterOptions, NodeRequest };

/** The part of a Fastify request that is used. */
export interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly body: unknown;
}

/** The part of a Fastify reply that is used. */
export interface FastifyReply {
  readonly sent: boolean;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
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

const HINT =
  "A hook of the app has read or replaced the body: keep its onRequest and preParsing hooks away from this route.";

/** A plugin with one route: `app.register(fastifyWebhook(webhook, { handler }), { prefix: "/hook" })`. */
export function fastifyWebhook<
  P extends string,
  Req extends FastifyRequest = FastifyRequest,
  Res extends FastifyReply = FastifyReply,
>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, { req: Req; reply: Res }>,
): (app: FastifyInstance<Req, Res>) => Promise<void> {
  const answer = answering(webhook, options);
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_, payload, done) => done(null, payload));
    const receive = async (req: Req, reply: Res) => {
      const answered = await answer({ req, reply }, (maxBytes, provider) => {
        // Fastify calls no parser for a request without a body.
        const stream = (req.body ?? req.raw) as NodeStream;
        // @fastify/compress inflates requests.
        if (stream !== req.raw && isEncoded(req.raw)) throw new WebhookError("body_not_raw", { provider, hint: HINT });
        return readNode(req.raw, { maxBytes, provider, hint: HINT, stream });
      });
      const text = await answered.text();
      if (!reply.sent) {
        reply.code(answered.status);
        answered.headers.forEach((value, name) => reply.header(name, value));
        reply.send(text);
      }
      return reply;
    };
    app.all("/", receive);
    app.setErrorHandler(async (error: { code?: unknown }, req, reply) => {
      // Fastify refuses a malformed content type before it calls a parser; no signature covers the content type.
      if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return receive(req, reply);
      throw error;
    });
  };
}
