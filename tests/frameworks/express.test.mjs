// Express 5 and 4, before and after its body parsers.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Webhook } from "countersign";
import { expressWebhook } from "countersign/express";
import express5 from "express";
import express4 from "express4";
import { Box, MAX_BYTES, SECRET, delivery, listen, post, suite, until } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

for (const [name, express] of Object.entries({ "Express 5": express5, "Express 4": express4 })) {
  suite(name, {
    start: (box) => {
      const hook = expressWebhook(webhook, box.options);
      const app = express();
      app.all("/hook", hook);
      app.use("/text", express.text({ type: () => true }));
      app.use(express.json());
      app.all(["/json", "/text"], hook);
      app.use((error, _req, res, _next) => {
        box.failed.push(error);
        res.status(500).end("failed");
      });
      return listen(createServer(app));
    },
    own: {
      "through res": [
        (_, { res }) => res.set("x-mine", "3").status(202).json({ a: 1 }),
        { status: 202, text: '{"a":1}', mine: "3" },
      ],
      "a status in res": [(_, { res }) => res.status(202), { status: 202, text: "" }],
    },
    failing: { "through res": (_, { res }) => res.status(503).end() },
    parsed: {
      "/json": /Mount expressWebhook above app\.use\(express\.json\(\)\)/,
      "/text": /Mount expressWebhook above/,
    },
  });

  test(`${name}: bytes that a parser kept are used, unless it has inflated them`, async () => {
    const box = new Box();
    const hook = expressWebhook(webhook, box.options);
    const app = express();
    app.all("/raw", express.raw({ type: () => true, limit: "1mb" }), hook);
    const verify = (req, _res, bytes) => {
      req.rawBody = bytes;
    };
    app.all("/verify", express.json({ verify, limit: "1mb" }), hook);
    app.use((error, _req, res, _next) => {
      box.failed.push(error.code);
      res.status(500).end("failed");
    });
    const { port } = await listen(createServer(app));
    for (const path of ["/raw", "/verify"]) {
      box.clear();
      const sent = delivery('\ufeff{"a":1.0}');
      assert.equal((await post(port, { ...sent, path })).status, 200, path);
      assert.deepEqual(box.handled, [sent.body]);
      assert.equal((await post(port, { ...delivery(`["${"x".repeat(MAX_BYTES)}"]`), path })).status, 413, path);
      assert.equal(
        (await post(port, { ...delivery(gzipSync("{}"), { "content-encoding": "gzip" }), path })).status,
        500,
      );
      assert.deepEqual(box.failed, ["body_not_raw"]);
      // A parser loses nothing where there is nothing, and what it does not take is read here.
      assert.equal((await post(port, { ...delivery(""), path })).status, 200, path);
    }
    box.clear();
    const cloud = delivery("{}", { "content-type": "application/cloudevents+json" });
    assert.equal((await post(port, { ...cloud, path: "/verify" })).status, 200);
  });

  test(`${name}: called without next, it answers 500 itself and writes the error to the console`, async (t) => {
    const said = t.mock.method(console, "error", () => {});
    const error = new Error("the database is away");
    const hook = expressWebhook(webhook, { handler: () => Promise.reject(error) });
    const app = express();
    app.all("/hook", (req, res) => hook(req, res));
    const { port } = await listen(createServer(app));
    const { status, text } = await post(port, delivery("{}"));
    assert.deepEqual([status, text, said.mock.calls.map((call) => call.arguments)], [500, "failed", [[error]]]);
  });

  test(`${name}: its own error handler writes the advice to the console`, async (t) => {
    const said = t.mock.method(console, "error", () => {});
    const app = express();
    app.set("env", "production");
    app.use(express.json());
    app.post("/hook", expressWebhook(webhook, { handler() {} }));
    const { port } = await listen(createServer(app));
    const { status, text } = await post(port, delivery("{}"));
    assert.equal(status, 500);
    assert.match(text, /Internal Server Error/);
    assert.doesNotMatch(text, /Mount/);
    await until(() => said.mock.callCount() > 0, "what it writes");
    assert.match(`${said.mock.calls[0].arguments[0]}`, /Mount expressWebhook above app\.use\(express\.json\(\)\)/);
  });
}
