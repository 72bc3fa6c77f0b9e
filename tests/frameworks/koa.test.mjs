// Koa, before and after its body parser.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { bodyParser } from "@koa/bodyparser";
import { Webhook } from "countersign";
import { koaWebhook } from "countersign/koa";
import Koa from "koa";
import { SECRET, delivery, listen, post, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("Koa", {
  start: (box) => {
    const hook = koaWebhook(webhook, box.options);
    const app = new Koa();
    // Koa reports each broken connection by itself.
    app.on("error", (error) => error.code === "HPE_INVALID_EOF_STATE" || box.failed.push(error));
    app.use((ctx, next) => (ctx.path === "/hook" ? hook(ctx) : next()));
    app.use(bodyParser());
    app.use((ctx) => (ctx.path === "/json" ? hook(ctx) : undefined));
    return listen(createServer(app.callback()));
  },
  parsed: { "/json": /Put koaWebhook before the body parser/ },
});

test("Koa: a handler may answer by itself", async () => {
  const app = new Koa();
  app.use(koaWebhook(webhook, { handler: (_event, ctx) => ctx.res.writeHead(202).end("mine") }));
  const { port } = await listen(createServer(app.callback()));
  const { status, text } = await post(port, delivery("{}"));
  assert.deepEqual([status, text], [202, "mine"]);
});
