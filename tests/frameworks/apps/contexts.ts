// What a handler is given has the framework's own types without an annotation; what the framework does not have does not compile.
import type { ALBHandler, APIGatewayProxyHandler, APIGatewayProxyHandlerV2 } from "aws-lambda";
import { app as azure } from "@azure/functions";
import { http } from "@google-cloud/functions-framework";
import { type ReplayStore, Webhook } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { expressWebhook } from "countersign/express";
import { fastifyWebhook } from "countersign/fastify";
import { honoWebhook } from "countersign/hono";
import { koaWebhook } from "countersign/koa";
import { nestWebhook } from "countersign/nest";
import { nextPagesWebhook } from "countersign/next-pages";
import { nodeWebhook } from "countersign/node";
import express, { type RequestHandler } from "express";
import Fastify from "fastify";
import { onRequest } from "firebase-functions/https";
import { type Context, Hono } from "hono";
import Koa from "koa";
import { createServer } from "node:http";

declare const webhook: Webhook<"resend">;

/** Refuses what is `any`: there nothing would be checked. */
const known = <T>(_value: 0 extends 1 & T ? never : T): void => {};

const app = express();
app.all(
  "/hook",
  expressWebhook(webhook, {
    handler: (event, { req, res }) => {
      known(req);
      known(req.ip);
      res.status(202).json({});
      if (event.type === "email.bounced") known(event.payload.data.bounce.type);
      // @ts-expect-error Express has no such property
      req.nope;
    },
    onRefused: (error, { req }) => console.warn(error.code, req.ip),
  }),
);
app.use(expressWebhook(webhook, { handler: (_, { res }) => res.json({}) }));
express.Router().post(
  "/:tenant",
  expressWebhook(({ req }) => new Webhook("resend", req.get("x-tenant")), { handler: (_, { req }) => req.params }),
);
export const onExpress: RequestHandler = expressWebhook(webhook, { handler: (_, { req }) => req.ip });

Fastify().register(
  fastifyWebhook(webhook, {
    handler: (event, { request, reply, req }) => {
      request.log.info(event.type);
      known(req.ip);
      // @ts-expect-error Fastify has no such property
      request.nope;
      return reply.code(202).send({});
    },
  }),
  { prefix: "/hook" },
);

const receive = koaWebhook(webhook, {
  handler: (_, ctx) => {
    ctx.state.user = "a";
    known(ctx.ip);
    ctx.body = { a: 1 };
  },
});
new Koa().use((ctx) => receive(ctx));

interface Env {
  Bindings: { SECRET: string; REPLAY: ReplayStore };
  Variables: { user: string };
}
const hono = new Hono<Env>();
hono.all("/a", honoWebhook(webhook, { handler: (_, c) => [c.env.SECRET, c.get("user"), known(c.req.header("a"))] }));
hono.post(
  "/b",
  honoWebhook((c) => new Webhook("resend", c.env.SECRET), { handler: (_, c) => c.json({}, 202) }),
);
hono.on(
  "POST",
  "/c",
  honoWebhook(async (c: Context<Env>) => new Webhook("resend", c.env.SECRET), {
    replay: (c) => c.env.REPLAY,
    handler: (event, c) => {
      known(c.env.SECRET);
      known(c.get("user"));
      if (event.type === "email.bounced") known(event.payload.data.bounce.type);
      // @ts-expect-error the app has no such binding
      c.env.NOPE;
    },
  }),
);

export default nextPagesWebhook(webhook, {
  handler: (_, { req, res }) => {
    known(req.query);
    res.status(202).json({});
    // @ts-expect-error Next.js has no such property
    req.nope;
  },
});

createServer(
  nodeWebhook(webhook, {
    handler: (_, { req, res }) => {
      known(req.socket.remoteAddress);
      res.writeHead(202).end();
      // @ts-expect-error Node has no such property
      req.nope;
    },
  }),
);

export const onNest = nestWebhook(webhook, {
  handler: (_, { req, res }) => {
    known(req.ip);
    res.json({});
  },
});

export const onLambda2: APIGatewayProxyHandlerV2 = lambdaWebhook(webhook, {
  handler: (_, { event, context }) => {
    known(context.awsRequestId);
    return { statusCode: 202, body: event.rawPath };
  },
});
export const onLambda1: APIGatewayProxyHandler = lambdaWebhook(webhook, { handler: (_, { event }) => event.path });
export const onBalancer: ALBHandler = lambdaWebhook(webhook, { handler: (_, { event }) => event.path });
export const onAny = lambdaWebhook(webhook, {
  handler: (_, { event, context }) => [
    known(context.awsRequestId),
    "rawPath" in event ? known(event.rawPath) : known(event.path),
  ],
});

azure.http("hook", { methods: ["POST"], handler: (request) => webhook.respond(request, { handler() {} }) });
http("hook", expressWebhook(webhook, { handler() {} }));
http("hook", nodeWebhook(webhook, { handler() {} }));
export const onFirebase = onRequest(expressWebhook(webhook, { handler: (_, { req }) => known(req.ip) }));
