// The mistakes of tests/mistakes/mistakes.json on the packed package: each code, and what its sentence must and must not say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { Webhook, WebhookError } from "countersign";

const file = JSON.parse(readFileSync(new URL("../mistakes/mistakes.json", import.meta.url)));
const mistakes = file.mistakes.filter(({ rust }) => !rust);
const url = "https://example.com/hooks";

function post(headers, body) {
  return new Request(url, { method: "POST", headers, body });
}

/** Values that JSON does not have, by name. */
const VALUES = {
  undefined: () => undefined,
  null: () => null,
  stream: ({ body }) => post([], body).body,
  request: ({ headers, body }) => post(headers, body),
  "node request": ({ headers }) =>
    Object.assign(new IncomingMessage(new Socket()), { headers: Object.fromEntries(headers) }),
  promise: ({ body }) => Promise.resolve(body),
  function:
    ({ body }) =>
    () =>
      body,
  object: ({ body }) => JSON.parse(body),
  array: ({ body }) => [JSON.parse(body)],
  "buffer json": ({ body }) => Buffer.from(body).toJSON(),
  blob: ({ body }) => new Blob([body]),
  "string object": ({ body }) => new String(body),
  form: ({ body }) => new URLSearchParams({ payload: body }),
  number: () => 12345,
  date: () => new Date(0),
  sekret: ({ secrets }) => ({ sekret: secrets[0] }),
  "secret as key": ({ secrets }) => ({ [secrets[0]]: "main" }),
  expire: ({ secrets }) => ({ secret: secrets[0], expire: 0 }),
  "number inside": () => ({ secret: 12345 }),
  "end in ms": ({ secrets }) => ({ secret: secrets[0], expires: 1767225600000 }),
  tolerence: () => ({ tolerence: { past: 1 } }),
  "tolerance in ms": () => ({ tolerance: { past: 300000 } }),
  "lease in ms": () => ({ handler: () => assert.fail("handled"), lease: 60000 }),
  ms: () => 1767225600000,
  raw: ({ headers }) => headers.flat(),
  text: ({ body }) => body,
};

/** Does what the row says; the error is what people are told. */
async function tell({ js = {}, call, ...row }) {
  const value = (name, otherwise) => (Object.hasOwn(js, name) ? VALUES[js[name]](row) : otherwise);
  const webhook = new Webhook(
    row.scheme ?? row.provider,
    call === "provider" ? row.secrets[0] : value("secret", row.secrets),
    value("options", row.options),
  );
  if (call === "webhook" || !row.headers) return;
  const body = value("body", row.body);
  if (call === "sign") return webhook.sign(body);
  if (call === "receive")
    return webhook.receive(await requested(js.request, row), { now: row.now, maxBytes: 40, ...value("handling") });
  const delivery = value("delivery", { headers: value("headers", row.headers), body });
  const event = webhook.verify(delivery, { now: value("now", row.now) });
  if (call === "payload") return event.payload;
}

async function requested(how, { headers, body }) {
  if (how === "get") return new Request(url);
  const request = post(headers, body);
  if (how === "used") await request.json();
  return request;
}

for (const { id, did, code, says, never, ...row } of mistakes) {
  test(`${id}: ${did}`, async () => {
    const error = await tell(row).then(
      () => assert.fail("nothing was thrown"),
      (error) => error,
    );
    if (code === "misuse") assert.equal(error.constructor, TypeError, error.stack);
    else assert.equal(error instanceof WebhookError && error.code, code, error.stack);
    for (const text of says) assert.ok(error.message.includes(text), `lacks "${text}": ${error.message}`);
    for (const text of never) assert.ok(!error.message.includes(text), `has "${text}": ${error.message}`);
  });
}

test("the table is whole", () => {
  assert.equal(file.mistakes.length, file.numberOfMistakes);
  assert.ok(mistakes.length >= 60);
});
