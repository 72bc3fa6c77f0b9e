// Koa, before and after its body parser.
import { createServer } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import { Webhook } from "countersign";
import { koaWebhook } from "countersign/koa";
import Koa from "koa";
import { SECRET, listen, suite } from "./support/suite.mjs";

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
  own: {
    "ctx.body": [
      (_, ctx) => void Object.assign(ctx, { body: { a: 1 } }),
      { status: 200, text: '{"a":1}', type: /^application\/json/ },
    ],
    "ctx.status and ctx.body": [
      (_, ctx) => {
        ctx.status = 202;
        ctx.set("x-mine", "3");
        ctx.body = "own";
      },
      { status: 202, text: "own", mine: "3" },
    ],
    "ctx.status": [(_, ctx) => void Object.assign(ctx, { status: 202 }), { status: 202, text: "" }],
    "the raw response": [(_, ctx) => ctx.res.writeHead(202).end("own"), { status: 202, text: "own" }],
  },
  failing: { "ctx.status": (_, ctx) => void Object.assign(ctx, { status: 503 }) },
  parsed: { "/json": /Put koaWebhook before the body parser/ },
});
