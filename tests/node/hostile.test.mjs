// Input made to break things: the answer is a WebhookError, or for odd containers of ours a TypeError. What such input costs
// is counted in work.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Webhook, WebhookError, detectProvider } from "countersign";
import { ED25519, NOW, PROVIDERS, random } from "./support.mjs";

const BODY = Buffer.from('{"type":"x"}');
const PRIVATE = new Webhook("svix", ED25519.whsk);
const WEBHOOKS = [
  ...PROVIDERS.map((provider) => ({
    ...provider,
    webhook: new Webhook(provider.provider, provider.secret, provider.options),
  })),
  {
    provider: "svix",
    webhook: new Webhook("svix", ED25519.whpk),
    headers: (body, now) => PRIVATE.sign(body, { id: "msg_1", now }),
  },
];

/** Verifies with each provider, with one of its headers replaced at a time. */
function attack(values, { shapes = 3 } = {}) {
  for (const { webhook, headers, provider } of WEBHOOKS) {
    const honest = headers(BODY, NOW);
    for (const name of Object.keys(honest)) {
      for (const value of values(honest[name], name)) {
        const twice = [...Object.entries(honest), [name, value]];
        for (const shape of [{ ...honest, [name]: value }, twice, new Map(twice)].slice(0, shapes)) {
          let verdict = "valid";
          try {
            webhook.verify({ headers: shape, body: BODY }, { now: NOW });
          } catch (error) {
            verdict = error.code;
            assert.ok(error instanceof WebhookError, `${provider} ${name}: ${error.stack}`);
            assert.ok(error.message.length < 500);
          }
          assert.match(String(verdict), /^(valid|header_|signature_|timestamp_)/);
        }
        detectProvider({ ...honest, [name]: value });
      }
    }
  }
}

test("a megabyte in a header", () => {
  const mega = 1 << 20;
  const values = ["0".repeat(mega), "v1=".repeat(mega / 4), ", ".repeat(mega / 2)];
  attack((honest) => [...values, honest + " ".repeat(mega)], { shapes: 1 });
});

test("lists of repeats", () => {
  const repeats = (item) => item.repeat((1 << 16) / item.length);
  attack((honest) => [repeats("t=1,"), repeats("t=1, "), repeats("v1=,"), repeats(", "), repeats(`${honest}, `)]);
});

test("ten thousand signatures", () => {
  const hex = "ab".repeat(32);
  const base64 = `${"A".repeat(43)}=`;
  const ed25519 = `${"A".repeat(86)}==`;
  for (const [item, separator] of [
    [`v1=${hex}`, ","],
    [`v1=${hex}`, ", "],
    [`v1,${base64}`, " "],
    [`v1a,${ed25519}`, " "],
    ["v9,x", " "],
  ]) {
    const list = Array(10_000).fill(item).join(separator);
    attack((honest) => [list, `${list}${separator}${honest}`], { shapes: 1 });
  }
  const { webhook, headers } = WEBHOOKS.at(-1);
  const flood = { ...headers(BODY, NOW), "svix-signature": Array(10_000).fill(`v1a,${ed25519}`).join(" ") };
  assert.throws(() => webhook.verify({ headers: flood, body: BODY }, { now: NOW }), WebhookError);
});

test("NUL, control characters, characters that are no bytes, lone surrogates", () => {
  const bad = [
    "\0",
    "\x01",
    "\x7f",
    "\r\n",
    "\t",
    "é",
    "ÿ",
    "Ā",
    "ⅰ",
    "０",
    "鍵",
    "🔑",
    "\ud800",
    "\udfff",
    "\ufeff",
    "\u2028",
  ];
  attack((honest) =>
    bad.flatMap((one) => [one, honest + one, one + honest, honest.slice(0, 5) + one + honest.slice(5), one.repeat(64)]),
  );
});

test("a character above U+00FF never counts as the byte below it", () => {
  for (const { webhook, headers, provider } of WEBHOOKS) {
    const honest = headers(BODY, NOW);
    assert.equal(webhook.verify({ headers: honest, body: BODY }, { now: NOW }).provider, provider);
    for (const [name, value] of Object.entries(honest).filter(
      ([name]) => !/^(content-type|x-(github|plane|webhook)-(event|delivery|id))$/i.test(name),
    )) {
      for (let at = 0; at < value.length; at++) {
        const wide = value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) + 0x100) + value.slice(at + 1);
        assert.throws(
          () => webhook.verify({ headers: { ...honest, [name]: wide }, body: BODY }, { now: NOW }),
          WebhookError,
          `${provider} ${name} ${at}`,
        );
      }
    }
  }
});

test("header containers of any kind", () => {
  class Odd {
    get [Symbol.toStringTag]() {
      return "Headers";
    }
  }
  const endless = [];
  endless.push(endless);
  const containers = [
    {},
    [],
    [[]],
    [[null, null]],
    [["X-Hub-Signature-256"]],
    [["X-Hub-Signature-256", undefined]],
    [[Symbol("x"), "y"]],
    [[5, 6]],
    [{ 0: "X-Hub-Signature-256", 1: "x" }],
    ["X-Hub-Signature-256: x"],
    [null, 1, "a", [], {}],
    new Map([[null, null]]),
    new Map([["X-Hub-Signature-256", Symbol("x")]]),
    new Map([["X-Hub-Signature-256", { toString: () => "sha256=00" }]]),
    new Set(["a", "b"]),
    new URLSearchParams("X-Hub-Signature-256=x"),
    new Uint8Array(8),
    Object.create(null),
    Object.create({ "X-Hub-Signature-256": "sha256=00" }),
    new Odd(),
    new Date(),
    () => {},
    { "X-Hub-Signature-256": null },
    { "X-Hub-Signature-256": [] },
    { "X-Hub-Signature-256": [[["sha256=00"]]] },
    { "X-Hub-Signature-256": [null, undefined, 5, {}] },
    { "X-Hub-Signature-256": endless },
    { "X-Hub-Signature-256": 12 },
    { "X-Hub-Signature-256": NaN },
    { "X-Hub-Signature-256": true },
    { "X-Hub-Signature-256": 10n },
    { "x-hub-signature-256": "a", "X-HUB-SIGNATURE-256": "b" },
    { get: () => undefined, forEach: () => {} },
    { get: () => "x", forEach: (each) => each(5, 5) },
    { get: () => null, forEach: (each) => each("x", null) },
    { [Symbol.iterator]: 5 },
    { [Symbol.iterator]: () => ({ next: () => ({ done: true }) }) },
    undefined,
    null,
    "X-Hub-Signature-256: x",
    5,
    true,
    Symbol("headers"),
    10n,
  ];
  const webhook = new Webhook("github", "secret");
  for (const headers of containers) {
    for (const call of [() => webhook.verify({ headers, body: BODY }, { now: NOW }), () => detectProvider(headers)]) {
      try {
        call();
        assert.equal(call.toString().includes("detect"), true, `accepted: ${inspect(headers)}`);
      } catch (error) {
        assert.ok(
          error instanceof WebhookError || error.constructor === TypeError,
          `${inspect(headers)}: ${error.stack}`,
        );
      }
    }
  }
  for (const delivery of [undefined, null, 5, "x", {}, [], { body: BODY }, { headers: {} }]) {
    try {
      webhook.verify(delivery);
      assert.fail(`accepted: ${inspect(delivery)}`);
    } catch (error) {
      assert.ok(
        error instanceof WebhookError || error.constructor === TypeError,
        `${inspect(delivery)}: ${error.stack}`,
      );
    }
  }
});

test("secrets of any kind", () => {
  const secrets = [
    0,
    5,
    true,
    Symbol("x"),
    10n,
    () => {},
    {},
    new Date(),
    [[]],
    [[["secret"]]],
    [5],
    new Map(),
    "\0",
    "\ud800",
    "é",
    "🔑",
    "a".repeat(1 << 20),
    new Uint8Array(1 << 20),
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    { secret: 5 },
    { secret: {} },
    [{ name: 5, secret: "x" }],
  ];
  for (const secret of secrets) {
    for (const { provider, options } of PROVIDERS) {
      try {
        new Webhook(provider, secret, options);
      } catch (error) {
        assert.ok(
          error instanceof WebhookError || error.constructor === TypeError,
          `${inspect(secret)}: ${error.stack}`,
        );
      }
    }
  }
});

test("lone surrogates in a body are the bytes that an encoder makes of them", () => {
  const webhook = new Webhook("github", "secret");
  const body = '{"a":"\ud800"}';
  const event = webhook.verify({ headers: webhook.sign(body), body });
  assert.equal(event.json().a, "\ufffd", "what is read is what was verified");
  assert.deepEqual(Buffer.from(event.raw), Buffer.from(body));
});

test("deep and huge JSON is payload_invalid or a value, never a crash", () => {
  const webhook = new Webhook("stripe", "secret");
  for (const body of [
    "[".repeat(200_000),
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    `{"a":${"1".repeat(100_000)}}`,
    `{"type":"${"x".repeat(1 << 20)}"}`,
  ]) {
    const event = webhook.verify({ headers: webhook.sign(body), body });
    for (const read of [
      () => event.type,
      () => event.id,
      () => event.payload,
      () => event.replayKey,
      () => JSON.stringify(event),
    ]) {
      try {
        read();
      } catch (error) {
        assert.ok(error instanceof WebhookError && error.code === "payload_invalid", error.stack);
      }
    }
  }
});

test("random headers, thirty thousand times", () => {
  const next = random(7);
  const pieces = [
    "t=",
    "v1=",
    "v1,",
    "v1a,",
    "v0=",
    "sha256=",
    ",",
    " ",
    ", ",
    "=",
    "1767225600",
    "2026-01-01T00:00:00Z",
    "ab".repeat(32),
    "A".repeat(43),
    "=",
    "\0",
    "é",
    "-1",
    "99999999999999999999",
    "",
  ];
  for (let at = 0; at < 30_000; at++) {
    const { webhook, headers } = WEBHOOKS[at % WEBHOOKS.length];
    const names = Object.keys(headers(BODY, NOW));
    const pairs = Array.from({ length: 1 + next(4) }, () => [
      names[next(names.length)],
      Array.from({ length: next(6) }, () => pieces[next(pieces.length)]).join(""),
    ]);
    try {
      webhook.verify({ headers: pairs, body: BODY }, { now: NOW });
      assert.fail(`accepted: ${inspect(pairs)}`);
    } catch (error) {
      assert.ok(error instanceof WebhookError, `${inspect(pairs)}: ${error.stack}`);
    }
  }
});
