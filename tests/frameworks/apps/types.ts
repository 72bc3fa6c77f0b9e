// What a handler is given has the framework's own types, where it names them; mistakes do not compile.
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  Context as LambdaContext,
} from "aws-lambda";
import { Webhook } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { type AdapterOptions, expressWebhook } from "countersign/express";
import { fastifyWebhook } from "countersign/fastify";
import { honoWebhook } from "countersign/hono";
import { koaWebhook } from "countersign/koa";
import { nextPagesWebhook } from "countersign/next-pages";
import { nodeWebhook } from "countersign/node";
import express, { type Request, type RequestHandler, type Response } from "express";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { Hono, type Context } from "hono";
import type { ParameterizedContext } from "koa";
import type { NextApiHandler, NextApiRequest, NextApiResponse } from "next";
import { type IncomingMessage, type ServerResponse, createServer as http } from "node:http";
import { createServer as https } from "node:https";

const webhook = new Webhook("resend", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

export const onExpress: RequestHandler = expressWebhook(webhook, {
  handler(event, { req, res }: { req: Request; res: Response }) {
    if (event.type === "email.bounced") res.locals["type"] = `${req.ip} ${event.payload.data.bounce.type}`;
  },
  onRefused: (error, { req }) => console.warn(error.code, req.ip),
});
express.Router().post("/hook", onExpress);

Fastify().register(
  fastifyWebhook(webhook, {
    handler: (_, { req }: { req: FastifyRequest; reply: FastifyReply }) => req.log.info("in"),
  }),
  { prefix: "/hook" },
);
new Hono<{ Variables: { user: string } }>().all(
  "/hook",
  honoWebhook(webhook, { handler: (_, c: Context<{ Variables: { user: string } }>) => c.var.user.length }),
);
export const onKoa = koaWebhook(webhook, { handler: (_, ctx: ParameterizedContext) => ctx.ip.length });
export const onPages: NextApiHandler = nextPagesWebhook(webhook, {
  handler: (_, { req }: { req: NextApiRequest; res: NextApiResponse }) => req.query,
});
http(
  nodeWebhook(webhook, {
    handler: (_, { req }: { req: IncomingMessage; res: ServerResponse }) => req.socket.remoteAddress,
  }),
);
https(nodeWebhook(webhook, { handler() {}, onError: (error: unknown) => console.error(error) }));
export const onLambda2: APIGatewayProxyHandlerV2 = lambdaWebhook(webhook, { handler() {} });
export const onLambda1: APIGatewayProxyHandler = lambdaWebhook(webhook, {
  handler: (_, { event, context }: { event: APIGatewayProxyEvent; context: LambdaContext }) => [
    event.path,
    context.awsRequestId,
  ],
});

// @ts-expect-error a misspelt type
expressWebhook(webhook, { handler: (event) => event.type === "email.bounce" });
// @ts-expect-error no handler
expressWebhook(webhook, {});
// @ts-expect-error a misspelt option
expressWebhook(webhook, { handler() {}, maxbytes: 1 });
// @ts-expect-error no webhook
expressWebhook("resend", { handler() {} });

export const options: AdapterOptions<unknown, unknown> = { handler() {}, maxBytes: 1000 };
