// What onRefused is told, and what is answered: expired secrets are a fault on our side, duplicates are told and answered 200.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Webhook } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { nodeWebhook } from "countersign/node";
import { memoryReplay } from "countersign/replay/memory";
import { NOW, hmac } from "./support.mjs";

const SECRET = "It's a Secret to Everybody";
const BODY = '{"action":"opened"}';
const headers = { "x-hub-signature-256": `sha256=${hmac(SECRET, BODY, "hex")}` };
const expired = new Webhook("github", { secret: SECRET, expires: 1 });
const post = () => new Request("https://example.com/hooks", { method: "POST", headers, body: BODY });

test("every secret expired: onRefused is told, and respond throws, for the platform to answer 500", async () => {
  const told = [];
  const error = await expired
    .respond(post(), { handler: () => assert.fail("handled"), onRefused: (error) => told.push(error) })
    .then(
      () => assert.fail("answered"),
      (error) => error,
    );
  assert.deepEqual(
    [error.code, error.status, error.provider, error.header],
    ["secret_expired", 500, "github", undefined],
  );
  assert.deepEqual(told, [error]);
  assert.equal(error.toResponse().status, 500);
});

test("every secret expired: an adapter answers 500, so that the provider tries again", async () => {
  const [told, failed] = [[], []];
  const listener = nodeWebhook(expired, {
    handler: () => assert.fail("handled"),
    onRefused: ({ code }) => told.push(code),
    onError: ({ code }) => failed.push(code),
  });
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const answer = await fetch(`http://127.0.0.1:${server.address().port}`, { method: "POST", headers, body: BODY });
  assert.deepEqual([answer.status, await answer.text()], [500, "failed"]);
  server.close();
  assert.deepEqual([told, failed], [["secret_expired"], ["secret_expired"]]);
});

test("a secret that has expired is not tried while another has not", () => {
  const rotated = new Webhook("github", [
    { name: "new", secret: "another secret" },
    { name: "old", secret: SECRET, expires: NOW },
  ]);
  assert.equal(rotated.verify({ headers, body: BODY }, { now: NOW }).key, "old");
  assert.throws(() => rotated.verify({ headers, body: BODY }, { now: NOW + 1 }), {
    code: "signature_mismatch",
    status: 401,
    message: /expired was not tried/,
  });
});

test("a duplicate is told to onRefused with its status, and answered 200", async () => {
  const webhook = new Webhook("github", SECRET);
  const told = [];
  let handled = 0;
  const options = {
    replay: memoryReplay(),
    handler: () => handled++,
    onRefused: ({ code, status }) => told.push([code, status]),
  };
  assert.equal((await webhook.respond(post(), options)).status, 200);
  assert.equal((await webhook.respond(post(), options)).status, 200);
  assert.equal(handled, 1);
  assert.deepEqual(told, [["duplicate", 200]]);
});

test("a Lambda function that something else than HTTP has called says so", async () => {
  const told = [];
  const options = { handler: () => assert.fail("handled"), onRefused: ({ message }) => told.push(message) };
  const handler = lambdaWebhook(new Webhook("github", SECRET), options);
  assert.equal((await handler({ detail: {} }, {})).statusCode, 405);
  assert.equal((await handler({ httpMethod: "GET", headers }, {})).statusCode, 405);
  assert.match(told[0], /no HTTP request/);
  assert.match(told[1], /a monitor opened the URL/);
});
