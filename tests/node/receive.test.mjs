// receive(): a Fetch Request, and Node's own server, through real HTTP.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { test } from "node:test";
import { Webhook, WebhookError } from "countersign";
import { NOW, hmac } from "./support.mjs";

const webhook = new Webhook("github", "secret");
const URL_ = "https://example.com/hook";

function post(body, init = {}) {
  const bytes = Buffer.from(body ?? "");
  const headers = { "x-hub-signature-256": `sha256=${hmac("secret", bytes, "hex")}`, ...init.headers };
  return new Request(URL_, { method: "POST", body: body === undefined ? undefined : bytes, ...init, headers });
}

const refusal = async (request, options) => {
  const error = await webhook.receive(request, options).then(
    () => assert.fail("it was accepted"),
    (error) => error,
  );
  assert.ok(error instanceof WebhookError, error.stack);
  assert.equal(error.provider, "github");
  return error.code;
};

/** A body in these chunks, and how it was read. */
function streamed(chunks, headers = {}) {
  const seen = { read: 0, cancelled: false };
  const body = new ReadableStream(
    {
      pull(controller) {
        if (seen.read === chunks.length) return controller.close();
        controller.enqueue(chunks[seen.read++]);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const signature = `sha256=${hmac("secret", Buffer.concat(chunks), "hex")}`;
  const request = new Request(URL_, {
    method: "POST",
    body,
    duplex: "half",
    headers: { "x-hub-signature-256": signature, ...headers },
  });
  return { request, seen };
}

test("a POST is received", async () => {
  const event = await webhook.receive(post('{"action":"opened"}'), { now: NOW });
  assert.deepEqual(event.payload, { action: "opened" });
  assert.equal((await webhook.receive(post("{}"), { now: new Date() })).key, "default");
  assert.equal((await webhook.receive(post("{}"))).key, "default");
});

test("anything but POST is method_not_allowed, before the body is looked at", async () => {
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS"]) {
    assert.equal(await refusal(new Request(URL_, { method })), "method_not_allowed");
  }
  for (const method of ["PUT", "PATCH"]) {
    const request = post("{}", { method });
    assert.equal(await refusal(request), "method_not_allowed");
    assert.equal(request.bodyUsed, false);
  }
});

test("a body that something has read is body_not_raw", async () => {
  const read = post("{}");
  await read.json();
  assert.equal(await refusal(read), "body_not_raw");
  const begun = post("{}");
  const reader = begun.body.getReader();
  await reader.read();
  reader.releaseLock();
  assert.equal(await refusal(begun), "body_not_raw");
  const locked = post("{}");
  locked.body.getReader();
  assert.equal(await refusal(locked), "body_not_raw");
  const twice = post("{}");
  await webhook.receive(twice);
  assert.equal(await refusal(twice), "body_not_raw");
});

test("content-length over the cap is refused unread; a lie is counted", async () => {
  const { request, seen } = streamed([Buffer.from("12345")], { "content-length": "6" });
  assert.equal(await refusal(request, { maxBytes: 5 }), "body_too_large");
  assert.equal(seen.read, 0);
  const lie = streamed([Buffer.from("12345")], { "content-length": "1" });
  assert.equal(await refusal(lie.request, { maxBytes: 4 }), "body_too_large");
  for (const value of ["abc", "-1", "", "1e3", "5, 5"]) {
    const { request } = streamed([Buffer.from("12345")], { "content-length": value });
    const outcome = await webhook.receive(request, { maxBytes: 5 }).catch((error) => error.code);
    assert.ok(outcome === "body_too_large" || outcome.key === "default", value);
  }
});

test("the cap counts what arrives and stops reading there", async () => {
  const chunks = Array.from({ length: 100 }, () => Buffer.alloc(1000, "x"));
  const { request, seen } = streamed(chunks);
  assert.equal(await refusal(request, { maxBytes: 5500 }), "body_too_large");
  assert.equal(seen.read, 6);
  assert.equal(seen.cancelled, false, "which would cut the connection before the answer");
  const whole = streamed(chunks);
  assert.equal((await webhook.receive(whole.request, { maxBytes: 100_000 })).raw.length, 100_000);
  assert.equal(await refusal(streamed(chunks).request, { maxBytes: 99_999 }), "body_too_large");
  assert.equal((await webhook.receive(streamed([]).request, { maxBytes: 0 })).raw.length, 0);
  assert.equal(await refusal(streamed([Buffer.from("x")]).request, { maxBytes: 0 }), "body_too_large");
  // GitHub's own limit.
  const most = 25 * 1024 * 1024;
  assert.equal((await webhook.receive(post(Buffer.alloc(most)))).raw.length, most);
  assert.equal(await refusal(post(Buffer.alloc(most + 1))), "body_too_large");
  assert.equal((await webhook.receive(post(Buffer.alloc(most + 1)), { maxBytes: Infinity })).raw.length, most + 1);
});

test("a cap that is no number is a TypeError, not no cap", async () => {
  for (const maxBytes of [NaN, "5mb", -1, null, {}]) {
    await assert.rejects(webhook.receive(post("{}"), { maxBytes }), TypeError, `${maxBytes}`);
  }
});

test("bodies arrive byte for byte: none, empty, BOM, not UTF-8, in chunks of every size", async () => {
  assert.equal((await webhook.receive(post(undefined))).raw.length, 0);
  assert.equal((await webhook.receive(post(""))).raw.length, 0);
  const bodies = ["\ufeff{}", "\ufeff\ufeff{}", "é🔑\0\r\n", Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00])].map((body) =>
    Buffer.from(body),
  );
  for (const body of bodies) {
    assert.deepEqual(Buffer.from((await webhook.receive(post(body))).raw), body);
    for (let size = 1; size <= body.length; size++) {
      const chunks = [];
      for (let at = 0; at < body.length; at += size) chunks.push(body.subarray(at, at + size), Buffer.alloc(0));
      assert.deepEqual(Buffer.from((await webhook.receive(streamed(chunks).request)).raw), body);
    }
  }
});

test("a connection that breaks is the stream's own error", async () => {
  const broken = new Error("reset by peer");
  const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
  const request = new Request(URL_, { method: "POST", body, duplex: "half" });
  await assert.rejects(webhook.receive(request), (error) => error === broken || error.cause === broken);
});

test("what is no Request is a TypeError", async () => {
  for (const nothing of [
    undefined,
    null,
    {},
    { method: "POST" },
    { method: "POST", headers: {}, body: "{}" },
    "POST",
  ]) {
    await assert.rejects(
      webhook.receive(nothing),
      (error) => error instanceof TypeError || error instanceof WebhookError,
    );
  }
});

test("through Node's http server: req.headers, repeated lines, any body", async () => {
  const bodies = ["", "{}", "\ufeffé🔑", Buffer.from([0xff, 0x00])].map((body) => Buffer.from(body));
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const event = webhook.verify({ headers: request.headers, body: Buffer.concat(chunks) });
      const distinct = webhook.verify({ headers: request.headersDistinct, body: Buffer.concat(chunks) });
      response.end(`${event.key} ${event.raw.length} ${distinct.raw.length}`);
    } catch (error) {
      response.statusCode = error.status ?? 599;
      response.end(error.code ?? error.stack);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const deliver = async (body, signatures) => {
    const headers = { "X-Hub-Signature-256": signatures };
    const request = httpRequest({ port: server.address().port, method: "POST", headers });
    request.end(body);
    const [response] = await once(request, "response");
    let text = "";
    for await (const chunk of response) text += chunk;
    return `${response.statusCode} ${text}`;
  };
  for (const body of bodies) {
    const signature = `sha256=${hmac("secret", body, "hex")}`;
    assert.equal(await deliver(body, signature), `200 default ${body.length} ${body.length}`);
    assert.equal(await deliver(body, [signature, signature]), `200 default ${body.length} ${body.length}`);
    assert.equal(await deliver(body, [signature, `sha256=${"0".repeat(64)}`]), "400 header_conflict");
    assert.equal(await deliver(body, `sha256=${"0".repeat(64)}`), "401 signature_mismatch");
    assert.equal(await deliver(body, "é"), "400 header_malformed");
  }
  server.close();
});
