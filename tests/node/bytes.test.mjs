// Bytes in every form and from every realm, and values made to deceive: what is verified is what the engine holds, and
// everything else is an error of ours.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext, runInNewContext } from "node:vm";
import { Webhook, WebhookError, detectProvider } from "countersign";
import { diagnose } from "countersign/diagnose";
import { NOW, hmac, thrown } from "./support.mjs";

const SECRET = "It's a Secret to Everybody";
const webhook = new Webhook("github", SECRET);
const TEXT = '{"action":"opened","zen":"é"}';
const BODY = Buffer.from(TEXT);
const signed = (body) => ({ "X-Hub-Signature-256": `sha256=${hmac(SECRET, body, "hex")}` });
const headers = signed(BODY);

function shared(bytes) {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

const apart = (bytes) => new Uint8Array(bytes).buffer;

/** The body in every form, as made by the classes of one realm. */
function forms(realm) {
  const even = Buffer.concat([BODY, Buffer.alloc(BODY.length % 2)]);
  return {
    Uint8Array: new realm.Uint8Array(BODY),
    "a part of a Uint8Array": new realm.Uint8Array([1, 2, ...BODY, 3]).subarray(2, -1),
    ArrayBuffer: new realm.Uint8Array(BODY).buffer,
    DataView: new realm.DataView(new realm.Uint8Array([9, ...BODY, 9]).buffer, 1, BODY.length),
    Int8Array: new realm.Int8Array(BODY),
    Uint8ClampedArray: new realm.Uint8ClampedArray(BODY),
    ...(even.length === BODY.length ? { Uint16Array: new realm.Uint16Array(new realm.Uint8Array(BODY).buffer) } : {}),
  };
}

const outside = runInNewContext(
  "({ Uint8Array, DataView, Int8Array, Uint8ClampedArray, Uint16Array, SharedArrayBuffer })",
);

test("every form of bytes verifies, from this realm and another", () => {
  const all = { ...forms(globalThis), Buffer: BODY, SharedArrayBuffer: shared(BODY), text: TEXT };
  all["shared Uint8Array"] = new Uint8Array(shared(BODY));
  all["shared DataView"] = new DataView(shared(BODY));
  for (const [name, body] of Object.entries(forms(outside))) all[`another realm's ${name}`] = body;
  for (const [name, body] of Object.entries(all)) {
    const event = webhook.verify({ headers, body });
    assert.equal(event.json().action, "opened", name);
    assert.deepEqual(Buffer.from(event.raw), BODY, name);
    assert.deepEqual(webhook.sign(body)["X-Hub-Signature-256"], headers["X-Hub-Signature-256"], name);
    assert.equal(diagnose("github", SECRET, { headers, body }).code, "valid", name);
  }
});

test("secrets are bytes in any form, too", () => {
  const key = Buffer.from(SECRET);
  for (const secret of [
    key,
    new Uint8Array(key),
    new outside.Uint8Array(key),
    apart(key),
    new DataView(apart(key)),
    shared(key),
  ]) {
    assert.equal(new Webhook("github", secret).verify({ headers, body: BODY }).key, "default");
    assert.equal(new Webhook("github", [{ secret, name: "named" }]).verify({ headers, body: BODY }).key, "named");
  }
  const lying = new Uint8Array(Buffer.from(SECRET));
  Object.defineProperty(lying, "length", { value: 0 });
  assert.equal(new Webhook("github", lying).verify({ headers, body: BODY }).key, "default");
});

test("the package in a realm of its own takes the bytes, streams and requests of this one", async () => {
  const require = createRequire(import.meta.url);
  const code = readFileSync(require.resolve("countersign"), "utf8");
  const context = createContext({ TextEncoder, TextDecoder, Response, crypto, WebAssembly, console });
  const inside = runInContext(
    `(() => { const module = { exports: {} }; ((module, exports) => {${code}\n})(module, module.exports); return module.exports; })()`,
    context,
  );
  const theirs = new inside.Webhook("github", SECRET);
  const request = () => new Request("https://example.com/", { method: "POST", body: BODY, headers });
  assert.equal((await theirs.receive(request())).json().action, "opened");
  assert.equal((await theirs.respond(request(), { handler: () => {} })).status, 200);
  for (const body of Object.values(forms(globalThis))) assert.equal(theirs.verify({ headers, body }).key, "default");
  assert.equal(theirs.verify({ headers, body: BODY }, { now: new Date() }).key, "default");
});

test("a value's own word about itself counts for nothing", () => {
  class Short extends Uint8Array {
    get length() {
      return 0;
    }
    get byteLength() {
      return 0;
    }
    get byteOffset() {
      return 3;
    }
    get buffer() {
      return new ArrayBuffer(0);
    }
    get [Symbol.toStringTag]() {
      return "String";
    }
    static get [Symbol.species]() {
      throw new Error("no business of ours");
    }
  }
  const short = new Short(BODY);
  const long = new Uint8Array(BODY);
  for (const name of ["length", "byteLength"]) Object.defineProperty(long, name, { value: 1e9 });
  Object.defineProperty(long, "subarray", { value: () => new Uint8Array(5) });
  const renamed = new Uint8Array(BODY);
  Object.setPrototypeOf(renamed, null);
  for (const body of [short, long, renamed]) {
    assert.equal(webhook.verify({ headers, body }).json().action, "opened");
    assert.equal(webhook.sign(body)["X-Hub-Signature-256"], headers["X-Hub-Signature-256"]);
    assert.match(webhook.verify({ headers, body }).replayKey, /^github:body:[0-9a-f]{64}$/);
    // A MAC over nothing is no MAC over this body.
    assert.equal(thrown(() => webhook.verify({ headers: signed(""), body })).code, "signature_mismatch");
  }
  const pretender = {
    [Symbol.toStringTag]: "Uint8Array",
    length: BODY.length,
    buffer: apart(BODY),
    byteLength: BODY.length,
    ...BODY,
  };
  for (const body of [
    pretender,
    new Proxy(new Uint8Array(BODY), {}),
    new Proxy(apart(BODY), {}),
    Object.create(Uint8Array.prototype),
  ]) {
    for (const call of [() => webhook.verify({ headers, body }), () => webhook.sign(body)])
      assert.equal(thrown(call).code, "body_not_raw");
  }
});

test("bytes that were given away are refused, and the sentence says so", () => {
  const gone = () => {
    const bytes = new Uint8Array(BODY);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const view = new DataView(apart(BODY));
  structuredClone(view.buffer, { transfer: [view.buffer] });
  const bodies = [gone(), gone().buffer, view];
  if (ArrayBuffer.prototype.resize) {
    const buffer = new ArrayBuffer(BODY.length, { maxByteLength: 100 });
    const short = new Uint8Array(buffer, 10, 5);
    buffer.resize(4);
    bodies.push(short);
  }
  for (const body of bodies) {
    // Else a MAC over nothing would do.
    const error = thrown(() => webhook.verify({ headers: signed(""), body }));
    assert.equal(error.code, "body_not_raw");
    assert.match(error.message, /given away/);
    assert.equal(thrown(() => webhook.sign(body)).code, "body_not_raw");
    assertTyped(
      thrown(() => new Webhook("github", body)),
      "a secret",
    );
  }
});

test("what somebody else can change afterwards is copied", { skip: !ArrayBuffer.prototype.resize }, () => {
  const growing = new ArrayBuffer(BODY.length, { maxByteLength: 100 });
  new Uint8Array(growing).set(BODY);
  const memory = shared(BODY);
  for (const [body, change] of [
    [growing, () => growing.resize(100)],
    [new Uint8Array(growing, 0, BODY.length), () => growing.resize(0)],
    [memory, () => new Uint8Array(memory).fill(0)],
    [new Uint8Array(memory), () => new Uint8Array(memory).fill(1)],
  ]) {
    growing.resize(BODY.length);
    new Uint8Array(growing).set(BODY);
    new Uint8Array(memory).set(BODY);
    const event = webhook.verify({ headers, body });
    change();
    assert.deepEqual(Buffer.from(event.raw), BODY);
  }
});

test("headers that change the body while they are read change nothing", () => {
  const body = new Uint8Array(BODY);
  const tricky = {
    get "X-Hub-Signature-256"() {
      structuredClone(body.buffer, { transfer: [body.buffer] });
      return headers["X-Hub-Signature-256"];
    },
  };
  assert.equal(thrown(() => webhook.verify({ headers: tricky, body })).code, "body_not_raw");
  assert.equal(webhook.verify({ headers, body: BODY }).key, "default");
});

/** Values that throw when they are looked at, each with what it throws. */
function traps() {
  const boom = new RangeError("not for reading");
  const fail = () => {
    throw boom;
  };
  const everything = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, fail]));
  return { boom, fail, proxy: new Proxy({}, everything), list: new Proxy([], everything) };
}

/** Whether an error is one of ours: it has a code, or a sentence of ours and nobody else's. */
function assertTyped(error, what) {
  const ours = error instanceof WebhookError || (error instanceof TypeError && !/not for reading/.test(error.message));
  assert.ok(ours, `${what}: ${error?.stack ?? error}`);
}

test("getters and proxies that throw become input_unreadable, with what they threw as its cause", async () => {
  const { boom, fail, proxy, list } = traps();
  const getter = (name) => Object.defineProperty({}, name, { get: fail, enumerable: true });
  const calls = {
    "delivery, proxy": () => webhook.verify(proxy),
    "delivery.headers": () => webhook.verify(getter("headers")),
    "delivery.body": () => webhook.verify({ headers, ...{}, __proto__: getter("body") }),
    "headers, proxy": () => webhook.verify({ headers: proxy, body: BODY }),
    "headers, list": () => webhook.verify({ headers: list, body: BODY }),
    "headers, getter": () => webhook.verify({ headers: getter("X-Hub-Signature-256"), body: BODY }),
    "headers, get": () => webhook.verify({ headers: { get: fail, append() {}, [Symbol.iterator]() {} }, body: BODY }),
    "headers, forEach": () => webhook.verify({ headers: { get: fail, forEach: fail }, body: BODY }),
    "headers, iterator": () => webhook.verify({ headers: { [Symbol.iterator]: fail }, body: BODY }),
    "headers, value": () => webhook.verify({ headers: [["X-Hub-Signature-256", list]], body: BODY }),
    "options.now": () => webhook.verify({ headers, body: BODY }, getter("now")),
    "options, proxy": () => webhook.verify({ headers, body: BODY }, proxy),
    "sign options": () => webhook.sign(BODY, getter("id")),
    "sign options, proxy": () => webhook.sign(BODY, proxy),
    "scheme, proxy": () => new Webhook(proxy, SECRET),
    "scheme.signature": () => new Webhook(getter("signature"), SECRET),
    "scheme.signature.header": () => new Webhook({ signature: getter("header"), signed: "{body}" }, SECRET),
    "secrets, proxy": () => new Webhook("github", proxy),
    "secrets, list": () => new Webhook("github", list),
    "secret.secret": () => new Webhook("github", [getter("secret")]),
    "options.tolerance": () => new Webhook("github", SECRET, getter("tolerance")),
    "options.tolerance.past": () => new Webhook("github", SECRET, { tolerance: getter("past") }),
    "constructor options, proxy": () => new Webhook("github", SECRET, proxy),
    detectProvider: () => detectProvider(proxy),
    "detectProvider, getter": () => detectProvider(getter("X-Hub-Signature-256")),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = thrown(call);
    assertTyped(error, name);
    assert.equal(error.code, "input_unreadable", `${name}: ${error.stack}`);
    if (error.cause !== boom) assert.ok(error.cause instanceof TypeError, name);
    assert.doesNotMatch(error.message, /not for reading/);
  }
  const handler = () => {};
  const later = {
    "handle, delivery": () => webhook.handle(proxy, { handler }),
    "handle, options": () => webhook.handle({ headers, body: BODY }, proxy),
    "receive, request": () => webhook.receive(proxy),
    "receive, method": () =>
      webhook.receive({
        headers: new Headers(headers),
        get method() {
          return fail();
        },
      }),
    "receive, body": () =>
      webhook.receive({
        headers: new Headers(headers),
        method: "POST",
        get body() {
          return fail();
        },
      }),
    "receive, getReader": () =>
      webhook.receive({ headers: new Headers(headers), method: "POST", body: { getReader: fail } }),
    "receive, options": () => webhook.receive(new Request("https://example.com/", { method: "POST" }), proxy),
    "respond, request": () => webhook.respond(proxy, { handler }),
    "respond, options": () => webhook.respond(new Request("https://example.com/", { method: "POST" }), proxy),
  };
  for (const [name, call] of Object.entries(later)) {
    const error = await call().then(
      () => assert.fail(name),
      (error) => error,
    );
    assert.equal(error.code, "input_unreadable", `${name}: ${error.stack}`);
  }
  const reader = { read: fail, releaseLock() {} };
  const broken = webhook.receive({ headers: new Headers(headers), method: "POST", body: { getReader: () => reader } });
  assert.equal((await broken.catch((error) => error)).code, "body_incomplete");
  for (const given of [proxy, list, getter("headers"), { headers: proxy, body: proxy }]) {
    const { code } = diagnose("github", SECRET, given);
    assert.match(code, /^[a-z_]+$/, "diagnose never throws");
  }
  // And the next call is none the wiser.
  assert.equal(webhook.verify({ headers, body: BODY }).key, "default");
});

test("random values in every place are answered by an error of ours", async () => {
  const { fail, proxy, list } = traps();
  const values = [
    undefined,
    null,
    0,
    -1,
    NaN,
    Infinity,
    10n,
    "",
    "x",
    "\ud800",
    true,
    Symbol("x"),
    () => {},
    {},
    [],
    [[]],
    [{}],
    [null],
    new Map(),
    new Set(),
    new Date(NaN),
    /x/,
    new Error("x"),
    new Promise(() => {}),
    new Blob(["x"]),
    new URLSearchParams("a=b"),
    Object.create(null),
    Object.freeze([]),
    new Proxy({}, {}),
    new Proxy(() => {}, {}),
    proxy,
    list,
    new Uint8Array(3),
    new ArrayBuffer(0),
    new WeakMap(),
    new Request("https://example.com/"),
    new Headers(),
    new ReadableStream(),
    globalThis,
    { toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail },
    { length: 1e9 },
    { get: 5, forEach: 5 },
    { toJSON: fail },
    { secret: { secret: "x" } },
    { past: "x" },
    { header: 5 },
    Object.assign(() => {}, { headers, body: BODY }),
  ];
  const scheme = { signature: { header: "X-S", encoding: "hex" }, signed: "{body}" };
  const places = [
    (v) => webhook.verify(v),
    (v) => webhook.verify({ headers: v, body: BODY }),
    (v) => webhook.verify({ headers: { "X-Hub-Signature-256": v }, body: BODY }),
    (v) => webhook.verify({ headers: [v], body: BODY }),
    (v) => webhook.verify({ headers: [["X-Hub-Signature-256", v]], body: BODY }),
    (v) => webhook.verify({ headers, body: v }),
    (v) => webhook.verify({ headers, body: BODY }, v),
    (v) => webhook.verify({ headers, body: BODY }, { now: v }),
    (v) => webhook.sign(v),
    (v) => webhook.sign(BODY, v),
    (v) => webhook.sign(BODY, { id: v, type: v }),
    (v) => webhook.sign(BODY, { now: v }),
    (v) => new Webhook(v, SECRET),
    (v) => new Webhook("github", v),
    (v) => new Webhook("github", [v]),
    (v) => new Webhook("github", { secret: v }),
    (v) => new Webhook("github", { secret: "a secret", name: v }),
    (v) => new Webhook("github", { secret: "a secret", expires: v }),
    (v) => new Webhook("github", SECRET, v),
    ...["tolerance", "dialect", "headers", "encoding", "key", "scope"].map(
      (name) => (v) => new Webhook("github", SECRET, { [name]: v }),
    ),
    ...["past", "future"].map((name) => (v) => new Webhook("github", SECRET, { tolerance: { [name]: v } })),
    ...[
      "signature",
      "timestamp",
      "id",
      "signed",
      "signedIfEmpty",
      "key",
      "algorithm",
      "tolerance",
      "event",
      "name",
    ].map((name) => (v) => new Webhook({ ...scheme, [name]: v }, SECRET)),
    ...["header", "prefix", "prefixOptional", "ed25519Prefix", "separator", "encoding"].map(
      (name) => (v) => new Webhook({ ...scheme, signature: { ...scheme.signature, [name]: v } }, SECRET),
    ),
    (v) => detectProvider(v),
    (v) => webhook.handle(v, { handler() {} }),
    (v) => webhook.handle({ headers, body: BODY }, v),
    (v) => webhook.handle({ headers, body: BODY }, { handler() {}, replay: v }),
    (v) => webhook.handle({ headers, body: BODY }, { handler() {}, lease: v }),
    (v) => webhook.receive(v),
    (v) => webhook.receive({ method: "POST", headers: v, body: null }),
    (v) => webhook.receive({ method: "POST", headers: new Headers(headers), body: v, arrayBuffer: async () => v }),
    (v) =>
      webhook.receive(new Request("https://example.com/", { method: "POST", body: BODY, headers }), { maxBytes: v }),
    (v) => webhook.respond(new Request("https://example.com/", { method: "POST", body: BODY, headers }), v),
  ];
  for (const [at, place] of places.entries()) {
    for (const value of values) {
      try {
        await Promise.race([place(value), new Promise((resolve) => setImmediate(resolve))]);
      } catch (error) {
        assertTyped(error, `${place} ${at}, ${Object.prototype.toString.call(null)}`);
      }
    }
  }
  for (const value of values) {
    for (const given of [
      [value, SECRET, { headers, body: BODY }],
      ["github", value, { headers, body: BODY }],
      ["github", SECRET, value],
      ["github", SECRET, { headers: value, body: value }],
      ["github", SECRET, { headers, body: BODY }, value],
    ])
      assert.equal(typeof diagnose(...given).code, "string");
  }
  assert.equal(webhook.verify({ headers, body: BODY }, { now: NOW }).key, "default");
});

test("a header's name is folded as ASCII alone", () => {
  const scheme = { signature: { header: "X-Key", encoding: "hex" }, signed: "{body}" };
  const custom = new Webhook(scheme, SECRET);
  const value = hmac(SECRET, BODY, "hex");
  for (const name of ["X-Key", "x-key", "X-KEY"])
    assert.equal(custom.verify({ headers: { [name]: value }, body: BODY }).key, "default");
  // The Kelvin sign becomes a k, and the dotted capital I an i with a mark.
  for (const shape of [(name) => ({ [name]: value }), (name) => [[name, value]], (name) => new Map([[name, value]])]) {
    assert.equal(thrown(() => custom.verify({ headers: shape("X-\u212Aey"), body: BODY })).code, "header_missing");
  }
});
