// A program may have the package twice, imported and required: errors and webhooks of one copy are those of the other.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as imported from "countersign";
import * as endpoints from "countersign/endpoints";
import { nodeWebhook } from "countersign/node";

const require = createRequire(import.meta.url);
const required = require("countersign");

const attempt = (call) => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

const refusedBy = ({ Webhook }) => attempt(() => new Webhook("github", "a secret").verify({ headers: {}, body: "{}" }));

test("a refusal of one copy is a WebhookError of the other", () => {
  assert.notEqual(imported.WebhookError, required.WebhookError);
  for (const copy of [imported, required]) {
    const error = refusedBy(copy);
    assert.equal(error.code, "header_missing");
    for (const { WebhookError } of [imported, required]) assert.ok(error instanceof WebhookError);
  }
  const { EndpointError } = require("countersign/endpoints");
  assert.notEqual(EndpointError, endpoints.EndpointError);
  const error = attempt(() => new endpoints.PlanDocketApi("http://tenant.example.com", "key"));
  assert.ok(error instanceof EndpointError && error instanceof endpoints.EndpointError);
});

test("a webhook of one copy is a Webhook of the other", () => {
  for (const copy of [imported, required]) {
    const webhook = new copy.Webhook("github", "a secret");
    for (const { Webhook } of [imported, required]) assert.ok(webhook instanceof Webhook);
  }
});

test("nothing else is", () => {
  const lookalike = Object.assign(new Error("header_missing"), { name: "WebhookError", code: "header_missing" });
  for (const other of [lookalike, {}, null, undefined, "WebhookError", 1]) {
    assert.ok(!(other instanceof imported.WebhookError));
    assert.ok(!(other instanceof imported.Webhook));
  }
});

test("classes derived from them are told apart as ever", () => {
  class Mine extends imported.WebhookError {}
  const mine = new Mine("duplicate");
  assert.ok(mine instanceof Mine);
  assert.ok(mine instanceof imported.WebhookError);
  assert.ok(mine instanceof required.WebhookError);
  assert.ok(mine instanceof Error);
  assert.ok(!(refusedBy(imported) instanceof Mine));
});

test("engines and logs show the classes' names", () => {
  for (const { Webhook, WebhookError } of [imported, required]) {
    for (const [made, name] of [
      [Webhook, "Webhook"],
      [WebhookError, "WebhookError"],
    ]) {
      assert.equal(made.name, name);
      assert.match(attempt(made).message, new RegExp(`\\b${name}\\b`));
    }
  }
});

test("an adapter that is imported answers the refusals of a webhook that is required", async () => {
  const listener = nodeWebhook(new required.Webhook("github", "a secret"), { handler: () => assert.fail() });
  const answered = {};
  const response = {
    setHeader() {},
    end(body) {
      Object.assign(answered, { status: this.statusCode, body });
    },
  };
  await listener({ method: "POST", headers: {}, readableEnded: true }, response);
  assert.deepEqual([answered.status, Buffer.from(answered.body).toString()], [400, "refused"]);
});
