// respond() on Fetch requests, as Workers, Deno, Bun and all frameworks with such requests call it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook, WebhookError } from "countersign";
import { readJson, serveFetch } from "./support/fetch.mjs";
import { Box, MAX_BYTES, SECRET, delivery, genuine, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

function requestOf({ headers, body, chunked }, init = {}) {
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(body));
      controller.close();
    },
  });
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  const post = { method: "POST", headers: given, body: chunked ? stream : body, duplex: "half" };
  return new Request("https://example.com/hook", { ...post, ...init });
}

suite("a function of a Fetch request (Deno, Bun, Workers, Netlify, Supabase)", {
  start: (box) =>
    serveFetch(box, async (request) => {
      await readJson(request);
      return webhook.respond(request, box.options);
    }),
  parsed: { "/json": /has been read/ },
  cuts: true,
});

async function respond(box, request) {
  const response = await webhook.respond(request, box.options);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test("each delivery is handled, byte for byte", async () => {
  for (const [what, sent] of Object.entries(genuine)) {
    const box = new Box();
    const { status, text } = await respond(box, requestOf(sent));
    assert.deepEqual([status, text, box.refused], [200, "", []], what);
    assert.ok(box.handled[0].equals(sent.body), what);
  }
});

test("refusals are answered, and onRefused is told", async () => {
  const box = new Box();
  const sent = delivery("{}");
  const cases = [
    [new Request("https://example.com/hook"), 405, "method_not_allowed"],
    [requestOf({ ...sent, body: Buffer.from("{ }") }), 401, "signature_mismatch"],
    [requestOf(delivery("x".repeat(MAX_BYTES + 1))), 413, "body_too_large"],
    [requestOf({ ...delivery("x".repeat(MAX_BYTES + 1)), chunked: true }), 413, "body_too_large"],
  ];
  for (const [request, expected, code] of cases) {
    const { status, headers, text } = await respond(box, request);
    assert.deepEqual([status, text, box.refused.pop()], [expected, "refused", code]);
    assert.equal(headers.get("allow"), code === "method_not_allowed" ? "POST" : null);
  }
  assert.equal((await respond(box, requestOf(sent))).status, 200);
  assert.deepEqual([(await respond(box, requestOf(sent))).status, box.refused.pop()], [200, "duplicate"]);
  assert.equal(box.handled.length, 1);
});

test("a body that something has read is thrown to the platform, and told to onRefused", async () => {
  const box = new Box();
  const request = requestOf(delivery("{}"));
  await request.json();
  const isIt = (error) => error instanceof WebhookError && error.code === "body_not_raw";
  await assert.rejects(respond(box, request), isIt);
  assert.deepEqual(box.refused, ["body_not_raw"]);
});

test("what the handler throws is thrown, after the claim is released", async () => {
  const box = new Box();
  const sent = delivery("{}");
  const error = new Error("the database is away");
  box.act = () => Promise.reject(error);
  await assert.rejects(respond(box, requestOf(sent)), error);
  box.act = () => {};
  assert.equal((await respond(box, requestOf(sent))).status, 200);
  assert.deepEqual([box.handled.length, box.refused], [2, []]);
});

test("a body that breaks off is the caller's: 400, or what the server says about its own limit", async () => {
  const box = new Box();
  for (const [error, status, code] of [
    [new Error("reset"), 400, "body_incomplete"],
    [Object.assign(new Error("too large"), { status: 413 }), 413, "body_too_large"],
  ]) {
    const body = new ReadableStream({ pull: (controller) => controller.error(error) });
    assert.equal((await respond(box, requestOf(delivery("{}"), { body }))).status, status);
    assert.equal(box.refused.pop(), code);
  }
});

test("onRefused that throws is not swallowed", async () => {
  const error = new Error("the log is full");
  const onRefused = () => {
    throw error;
  };
  await assert.rejects(webhook.respond(new Request("https://example.com"), { handler() {}, onRefused }), error);
});

test("misspelt options are a TypeError", async () => {
  await assert.rejects(webhook.respond(requestOf(delivery("{}")), { handler() {}, onrefused() {} }), TypeError);
  await assert.rejects(webhook.respond(requestOf(delivery("{}"))), TypeError);
});

test("of a request, only what is used is needed: here there is no stream", async () => {
  const box = new Box();
  const { headers, body } = delivery('{"type":"a"}');
  const request = {
    method: "POST",
    headers: new Headers(headers),
    arrayBuffer: async () => new Uint8Array(body).buffer,
  };
  assert.equal((await respond(box, request)).status, 200);
  assert.deepEqual(box.handled, [body]);
});
