// node:http without a framework.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Webhook } from "countersign";
import { nodeWebhook } from "countersign/node";
import { Box, MAX_BYTES, SECRET, delivery, listen, post, suite, until } from "./support/suite.mjs";

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
    "a status in res": [(_, { res }) => void Object.assign(res, { statusCode: 202 }), { status: 202, text: "" }],
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

test("a function gives the webhook and the store of each request", async () => {
  const box = new Box();
  const { replay } = box.options;
  const asked = [];
  const secrets = {
    "/a": SECRET,
    "/b": `whsec_${Buffer.from("the secret of another tenant").toString("base64")}`,
    "/c": "",
  };
  const options = {
    ...box.options,
    replay: ({ req }) => {
      asked.push(req.url);
      return replay;
    },
    onError: (error) => box.failed.push(error.code),
  };
  const hook = nodeWebhook(async ({ req }) => new Webhook("standard-webhooks", secrets[req.url]), options);
  const { port } = await listen(createServer(hook));
  const send = async (path, sent) => (await post(port, { ...sent, path })).status;
  const sent = delivery("{}");
  assert.deepEqual([await send("/a", sent), await send("/a", sent), await send("/b", sent)], [200, 200, 401]);
  assert.deepEqual([box.handled.length, box.refused], [1, ["duplicate", "signature_mismatch"]]);
  assert.deepEqual(asked, ["/a", "/a", "/b"]);
  // A secret that is missing is a mistake of this side.
  assert.equal(await send("/c", sent), 500);
  assert.deepEqual([box.refused.pop(), box.failed], ["secret_empty", ["secret_empty"]]);
  const none = nodeWebhook(() => undefined, { ...options, onError: (error) => box.failed.push(error.message) });
  assert.equal((await post((await listen(createServer(none))).port, sent)).status, 500);
  assert.match(box.failed.pop(), /must return a Webhook/);
});

test("a part of an answer, and then an error: the connection breaks, so that nobody takes it for the whole", async () => {
  const box = new Box();
  const handler = (_, { res }) => {
    res.writeHead(200).write("half");
    throw new Error("the database is away");
  };
  const onError = (error) => box.failed.push(error.message);
  const { port } = await listen(createServer(nodeWebhook(webhook, { handler, onError })));
  await assert.rejects(post(port, delivery("{}")), { code: "ECONNRESET" });
  assert.deepEqual(box.failed, ["the database is away"]);
});

test("bytes that the platform kept in rawBody are used, unless it has inflated them", async () => {
  const box = new Box();
  const hook = nodeWebhook(webhook, { ...box.options, onError: (error) => box.failed.push(error) });
  const { port } = await listen(
    createServer(async (req, res) => {
      const chunks = [];
      for await (const chunk of req) chunks.push(chunk);
      await hook(Object.assign(req, { rawBody: Buffer.concat(chunks), body: {} }), res);
    }),
  );
  const sent = delivery('\ufeff{"a":1.0}');
  assert.equal((await post(port, sent)).status, 200);
  assert.deepEqual(box.handled, [sent.body]);
  assert.equal((await post(port, { ...delivery("{}"), body: Buffer.from("{ }") })).status, 401);
  assert.equal((await post(port, delivery("x".repeat(MAX_BYTES + 1)))).status, 413);
  assert.equal((await post(port, delivery("{}", { "content-encoding": "gzip" }))).status, 500);
  const [{ code, message }] = box.failed;
  assert.equal(code, "body_not_raw");
  assert.match(message, /let nothing inflate this request/);
});

test("an onError that throws is written to the console", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  const fail = () => Promise.reject(new Error("the log is away"));
  const { port } = await listen(createServer(nodeWebhook(webhook, { handler: fail, onError: fail })));
  assert.equal((await post(port, delivery("{}"))).status, 500);
  await until(() => said.mock.callCount() > 0, "what it writes");
  assert.equal(said.mock.calls[0].arguments[0].message, "the log is away");
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

test("mistakes in the options are told at once", () => {
  for (const mistake of [{ maxbytes: 1 }, { replay: {} }, { replay: { claim() {} } }, { lease: 60_000 }])
    assert.throws(() => nodeWebhook(webhook, { handler() {}, ...mistake }), TypeError);
  assert.throws(
    () => nodeWebhook(webhook, { handler() {}, onEror() {} }),
    /has no onEror; it has handler, .*, onError\.$/,
  );
});

test("mistakes that only a delivery shows are told to the developer", async () => {
  const rest = { commit() {}, release() {} };
  for (const mistake of [{ replay: { claim: () => ({}), ...rest } }, { replay: () => undefined }]) {
    let told;
    const onError = (error) => (told = error);
    const { port } = await listen(createServer(nodeWebhook(webhook, { handler() {}, onError, ...mistake })));
    assert.equal((await post(port, delivery("{}"))).status, 500);
    assert.ok(told instanceof TypeError, `${told}`);
  }
});
