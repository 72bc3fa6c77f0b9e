// Looks into the module's memory: no secret, key, hash state, signature or body is left there, nothing at all on its stack,
// and a broken module mixes up no keys.
//
// The memory is no part of the API: this file sees it because it wraps WebAssembly.Instance before the package loads.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ED25519, NOW, hmac, thrown } from "./support.mjs";

let memory;
/** The module's own functions. */
let running;
/** What to do with the next call of an exported function, by its name. */
const before = {};
/** Called with the name of an exported function, right before and right after each call: before JavaScript clears up. */
let watch;

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, parameters) {
    const { exports } = Reflect.construct(target, parameters);
    memory = exports.memory;
    running = exports;
    const watched = Object.entries(exports).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      const call = (...numbers) => {
        before[name]?.();
        watch?.("before", name);
        try {
          return value(...numbers);
        } finally {
          watch?.("after", name);
        }
      };
      return [name, call];
    });
    return { exports: Object.fromEntries(watched) };
  },
});

const { Webhook } = await import("countersign");

const found = (bytes) => Buffer.from(memory.buffer).includes(bytes);

/** The stack, which lies at the beginning of the memory and grows down. */
const stack = () => Buffer.from(memory.buffer, 0, running.__stack_pointer.value);

/** How often it is there. */
function times(bytes) {
  const all = Buffer.from(memory.buffer);
  let count = 0;
  for (let at = all.indexOf(bytes); at >= 0; at = all.indexOf(bytes, at + 1)) count++;
  return count;
}

/** The names of what is in the memory. */
function left(hidden) {
  return Object.entries(hidden).flatMap(([name, bytes]) => (found(bytes) ? [name] : []));
}

const pad = (key, byte) => Buffer.from(key).map((one) => one ^ byte);

/** A key and what HMAC makes of it before the first hash. Everything is long enough not to be there by chance. */
function traces(key, block = 64, hash = "sha256") {
  const used = key.length > block ? createHash(hash).update(key).digest() : key;
  return { key, beginning: key.subarray(0, 16), used, ipad: pad(used, 0x36), opad: pad(used, 0x5c) };
}

/** The state of SHA-256 after one block, in the order in which the module's memory has it (FIPS 180-4, 6.2.2). */
function stateAfter(block) {
  const isPrime = (n) => n > 1 && ![...Array(n).keys()].some((d) => d > 1 && n % d === 0);
  const all = Array.from({ length: 312 }, (_, n) => n).filter(isPrime);
  const fraction = (number) => Math.floor((number - Math.floor(number)) * 2 ** 32) | 0;
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  const w = Array.from({ length: 16 }, (_, at) => block.readInt32BE(4 * at));
  for (let at = 16; at < 64; at++) {
    const [a, b] = [w[at - 15], w[at - 2]];
    w[at] =
      (w[at - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[at - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
  }
  const start = all.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  let [a, b, c, d, e, f, g, h] = start;
  for (let at = 0; at < 64; at++) {
    const one =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + fraction(Math.cbrt(all[at])) + w[at]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  const state = Buffer.alloc(32);
  [a, b, c, d, e, f, g, h].forEach((word, at) => state.writeInt32LE((word + start[at]) | 0, 4 * at));
  return state;
}

/** Different for every test, so that one cannot find what another left. */
const bytes = (seed, length = 32) => createHash("shake256", { outputLength: length }).update(`${seed}`).digest();

function kinds(seed) {
  const text = `secret_${bytes(seed, 24).toString("base64url")}`;
  const key = bytes(`${seed} key`);
  const long = `long_${bytes(`${seed} long`, 150).toString("base64url")}`;
  const scheme = (key, algorithm) => ({
    signature: { header: "X-S", encoding: "hex" },
    signed: "{body}",
    key,
    algorithm,
  });
  return {
    "utf8 text": ["stripe", text, traces(Buffer.from(text))],
    "utf8 text longer than a block": ["github", long, traces(Buffer.from(long))],
    bytes: ["github", key, traces(key)],
    "whsec_ base64": [
      "svix",
      `whsec_${key.toString("base64")}`,
      { text: Buffer.from(key.toString("base64")), ...traces(key) },
    ],
    base64: [scheme("base64"), key.toString("base64"), { text: Buffer.from(key.toString("base64")), ...traces(key) }],
    hex: [scheme("hex"), key.toString("hex"), { text: Buffer.from(key.toString("hex")), ...traces(key) }],
    "hmac-sha512": [scheme("utf8", "hmac-sha512"), text, traces(Buffer.from(text), 128, "sha512")],
    "hmac-sha1": [scheme("utf8", "hmac-sha1-legacy"), text, traces(Buffer.from(text), 64, "sha1")],
    "two secrets": [
      "stripe",
      [text, { secret: long, name: "old", expires: NOW }],
      { ...traces(Buffer.from(text)), long: Buffer.from(long) },
    ],
  };
}

function ed25519() {
  const { seed, point, whsk } = ED25519;
  const expanded = createHash("sha512").update(seed).digest();
  const scalar = Buffer.from(expanded.subarray(0, 32));
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  const hidden = {
    text: Buffer.from(whsk.slice(5, 48)),
    seed,
    both: Buffer.concat([seed, point]),
    expanded: expanded.subarray(0, 32),
    nonce: expanded.subarray(32),
    scalar,
  };
  return ["svix", whsk, hidden];
}

test("the scan finds a planted value anywhere, and the real ones while they are there", () => {
  new Webhook("github", "first");
  for (const at of [0, 100, 16_000, memory.buffer.byteLength - 40]) {
    const planted = bytes(`planted ${at}`);
    const view = new Uint8Array(memory.buffer, at, planted.length);
    const original = view.slice();
    assert.equal(found(planted), false);
    view.set(planted);
    assert.equal(found(planted), true, `at ${at}`);
    view.set(original);
    assert.equal(found(planted), false);
  }

  const secret = `seen_${bytes("seen").toString("hex")}`;
  const body = bytes("a body");
  const seen = [];
  before.prepare = () => seen.push(found(Buffer.from(secret)));
  const webhook = new Webhook("github", secret);
  before.prepare = undefined;
  before.sign = () => seen.push(found(body), found(Buffer.from(secret)));
  webhook.sign(body);
  before.sign = undefined;
  assert.deepEqual(seen, [true, true, false]);
  assert.deepEqual([found(Buffer.from(secret)), found(body)], [false, false]);
});

for (const [name, [provider, secret, hidden]] of [
  ...Object.entries(kinds("after")),
  ["Ed25519 private key", ed25519()],
]) {
  test(`nothing is left of a secret: ${name}`, () => {
    const clean = (when) => {
      assert.deepEqual(left(hidden), [], when);
      assert.ok(
        stack().every((byte) => byte === 0),
        `the stack ${when}`,
      );
    };
    const webhook = new Webhook(provider, secret);
    clean("after construction");
    const body = bytes("body of the test", 64);
    for (let round = 0; round < 3; round++) {
      const headers = webhook.sign(body, { now: NOW });
      clean("after sign");
      const noSignature = (when) => {
        for (const text of Object.values(headers).flatMap((value) => value.split(/[ ,=]/))) {
          if (text.length < 40) continue;
          for (const encoding of ["latin1", "hex", "base64"]) {
            const signature = Buffer.from(text, encoding);
            // As hex, base64 ends early.
            if (signature.length >= 16) assert.equal(found(signature), false, `a signature ${when}`);
          }
        }
      };
      noSignature("after sign");
      webhook.verify({ headers, body }, { now: NOW });
      clean("after verify");
      // What was expected is as good as a secret, also where the delivery brings another one.
      const other = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value.replace(/[0-9a-zA-Z](?=.$)/, (one) => (one === "0" ? "1" : "0")),
        ]),
      );
      thrown(() => webhook.verify({ headers: other, body }, { now: NOW }));
      clean("after a wrong signature");
      noSignature("after a wrong signature");
      webhook.verify({ headers, body }, { now: NOW }).replayKey;
      clean("after the replay key");
      thrown(() => webhook.verify({ headers, body: "other" }, { now: NOW }));
      clean("after a refusal");
      thrown(() => webhook.verify({ headers: {}, body }, { now: NOW }));
      clean("after a refusal without headers");
      assert.equal(found(body), false, "the body");
    }
    for (let at = 0; at < 70; at++) new Webhook("github", `filler ${at}`);
    webhook.verify({ headers: webhook.sign(body, { now: NOW }), body }, { now: NOW });
    clean("after it was prepared again");
    const large = Buffer.alloc(3_000_000, "x");
    webhook.verify({ headers: webhook.sign(large, { now: NOW }), body: large }, { now: NOW });
    clean("after the memory grew");
  });
}

test("of a key's hash states there is one, the prepared webhook's, and none once that is gone", () => {
  const text = `states_${bytes("states", 20).toString("hex")}`;
  const padded = Buffer.concat([Buffer.from(text), Buffer.alloc(64 - text.length)]);
  const states = { inner: stateAfter(pad(padded, 0x36)), outer: stateAfter(pad(padded, 0x5c)) };
  const known = createHash("sha256").update("abc").digest();
  const abc = Buffer.alloc(64);
  abc.write("abc\x80", "latin1");
  abc[63] = 24;
  assert.deepEqual(stateAfter(abc).swap32(), known, "the state is that of FIPS 180-4");
  const body = bytes("states' body", 300);
  const webhook = new Webhook("github", text);
  const once = (when) => {
    for (const [name, state] of Object.entries(states)) assert.equal(times(state), 1, `${name} ${when}`);
  };
  once("after construction");
  const headers = webhook.sign(body);
  once("after sign");
  webhook.verify({ headers, body });
  once("after verify");
  thrown(() => webhook.verify({ headers, body: "other" }));
  once("after a refusal");
  for (let at = 0; at < 70; at++) new Webhook("github", `another ${at}`);
  for (const [name, state] of Object.entries(states)) assert.equal(times(state), 0, `${name} in the end`);
});

test("no call goes deeper than the stack that is cleared, whatever the algorithm", (t) => {
  let depths;
  const size = running.__stack_pointer.value;
  watch = (when, name) => {
    if (when === "before") return void stack().fill(0xa5);
    const deepest = stack().findIndex((byte) => byte !== 0xa5);
    depths[name] = Math.max(depths[name] ?? 0, deepest < 0 ? 0 : size - deepest);
  };
  const cases = [...Object.entries(kinds("depth")), ["Ed25519", ed25519()]];
  for (const [name, [provider, secret]] of cases) {
    depths = {};
    const webhook = new Webhook(provider, secret);
    for (const length of [0, 1, 55, 63, 64, 111, 127, 128, 1000, 100_000]) {
      const body = Buffer.alloc(length, "x");
      const headers = webhook.sign(body, { now: NOW });
      webhook.verify({ headers, body }, { now: NOW }).replayKey;
      thrown(() => webhook.verify({ headers, body: "other" }, { now: NOW }));
    }
    t.diagnostic(`${name}: ${JSON.stringify(depths)}`);
    assert.ok(depths.verify > 1000 && depths.sign > 1000 && depths.prepare > 1000, "something is measured");
    for (const depth of Object.values(depths)) assert.ok(depth <= size * 0.75, `${name}: ${depth} of ${size}`);
  }
  watch = undefined;
});

test("nothing is left after the module broke in the middle of a call", () => {
  const secret = `broken_${bytes("broken").toString("hex")}`;
  const body = bytes("a body in a module that broke", 100);
  const webhook = new Webhook("github", secret);
  const headers = webhook.sign(body);
  const old = memory;
  watch = (when, name) => {
    if (name !== "verify" || when !== "after") return;
    watch = undefined;
    assert.ok(stack().some((byte) => byte !== 0));
    running.room(0xffff_ffff);
  };
  assert.equal(thrown(() => webhook.verify({ headers, body })).code, "body_too_large");
  assert.ok(
    new Uint8Array(old.buffer).every((byte) => byte === 0),
    "the memory of the broken module",
  );
  assert.equal(webhook.verify({ headers, body }).key, "default");
});

test("nothing is left of a secret that was refused", () => {
  const text = bytes("refused").toString("hex");
  const cases = [
    () => new Webhook("stripe", ` ${text}`),
    () => new Webhook("stripe", `"${text}"`),
    () => new Webhook("stripe", `sk_${text}`),
    () => new Webhook("svix", `whsec_!${text}`),
    () => new Webhook("svix", `whpk_${text}`),
    () => new Webhook("svix", `whsk_${text}`),
    () => new Webhook("stripe", [text, ""]),
    () => new Webhook("stripe", [text, { secret: "x", expires: "no date" }]),
    () => new Webhook("stripe", [text, { secret: "x", expires: -1 }]),
    () => new Webhook("planeconnection", text, { dialect: "none" }),
    () => new Webhook("stripe", text, { headers: { signature: "not a name" } }),
    () => new Webhook({ signature: { header: "X", encoding: "hex" }, signed: "{url}{body}" }, text),
  ];
  for (const make of cases) {
    thrown(make);
    assert.equal(found(Buffer.from(text)), false, make.toString());
    assert.equal(found(Buffer.from(text, "hex")), false, make.toString());
  }
  const key = bytes("kept").toString("hex");
  const webhook = new Webhook("svix", `whsec_${Buffer.from(key, "hex").toString("base64")}`);
  const body = bytes("a body that stays outside");
  for (const id of [5, {}, [], null, true]) {
    try {
      webhook.sign(body, { id, now: NOW });
    } catch (error) {
      assert.ok(error instanceof TypeError, error.stack);
    }
    assert.equal(found(body), false, `sign with the id ${JSON.stringify(id)}`);
  }
});

test("the memory does not grow with use", () => {
  const body = Buffer.alloc(10_000, "x");
  const webhook = new Webhook("stripe", "a secret for growth");
  const use = () => {
    for (let at = 0; at < 2000; at++) {
      const headers = webhook.sign(body.subarray(at), { now: NOW });
      webhook.verify({ headers, body: body.subarray(at) }, { now: NOW });
      thrown(() => webhook.verify({ headers, body }, { now: NOW + 1e6 }));
      if (at % 10 === 0) new Webhook("github", `growth ${at}`);
    }
  };
  use();
  const size = memory.buffer.byteLength;
  use();
  assert.equal(memory.buffer.byteLength, size);
});

test("after the module broke, every webhook still has its own keys", () => {
  const body = '{"a":1}';
  const by = (secret) => ({ "X-Hub-Signature-256": `sha256=${hmac(secret, body, "hex")}` });
  const break_ = () => {
    before.verify = () => {
      before.verify = undefined;
      // Breaks it down for real: there is no memory of that size.
      running.room(0xffff_ffff);
    };
    const error = thrown(() => new Webhook("github", "broken").verify({ headers: by("broken"), body }));
    assert.equal(error.code, "body_too_large");
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
  };
  break_();
  const victims = Array.from({ length: 70 }, (_, at) => new Webhook("github", `victim ${at}`));
  const old = memory;
  break_();
  // A new module counts from the start again; these take the very slots that the victims had in the old one.
  const others = Array.from({ length: 70 }, (_, at) => new Webhook("github", `other ${at}`));
  assert.notEqual(memory, old);
  for (const [at, victim] of victims.entries()) {
    assert.equal(thrown(() => victim.verify({ headers: by(`other ${at}`), body })).code, "signature_mismatch", `${at}`);
    assert.equal(victim.verify({ headers: by(`victim ${at}`), body }).key, "default");
    assert.deepEqual(victim.sign(body)["X-Hub-Signature-256"], by(`victim ${at}`)["X-Hub-Signature-256"]);
  }
  for (const [at, other] of others.entries()) {
    assert.equal(other.verify({ headers: by(`other ${at}`), body }).key, "default");
    assert.equal(thrown(() => other.verify({ headers: by(`victim ${at}`), body })).code, "signature_mismatch");
  }
});
