// Fastify, beside an app's own parsers and hooks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createGunzip, gzipSync } from "node:zlib";
import { Webhook } from "countersign";
import { fastifyWebhook } from "countersign/fastify";
import fastify from "fastify";
import { Box, SECRET, at, delivery, post, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

async function listen(app) {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return at(app.server);
}

function withReports(app, box) {
  app.setErrorHandler((error, _request, reply) => {
    box.failed.push(error);
    return reply.code(500).send("failed");
  });
}

suite("Fastify", {
  start: (box) => {
    const app = fastify();
    withReports(app, box);
    app.addHook("preParsing", async (request, _reply, payload) => {
      if (request.url === "/read") for await (const _ of payload);
    });
    for (const prefix of ["/hook", "/read"]) app.register(fastifyWebhook(webhook, box.options), { prefix });
    return listen(app);
  },
  own: {
    "through reply": [
      (_, { reply }) => reply.code(202).header("x-mine", "3").send({ a: 1 }),
      { status: 202, text: '{"a":1}', mine: "3" },
    ],
    "what Fastify would send": [
      () => ({ challenge: "a" }),
      { status: 200, text: '{"challenge":"a"}', type: /^application\/json/ },
    ],
    "a text": [() => "own", { status: 200, text: "own", type: /^text\/plain/ }],
    "a status in reply": [(_, { reply }) => void reply.code(202), { status: 202, text: "" }],
    "through the raw response": [
      (_, { reply }) => {
        reply.hijack();
        reply.raw.writeHead(202).end("own");
      },
      { status: 202, text: "own" },
    ],
  },
  failing: { "through reply": (_, { reply }) => reply.code(503).send() },
  parsed: { "/read": /A hook of the app has read or replaced the body/ },
});

test("Fastify: the app's own routes keep their parsers; a body that a hook has inflated is not raw", async () => {
  const box = new Box();
  const app = fastify();
  withReports(app, box);
  app.addHook("preParsing", async (request, _reply, payload) => {
    return request.headers["content-encoding"] === "gzip" ? payload.pipe(createGunzip()) : payload;
  });
  app.register(fastifyWebhook(webhook, box.options), { prefix: "/hook" });
  app.post("/other", async ({ body }) => body);
  const { port } = await listen(app);
  assert.equal((await post(port, { ...delivery('{"a":1.0}'), path: "/other" })).text, '{"a":1}');
  assert.equal((await post(port, delivery('{"a":1.0}'))).status, 200);
  assert.equal((await post(port, { ...delivery('{"a":1.0}'), path: "/hook/" })).status, 200);
  assert.equal((await post(port, delivery(gzipSync("{}"), { "content-encoding": "gzip" }))).status, 500);
  assert.match(box.failed[0].message, /A hook of the app has read or replaced the body/);
});

test("Fastify: an answer that hooks of the app hold up is sent once", async () => {
  const logged = [];
  const app = fastify({ logger: { level: "warn", stream: { write: (line) => logged.push(line) } } });
  app.addHook("onSend", async (_request, _reply, payload) => payload);
  const handler = (_event, { reply }) => void reply.code(202).send("mine");
  app.register(fastifyWebhook(webhook, { handler }), { prefix: "/hook" });
  const { port } = await listen(app);
  const { status, text } = await post(port, delivery("{}"));
  assert.deepEqual([status, text, logged], [202, "mine", []]);
});
