// The adapters' declarations, which need no framework's types.
import { Webhook } from "countersign";
import { lambdaWebhook, type LambdaResult } from "countersign/aws-lambda";
import { expressWebhook } from "countersign/express";
import { fastifyWebhook } from "countersign/fastify";
import { honoWebhook } from "countersign/hono";
import { koaWebhook } from "countersign/koa";
import { nestWebhook, rawBody } from "countersign/nest";
import { nextPagesWebhook } from "countersign/next-pages";
import { nodeWebhook } from "countersign/node";
import { createServer } from "node:http";

const webhook = new Webhook("github", "secret");
const options = { handler: (event: { readonly type: string | null }) => console.log(event.type) };

createServer(nodeWebhook(webhook, options));
export const result: Promise<LambdaResult> = lambdaWebhook(webhook, options)({ httpMethod: "POST", body: "{}" }, {});
export const onExpress = expressWebhook(webhook, options);
export const onKoa = koaWebhook(webhook, options);
export const onNest = [rawBody({ maxBytes: 1000 }), nestWebhook(webhook, options)];
export const onPages = nextPagesWebhook(webhook, options);
export const onFastify = fastifyWebhook(webhook, options);
export const onHono = honoWebhook(webhook, options);
