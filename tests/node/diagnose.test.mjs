// countersign/diagnose: the shared vectors in the packed package, what it takes, that it never throws, and that its memory is wiped.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runDiagnoseVectors } from "../suite/diagnose.mjs";
import { KEY, NOW, hmac } from "./support.mjs";

/** Every memory that the module had; what a call does, where a test wants it to do something else. */
const memories = [];
let instead;

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, parameters) {
    const { exports } = Reflect.construct(target, parameters);
    memories.push(exports.memory);
    const ask = (json) => (instead ? instead(exports) : exports.ask(json));
    return { exports: Object.create(exports, { ask: { value: ask } }) };
  },
});

const { diagnose } = await import("countersign/diagnose");

/** Breaks the module down for real: there is no memory of that size. */
const trap = ({ room }) => room(0xffff_ffff);

const folder = fileURLToPath(new URL("../vectors/diagnose/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schema.json");

test("there are vectors of every provider", () => assert.ok(files.length >= 10, files.join()));

for (const name of files) {
  test(`vectors: ${name}`, () => {
    const file = JSON.parse(readFileSync(folder + name, "utf8"));
    const { cases, failures } = runDiagnoseVectors({ diagnose }, file);
    assert.deepEqual(failures, [], `${failures.length} of ${cases} cases differ`);
    assert.ok(cases >= file.numberOfTests);
  });
}

const SECRET = `whsec_${KEY.toString("base64")}`;
const BODY = JSON.stringify({ type: "invoice.paid", data: { id: "in_1", note: "Zoë/ok" } });

function svix(body = BODY, at = NOW) {
  return {
    "svix-id": "msg_1",
    "svix-timestamp": String(at),
    "svix-signature": `v1,${hmac(KEY, `msg_1.${at}.${body}`, "base64")}`,
  };
}

const codes = (why) => why.causes.map(({ code }) => code);

test("every shape of headers and body says the same", () => {
  const plain = svix();
  const pairs = Object.entries(plain);
  const bytes = new TextEncoder().encode(`${BODY}\n`);
  const shapes = [
    plain,
    new Headers(plain),
    new Map(pairs),
    pairs,
    pairs.flat(),
    Object.fromEntries(pairs.map(([n, v]) => [n.toUpperCase(), [v]])),
  ];
  const bodies = [`${BODY}\n`, bytes, bytes.buffer, Buffer.from(bytes), new DataView(bytes.buffer)];
  const expected = diagnose("svix", SECRET, { headers: plain, body: bytes }, { now: NOW });
  assert.deepEqual(codes(expected), ["body_newline_added"]);
  for (const headers of shapes)
    for (const body of bodies) assert.deepEqual(diagnose("svix", SECRET, { headers, body }, { now: NOW }), expected);
});

test("secrets in every form", () => {
  const delivery = { headers: svix(), body: BODY };
  for (const secrets of [
    SECRET,
    [SECRET],
    { secret: SECRET },
    KEY,
    new Uint8Array(KEY),
    ["whsec_AAAA", { name: "b", secret: SECRET, expires: NOW + 1 }],
  ]) {
    assert.equal(diagnose("svix", secrets, delivery, { now: NOW }).code, "valid");
  }
  assert.deepEqual(
    codes(diagnose("svix", { secret: SECRET, expires: new Date((NOW - 9) * 1000) }, delivery, { now: NOW })),
    ["secret_expired"],
  );
  const unset = diagnose("svix", process.env.NOT_SET_ANYWHERE, delivery, { now: NOW });
  assert.deepEqual([unset.code, codes(unset)], ["secret_empty", ["secret_empty"]]);
});

test("options as for a webhook", () => {
  const body = "{}";
  const old = NOW - 4000;
  const late = diagnose("svix", SECRET, { headers: svix(body, old), body }, { now: NOW });
  assert.deepEqual([late.code, codes(late)], ["timestamp_too_old", ["clock_skew"]]);
  for (const past of [4000, Infinity, null]) {
    assert.equal(
      diagnose("svix", SECRET, { headers: svix(body, old), body }, { now: new Date(NOW * 1000), tolerance: { past } })
        .code,
      "valid",
    );
  }
  const renamed = Object.fromEntries(
    Object.entries(svix()).map(([name, value]) => [name.replace("svix-", "x-acme-"), value]),
  );
  const names = { signature: "X-Acme-Signature", timestamp: "X-Acme-Timestamp", id: "X-Acme-Id" };
  assert.equal(diagnose("svix", SECRET, { headers: renamed, body: BODY }, { now: NOW, headers: names }).code, "valid");
  const scheme = {
    signature: { header: "X-S", encoding: "hex", prefix: undefined },
    signed: "{body}",
    tolerance: { past: Infinity },
  };
  assert.equal(
    diagnose(scheme, "a secret of ours", { headers: { "x-s": hmac("a secret of ours", body, "hex") }, body }).code,
    "valid",
  );
});

test("a parsed body is a finding, with the other mistakes beside it", () => {
  const parsed = JSON.parse(BODY);
  const why = diagnose("svix", SECRET, { headers: svix(), body: parsed }, { now: NOW, framework: "express" });
  assert.equal(why.code, "body_not_raw");
  assert.deepEqual(codes(why), ["body_empty"]);
  assert.match(why.causes[0].fix, /express\.raw/);
  const other = diagnose(
    "svix",
    SECRET,
    { headers: svix(JSON.stringify(parsed, null, 2)), body: parsed },
    { now: NOW },
  );
  assert.deepEqual([other.code, codes(other)], ["body_not_raw", ["body_reserialized"]]);
  const two = diagnose("svix", `${SECRET}\n`, { headers: svix(), body: parsed }, { now: NOW });
  assert.deepEqual(codes(two), ["secret_whitespace", "body_empty"]);
  for (const body of [undefined, null, 7, new Date(), () => 0, 1n]) {
    const why = diagnose("svix", SECRET, { headers: svix(), body }, { now: NOW });
    assert.deepEqual([why.code, codes(why)], ["body_not_raw", ["body_empty"]], String(body));
  }
});

test("never throws, and quotes nothing", () => {
  const secret = "sk_live_0123456789abcdef";
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error(secret);
      },
      ownKeys: () => {
        throw new TypeError(secret);
      },
    },
  );
  const good = { headers: svix(), body: BODY };
  const scheme = (change) => ({ signature: { header: "X-S", encoding: "hex" }, signed: "{body}", ...change });
  const calls = [
    [],
    [null],
    [undefined, secret],
    [secret, "svix", good],
    [7, secret, good],
    ["svix", SECRET],
    ["svix", SECRET, null],
    ["svix", SECRET, trap],
    ["svix", SECRET, { headers: trap, body: BODY }],
    ["svix", trap, good],
    [trap, SECRET, good],
    ["svix", SECRET, good, trap],
    ["svix", SECRET, good, { now: Date.now() }],
    ["svix", SECRET, good, { nwo: 1 }],
    ["svix", SECRET, good, { dialect: secret }],
    ["svix", SECRET, good, { effort: 0 }],
    ["svix", SECRET, good, { effort: secret }],
    ["svix", SECRET, good, { tolerance: { past: -1 } }],
    ["svix", SECRET, good, { key: secret }],
    [scheme({ key: secret }), "x", good],
    [scheme({ signed: 7 }), "x", good],
    [scheme({ signature: null }), "x", good],
    [scheme({ signature: { header: 7, encoding: {} } }), "x", good],
  ];
  for (const call of calls) {
    const why = diagnose(...call);
    assert.ok(["arguments_invalid", "scheme_invalid", "failed"].includes(why.code), JSON.stringify(why));
    assert.ok(why.summary.length > 10, JSON.stringify(why));
    assert.ok(!JSON.stringify(why).includes(secret), JSON.stringify(why));
  }
  const none = diagnose("svix", SECRET, { headers: undefined, body: BODY }, { now: NOW });
  assert.equal(none.code, "header_missing");
});

test("a call that breaks down says so, and the next one works", () => {
  const delivery = { headers: svix(), body: BODY };
  instead = trap;
  const broken = diagnose("svix", SECRET, delivery, { now: NOW });
  instead = undefined;
  assert.deepEqual([broken.code, broken.causes, broken.complete], ["failed", [], false]);
  assert.equal(diagnose("svix", SECRET, delivery, { now: NOW }).code, "valid");
});

test("nothing is left in the module's memory", () => {
  memories.length = 0;
  diagnose("svix", ` ${SECRET}`, { headers: svix(), body: `${BODY}\n` }, { now: NOW });
  instead = trap;
  diagnose("svix", SECRET, { headers: svix(), body: BODY }, { now: NOW });
  instead = undefined;
  assert.equal(memories.length, 2);
  for (const { buffer } of memories) {
    assert.ok(buffer.byteLength > 65536);
    assert.ok(new Uint8Array(buffer).every((byte) => byte === 0));
  }
});

test("a large body is explained, or said to be too large", () => {
  const item = JSON.stringify({ name: "Zoë", values: [1.5, 2], nested: { a: "b/c" } });
  const body = `{"items":[${Array(40_000).fill(item).join()}]}`;
  const why = diagnose("svix", SECRET, { headers: svix(body), body: `${body}\n` }, { now: NOW });
  assert.deepEqual(codes(why), ["body_newline_added"]);
});

/** Rows of JSON, so many bytes of them. */
function rows(bytes) {
  const row = JSON.stringify({ id: "il_1", amount: 4900, name: "Zoë <a/b>", ratio: 0.5, ok: true });
  return `{"lines":[${Array(Math.ceil(bytes / (row.length + 2)))
    .fill(row)
    .join()}]}`;
}

const WRONG = `whsec_${Buffer.from(KEY).reverse().toString("base64")}`;

test("the module's memory is at most four times the body, or 5 MiB for a small one", () => {
  for (const [what, body] of Object.entries({
    small: BODY,
    "10 KiB": rows(10 << 10),
    "100 KiB": rows(100 << 10),
    "1 MiB": rows(1 << 20),
    "5 MiB": rows(5 << 20),
    "2 MiB of digits": `[${"1,".repeat(1 << 20)}1]`,
    "5 MiB that are not ASCII": JSON.stringify("é".repeat(5 << 19)),
    "a form of 1 MiB": "a=b&".repeat(1 << 18),
  })) {
    memories.length = 0;
    const bytes = new TextEncoder().encode(body);
    const why = diagnose("svix", WRONG, { headers: svix(body), body: bytes }, { now: NOW });
    assert.deepEqual([why.code, codes(why)], ["signature_mismatch", []], what);
    const used = memories[0].buffer.byteLength;
    assert.ok(used <= Math.max(4 * bytes.length, 5 << 20), `${what}: ${used} for ${bytes.length}`);
  }
});

test("a wrong secret and an ordinary body: what was not tried is named, and nothing is called large", () => {
  for (const body of [BODY, "{}", JSON.stringify({ a: 1, b: "x", c: [1, 2, 3] }), rows(600), rows(8000)]) {
    const why = diagnose("svix", WRONG, { headers: svix(body), body }, { now: NOW });
    assert.deepEqual([why.code, why.causes, why.complete], ["signature_mismatch", [], true]);
    for (const { code, message } of why.untried)
      assert.ok(!/large/.test(message) && !["mistakes", "json"].includes(code), message);
    for (const code of ["body_reserialized", "body_unicode_escapes", "body_charset"])
      assert.ok(why.ruledOut.includes(code), `${code}: ${body.slice(0, 80)}`);
    assert.ok(why.hints.length > 2 && why.hints.every((hint) => hint.endsWith(".")));
  }
  const why = diagnose("svix", WRONG, { headers: svix(rows(1 << 20)), body: rows(1 << 20) }, { now: NOW });
  assert.equal(why.complete, false);
  assert.match(why.untried.find(({ code }) => code === "json").message, /body_reserialized/);
});

test("a diagnosis holds nothing of the body unless asked", () => {
  const body = JSON.stringify({ private: "Zoë lives in Zürich" });
  const ask = (more) => JSON.stringify(diagnose("svix", WRONG, { headers: svix(body), body }, { now: NOW, ...more }));
  assert.ok(!/Zürich|private/.test(ask({})) && /Zürich/.test(ask({ preview: true })));
  const held = JSON.stringify({ leak: SECRET.toUpperCase() });
  const shown = diagnose("svix", SECRET, { headers: svix(BODY), body: held }, { now: NOW, preview: true });
  assert.ok(!JSON.stringify(shown).includes(SECRET.toUpperCase().slice(6)));
});

test("a right signature with a wrong time is two facts, in both directions", () => {
  for (const [at, side] of [
    [NOW + 480, "ahead of"],
    [NOW - 480, "behind"],
  ]) {
    const why = diagnose("svix", SECRET, { headers: svix(BODY, at), body: BODY }, { now: NOW });
    assert.equal(
      why.summary,
      `The signature is right. The time is refused: it is 8 minutes ${side} this clock, and 5 minutes are allowed.`,
    );
    assert.equal(/held up/.test(why.causes[0].fix), at < NOW);
  }
});

test("require gives the same", () => {
  const run = `const { diagnose } = require("countersign/diagnose"); console.log(diagnose("svix", "", { headers: {}, body: "" }).code)`;
  assert.equal(
    execFileSync(process.execPath, ["-e", run], {
      encoding: "utf8",
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    }).trim(),
    "secret_empty",
  );
});
