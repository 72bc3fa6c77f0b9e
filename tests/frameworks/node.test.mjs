// node:http without a framework.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Webhook } from "countersign";
import { nodeWebhook } from "countersign/node";
import { Box, SECRET, delivery, listen, post, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("node:http", {
  start: (box) => {
    const onError = (error) => box.failed.push(error);
    const hook = nodeWebhook(webhook, { ...box.options, onError });
    return listen(
      createServer(async (req, res) => {
        if (req.url === "/read") for await (const _ of req);
        if (req.url === "/decoded") req.setEncoding("utf8");
        await hook(req, res);
      }),
    );
  },
  own: {
    "through res": [
      (_, { res }) => res.writeHead(202, { "x-mine": "3" }).end("own"),
      { status: 202, text: "own", mine: "3" },
    ],
    "a status in res": [(_, { res }) => void (res.statusCode = 202), { status: 202, text: "" }],
  },
  failing: { "through res": (_, { res }) => void res.writeHead(503).end() },
  parsed: { "/read": /nodeWebhook made before anything else/, "/decoded": /nodeWebhook made before anything else/ },
});

test("what went wrong is written to the console by default", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  const error = new Error("the database is away");
  const { port } = await listen(createServer(nodeWebhook(webhook, { handler: () => Promise.reject(error) })));
  const { status, text } = await post(port, delivery("{}"));
  assert.deepEqual([status, text, said.mock.calls[0].arguments], [500, "failed", [error]]);
});

test("onForgotten is told what could not be remembered", async () => {
  const store = { claim: () => ({ state: "new", token: "1" }), commit: () => false, release: () => true };
  const told = [];
  const options = { handler() {}, replay: store, onForgotten: (event) => told.push(event.type) };
  const { port } = await listen(createServer(nodeWebhook(webhook, options)));
  assert.equal((await post(port, delivery('{"type":"a"}'))).status, 200);
  assert.deepEqual(told, ["a"]);
});

test("require() works, and an adapter knows the errors of either form of the package", async () => {
  const require = createRequire(import.meta.url);
  const made = new (require("countersign").Webhook)("standard-webhooks", SECRET);
  for (const adapter of [nodeWebhook, require("countersign/node").nodeWebhook]) {
    for (const one of [webhook, made]) {
      const { port } = await listen(createServer(adapter(one, { handler() {} })));
      assert.equal((await post(port, delivery("{}"))).status, 200);
      assert.equal((await post(port, { ...delivery("{}"), body: Buffer.from("[]") })).status, 401);
    }
  }
  for (const name of ["aws-lambda", "express", "fastify", "hono", "koa", "nest", "next-pages"]) {
    const imported = Object.keys(await import(`countersign/${name}`));
    assert.deepEqual(Object.keys(require(`countersign/${name}`)).sort(), imported.sort());
  }
});

test("mistakes are seen at start-up", () => {
  const { options } = new Box();
  assert.throws(() => nodeWebhook(undefined, options), TypeError);
  assert.throws(() => nodeWebhook(webhook, {}), TypeError);
  assert.throws(() => nodeWebhook(webhook, undefined), TypeError);
  assert.throws(() => nodeWebhook(webhook, { ...options, maxBytes: NaN }), TypeError);
  assert.throws(() => nodeWebhook(webhook, { ...options, maxBytes: "1mb" }), TypeError);
});

test("mistakes that only a delivery shows are told to the developer", async () => {
  for (const mistake of [{ maxbytes: 1 }, { replay: {} }, { replay: { claim: () => ({}) } }]) {
    let told;
    const onError = (error) => (told = error);
    const { port } = await listen(createServer(nodeWebhook(webhook, { handler() {}, onError, ...mistake })));
    assert.equal((await post(port, delivery("{}"))).status, 500);
    assert.ok(told instanceof TypeError, `${told}`);
  }
});
