// Payloads: what a field of another form becomes, what a refusal says, forms, and how large a body may be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook, WebhookError, providers } from "countersign";
import { expressWebhook } from "countersign/express";
import { rawBody } from "countersign/nest";
import { NOW, PROVIDERS, hmac, thrown } from "./support.mjs";

/** The event that this body becomes. */
function event(provider, body) {
  const { secret, headers } = PROVIDERS.find((one) => one.provider === provider);
  const raw = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return new Webhook(provider, secret).verify({ headers: headers(raw, NOW), body: raw }, { now: NOW });
}

const invoice = (object, more = {}) => ({ object: "event", type: "invoice.paid", data: { object }, ...more });

test("a field of another form is left out of the payload, and stays in the JSON", () => {
  const sent = invoice(
    { id: 5, amount_due: "12", currency: "chf", unknown: { kept: true } },
    { created: "now", id: "evt_1" },
  );
  const got = event("stripe", sent);
  assert.deepEqual(got.payload, {
    id: "evt_1",
    object: "event",
    type: "invoice.paid",
    data: { object: { currency: "chf", unknown: { kept: true } } },
  });
  assert.deepEqual(got.json(), sent);
  assert.equal(got.payload, got.payload, "made once");
  const right = event("stripe", invoice({ id: "in_1" }));
  assert.equal(right.payload, right.json(), "no copy where everything is as documented");
});

test("an object that the type names is there, and does not count as sent", () => {
  const body = { type: "email.opened", data: { email_id: "e" } };
  for (const open of [undefined, null, "yes", [], 5]) {
    const { payload } = event("resend", { ...body, data: { ...body.data, open } });
    assert.equal(payload.data.open.timestamp, undefined);
    assert.deepEqual(Object.keys(payload.data), ["email_id"]);
    assert.equal(JSON.stringify(payload), JSON.stringify(body));
  }
  const { payload } = event("resend", { ...body, data: { open: { timestamp: "2026", userAgent: 5 } } });
  assert.deepEqual(payload.data.open, { timestamp: "2026" });
});

test("keys that objects have by nature are data", () => {
  const metadata = '{"__proto__":"a","constructor":"b"}';
  const body = `{"object":"event","type":"invoice.paid","data":{"object":{"metadata":${metadata},"id":5}},"__proto__":{"id":"evt_2"}}`;
  const { payload, id } = event("stripe", body);
  assert.equal(JSON.stringify(payload.data.object.metadata), metadata);
  assert.equal(Object.getPrototypeOf(payload), Object.prototype);
  assert.deepEqual([id, payload.id], [null, undefined]);
  const broken = event(
    "stripe",
    `{"object":"event","type":"invoice.paid","data":{"object":{"metadata":{"__proto__":5}}}}`,
  );
  assert.deepEqual(broken.payload.data.object, {});
});

test("a refusal says where and what, and quotes nothing", () => {
  for (const [provider, body, path, found, sentence] of [
    ["stripe", invoice("in_secret"), "data.object", "a text", "data.object: a text where an object belongs"],
    ["stripe", "[]", "", "a list", "the body: a list where an object belongs"],
    ["resend", { type: "email.sent" }, "data", "nothing", "data: nothing where an object belongs"],
    ["resend", { type: { secret: 1 }, data: {} }, "type", "an object", "type: an object where a text belongs"],
    ["plane", "secret=1", "", "a form (application/x-www-form-urlencoded)", undefined],
    ["plane", "", "", "nothing", "the body: nothing where JSON belongs"],
    ["github", "payload=secret", "payload", "text that is no JSON", "payload: text that is no JSON where JSON belongs"],
  ]) {
    const error = thrown(() => event(provider, body).payload);
    assert.ok(error instanceof WebhookError && error.code === "payload_invalid", error.stack);
    assert.deepEqual([error.path, error.found, error.provider, error.status], [path, found, provider, 422]);
    if (sentence) assert.ok(error.message.includes(` Found ${sentence}. `), error.message);
    assert.doesNotMatch(`${error.message} ${error.cause}`, /secret/);
  }
  assert.match(thrown(() => event("plane", "<p>").payload).message, /HTML or XML.*raw bytes/);
  assert.equal(thrown(() => new Webhook("github", "")).path, undefined);
});

test("svix and standard-webhooks: any JSON is a payload, as it was sent", () => {
  for (const provider of ["svix", "standard-webhooks"]) {
    for (const body of [
      { type: "a", timestamp: 5, data: [null] },
      { user: {} },
      { type: 5 },
      [1],
      "text",
      7,
      null,
      true,
    ]) {
      assert.deepEqual(event(provider, JSON.stringify(body)).payload, body);
    }
    assert.equal(thrown(() => event(provider, "text").payload).code, "payload_invalid");
  }
});

test("a form is read as its JSON and kept as a form; a scheme of one's own can say so", () => {
  const json = { type: "block_actions", trigger_id: "1.2", text: "a+b & c=d% ü" };
  const form = new URLSearchParams({ token: "x", payload: JSON.stringify(json) }).toString();
  const read = event("github", form);
  assert.deepEqual([read.json(), read.payload, read.type], [json, json, null]);
  assert.equal(Buffer.from(read.raw).toString(), form);
  assert.match(read.replayKey, /^github:body:/);

  const scheme = {
    signature: { header: "X-Sig", encoding: "hex" },
    signed: "{body}",
    event: { type: "type", id: "trigger_id" },
  };
  const verify = (event) =>
    new Webhook({ ...scheme, event }, "secret").verify({
      headers: { "x-sig": hmac("secret", form, "hex") },
      body: form,
    });
  const own = verify({ ...scheme.event, form: "payload" });
  assert.deepEqual([own.type, own.id, own.payload], ["block_actions", "1.2", json]);
  const untold = verify(scheme.event);
  assert.deepEqual([untold.type, thrown(() => untold.json()).code], [null, "payload_invalid"]);
});

test("escapes of a form that are none stay as they are, as URLSearchParams has it", () => {
  for (const value of [
    "%22%%22",
    "%22%4%22",
    "%22%zz%22",
    "%22%u0041%22",
    "%22a+b%2Bc%22",
    "%22%e2%82%ac%22",
    "%221%25%22",
    "7%",
  ]) {
    const form = `payload=${value}`;
    const text = new URLSearchParams(form).get("payload");
    let expected;
    try {
      expected = JSON.parse(text);
    } catch {
      assert.equal(thrown(() => event("github", form).json()).code, "payload_invalid", value);
      continue;
    }
    assert.deepEqual(event("github", form).json(), expected, value);
  }
});

test("a form of many megabytes takes time in proportion", () => {
  for (const form of [
    "&".repeat(4e6),
    "a=%".repeat(1e6),
    `${"a&".repeat(2e6)}payload=%7B%7D`,
    `a=1&${"payload".repeat(5e5)}`,
  ]) {
    const event_ = event("github", form);
    try {
      assert.deepEqual(event_.json(), {});
    } catch (error) {
      assert.equal(error.code, "payload_invalid");
    }
  }
});

const post = (headers, size) =>
  new Request("https://example.com/", { method: "POST", headers, body: Buffer.alloc(size, "x"), duplex: "half" });

test("without maxBytes as much is read as the provider sends", async () => {
  const MIB = 1 << 20;
  assert.equal(providers().find(({ name }) => name === "github").largestBody, 25 * MIB);
  for (const { name, largestBody } of providers()) assert.ok(largestBody >= 5 * MIB && largestBody <= 25 * MIB, name);
  for (const [provider, largest] of [
    ["github", 25 * MIB],
    ["stripe", 5 * MIB],
    ["plane", 5 * MIB],
  ]) {
    const { secret } = PROVIDERS.find((one) => one.provider === provider);
    const webhook = new Webhook(provider, secret);
    assert.equal(webhook.largestBody, largest);
    // What is not refused for its size is refused for its signature.
    const code = (size) => webhook.receive(post({}, size)).catch((error) => error.code);
    assert.equal(await code(largest), "header_missing");
    assert.equal(await code(largest + 1), "body_too_large");
  }
  const own = new Webhook({ signature: { header: "X", encoding: "hex" }, signed: "{body}" }, "secret");
  assert.equal(own.largestBody, 5 * MIB);
  assert.doesNotThrow(() => [expressWebhook(own, { handler() {} }), rawBody()]);
});
