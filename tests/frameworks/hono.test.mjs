// Hono on Node, before and after what reads the body.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { getRequestListener } from "@hono/node-server";
import { Webhook } from "countersign";
import { honoWebhook } from "countersign/hono";
import { Hono } from "hono";
import { Box, SECRET, delivery, listen, post, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

function reporting(box) {
  return new Hono().onError((error, c) => {
    box.failed.push(error);
    return c.text("failed", 500);
  });
}

const serve = (app) => listen(createServer(getRequestListener(app.fetch)));

const ifPost = (read) => async (c, next) => {
  if (c.req.method === "POST") await read(c.req);
  await next();
};

suite("Hono", {
  start: (box) => {
    const hook = honoWebhook(webhook, box.options);
    const app = reporting(box);
    app.all("/hook", hook);
    app.all(
      "/json",
      ifPost((request) => request.json()),
      hook,
    );
    app.all(
      "/text",
      ifPost((request) => request.text()),
      hook,
    );
    app.all(
      "/raw",
      ifPost((request) => request.raw.json()),
      hook,
    );
    return serve(app);
  },
  own: {
    "c.json()": [(_, c) => c.json({ a: 1 }, 202, { "x-mine": "3" }), { status: 202, text: '{"a":1}', mine: "3" }],
    "c.status() and c.header()": [
      (_, c) => {
        c.status(202);
        c.header("x-mine", "3");
      },
      { status: 202, text: "", mine: "3" },
    ],
  },
  failing: { "c.text()": (_, c) => c.text("", 503) },
  parsed: { "/json": /put honoWebhook first/, "/text": /put honoWebhook first/, "/raw": /put honoWebhook first/ },
  cuts: true,
});

suite("Hono, after c.req.arrayBuffer()", {
  start: (box) => {
    const app = reporting(box);
    app.use(ifPost((request) => request.arrayBuffer()));
    app.all("/hook", honoWebhook(webhook, box.options));
    return serve(app);
  },
  breaks: false,
});

test("Hono, after c.req.blob(): the same bytes", async () => {
  const box = new Box();
  const app = reporting(box);
  app.use(ifPost((request) => request.blob()));
  app.all("/hook", honoWebhook(webhook, box.options));
  const { port } = await serve(app);
  const sent = delivery(Buffer.from([0xef, 0xbb, 0xbf, 0xff]));
  assert.equal((await post(port, sent)).status, 200);
  assert.deepEqual(box.handled, [sent.body]);
});
