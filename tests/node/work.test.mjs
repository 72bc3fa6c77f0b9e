// What a delivery from an attacker costs, counted in steps of the module (calls and turns of loops), never in time: a refused
// one no more than one and a half times an accepted one, however long its headers and however many its signatures.
//
// The module is not meant to be counted: this file sees it because it wraps WebAssembly before the package loads, and has
// binaryen write a call into each function and each loop.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, sign as signWith } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ED25519, KEY, NOW, PROVIDERS, hmac } from "./support.mjs";

const WASM_OPT = process.env.COUNTERSIGN_WASM_OPT;
const skip = WASM_OPT ? false : "COUNTERSIGN_WASM_OPT does not say where wasm-opt is; cargo xtask test says it";
const FEATURES = ["bulk-memory", "bulk-memory-opt", "simd", "mutable-globals", "sign-ext", "nontrapping-float-to-int"];

let steps = 0;
let memory;

function counting(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  try {
    const file = join(folder, "module.wasm");
    writeFileSync(file, bytes);
    execFileSync(process.execPath, [
      WASM_OPT,
      file,
      "-o",
      file,
      "--log-execution",
      ...FEATURES.map((name) => `--enable-${name}`),
    ]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (WASM_OPT) {
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct: (target, [bytes]) => Reflect.construct(target, [counting(bytes)]),
  });
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module]) {
      const made = Reflect.construct(target, [module, { env: { log_execution: () => void steps++ } }]);
      memory = made.exports.memory;
      return made;
    },
  });
}

const { Webhook, WebhookError } = await import("countersign");

/** What a verification costs, and what came of it. */
function cost(webhook, delivery) {
  const before = steps;
  let code = "valid";
  try {
    webhook.verify(delivery, { now: NOW });
  } catch (error) {
    assert.ok(error instanceof WebhookError, error.stack);
    code = error.code;
  }
  return { code, steps: steps - before };
}

const LARGE = Buffer.alloc(5 << 20, "x");
const SMALL = Buffer.from("{}");
const PRIVATE = createPrivateKey(ED25519.privateKey.export({ format: "pem", type: "pkcs8" }));

/** The headers of Svix, signed with the private key, as many times as there are signatures. */
const ed25519 = (body, ...signatures) => ({
  "svix-id": "msg_1",
  "svix-timestamp": `${NOW}`,
  "svix-signature": (signatures.length > 0 ? signatures : [signed(body)]).map((one) => `v1a,${one}`).join(" "),
});
const signed = (body) =>
  signWith(null, Buffer.concat([Buffer.from(`msg_1.${NOW}.`), body]), PRIVATE).toString("base64");

/** Signatures that are none, each a point of the curve with a scalar that could be one. */
const forged = (count) => Array.from({ length: count }, (_, at) => signed(Buffer.from(`other ${at}`)));

const custom = (algorithm, key, prefix = "") => ({
  signature: { header: "X-S", encoding: "hex", prefix, separator: "," },
  signed: "{body}",
  algorithm,
  key,
});

const WEBHOOKS = [
  ...PROVIDERS.map(({ provider, options, secret, headers }) => ({
    name: `${provider} ${options?.dialect ?? ""}`,
    webhook: new Webhook(provider, secret, options),
    headers: (body) => headers(body, NOW),
  })),
  ...["hmac-sha256", "hmac-sha512", "hmac-sha1-legacy"].map((algorithm) => {
    const webhook = new Webhook(custom(algorithm, "utf8"), "a secret of some length");
    return { name: algorithm, webhook, headers: (body) => webhook.sign(body) };
  }),
  { name: "svix with a public key", webhook: new Webhook("svix", ED25519.whpk), headers: ed25519 },
];

/** What an attacker can make of honest headers. */
function attacks(honest) {
  const changed = (change) =>
    Object.entries(honest).map(([name, value]) => ({ ...honest, [name]: change(value, name) }));
  const wrong = (value) => value.replace(/[0-9a-zA-Z](?=[^0-9a-zA-Z]*$)/, (one) => (one === "0" ? "1" : "0"));
  const rest = (value, separator, count) => Array.from({ length: count }, () => wrong(value)).join(separator);
  return [
    ...changed(wrong),
    ...changed(() => ""),
    ...changed((value) => `${value}, ${wrong(value)}`),
    ...[", ", ",", " "].flatMap((separator) =>
      [16, 10_000].flatMap((count) => changed((value) => rest(value, separator, count))),
    ),
    ...changed((value) => (/^\d+$/.test(value) ? `${NOW - 10_000}` : value)),
    {},
  ];
}

test("a refused delivery of 5 MiB costs at most one and a half times an accepted one", { skip }, (t) => {
  for (const { name, webhook, headers } of WEBHOOKS) {
    const accepted = cost(webhook, { headers: headers(LARGE), body: LARGE });
    assert.equal(accepted.code, "valid", name);
    assert.ok(accepted.steps > LARGE.length / 128, `${name}: hashing is counted`);
    let most = 0;
    for (const attack of [...attacks(headers(LARGE)), headers(SMALL)]) {
      const refused = cost(webhook, { headers: attack, body: LARGE });
      if (refused.code !== "valid") most = Math.max(most, refused.steps);
    }
    const forgedList = cost(webhook, { headers: ed25519(LARGE, ...forged(16)), body: LARGE });
    most = Math.max(most, forgedList.steps);
    t.diagnostic(`${name}: ${(most / accepted.steps).toFixed(3)} of ${accepted.steps}`);
    assert.ok(most <= 1.5 * accepted.steps, `${name}: ${most} of ${accepted.steps}`);
  }
});

test("with several keys it costs at most what the last key's delivery costs", { skip }, (t) => {
  const other = (at) => `whpk_${Buffer.from(ED25519.point).toString("base64").replace(/^./, "ABCDEFGH"[at])}`;
  const others = ["ABCDEFGH"].flatMap((letters) => [...letters].map((_, at) => other(at))).filter(isKey);
  for (const count of [2, 4]) {
    const last = new Webhook("svix", [...others.slice(0, count - 1), ED25519.whpk]);
    const accepted = cost(last, { headers: ed25519(LARGE), body: LARGE });
    assert.equal(accepted.code, "valid");
    const refused = cost(last, { headers: ed25519(LARGE, ...forged(16)), body: LARGE });
    t.diagnostic(`${count} public keys: ${(refused.steps / accepted.steps).toFixed(3)}`);
    assert.ok(refused.steps <= 1.5 * accepted.steps, `${count} public keys`);

    const secrets = Array.from({ length: count }, (_, at) =>
      at === count - 1 ? KEY : Buffer.from(`secret number ${at}`),
    );
    const hmacs = new Webhook("github", secrets);
    const headers = { "X-Hub-Signature-256": `sha256=${hmac(KEY, LARGE, "hex")}` };
    const all = cost(hmacs, { headers, body: LARGE });
    assert.equal(all.code, "valid");
    const wrong = { "X-Hub-Signature-256": `sha256=${"0".repeat(64)}` };
    assert.ok(cost(hmacs, { headers: wrong, body: LARGE }).steps <= 1.5 * all.steps, `${count} secrets`);
  }
});

function isKey(text) {
  try {
    return Boolean(new Webhook("svix", text));
  } catch {
    return false;
  }
}

test("public keys: four tries in all, whatever the keys and signatures", { skip }, () => {
  const webhook = new Webhook("svix", ED25519.whpk);
  const one = cost(webhook, { headers: ed25519(SMALL, ...forged(1)), body: SMALL });
  const four = cost(webhook, { headers: ed25519(SMALL, ...forged(4)), body: SMALL });
  const sixteen = cost(webhook, { headers: ed25519(SMALL, ...forged(16)), body: SMALL });
  assert.ok(four.steps > 3 * one.steps, "the fourth is tried");
  assert.ok(sixteen.steps < 4.5 * one.steps);
  const keys = new Webhook(
    "svix",
    Array(8)
      .fill(0)
      .map((_, at) => ({ secret: ED25519.whpk, name: `${at}` })),
  );
  assert.ok(cost(keys, { headers: ed25519(SMALL, ...forged(16)), body: SMALL }).steps < 4.5 * one.steps);
  // What a rotation sends is found: the right signature in the fourth place, also of a body of some size.
  const body = Buffer.alloc(300_000, "x");
  for (const size of [SMALL, body]) {
    const list = [...forged(3), signed(size)];
    assert.equal(cost(webhook, { headers: ed25519(size, ...list), body: size }).code, "valid", `${size.length}`);
  }
});

test("headers of a megabyte cost no more than one of 64 KiB, and leave no memory behind", { skip }, (t) => {
  const mega = 1 << 20;
  const commas = ",".repeat(4 * mega);
  cost(WEBHOOKS[0].webhook, { headers: WEBHOOKS[0].headers(LARGE), body: LARGE });
  const size = memory.buffer.byteLength;
  let most = 0;
  for (const { name, webhook, headers } of WEBHOOKS) {
    const honest = headers(SMALL);
    for (const header of Object.keys(honest)) {
      const values = [
        "0".repeat(mega),
        "v1=".repeat(mega / 4),
        ", ".repeat(mega / 2),
        honest[header] + " ".repeat(mega),
        commas,
      ];
      values.push(
        `t=1,t=1${commas}`,
        `${honest[header]}${commas}${honest[header]}`,
        `${honest[header]}, `.repeat(2000),
      );
      for (const value of [...values, ...values.map((value) => value.slice(0, 1 << 16))]) {
        const { code, steps } = cost(webhook, { headers: { ...honest, [header]: value }, body: SMALL });
        assert.match(code, /^(valid|header_|signature_|timestamp_)/);
        if (value.length > 1 << 16) assert.notEqual(code, "valid", `${name} ${header}`);
        most = Math.max(most, steps);
      }
    }
  }
  t.diagnostic(`${most} steps at the most`);
  // So many calls and turns of loops for each character, and no more for more characters.
  assert.ok(most < 50 * (1 << 16), `${most}`);
  assert.ok(memory.buffer.byteLength <= size + 2 * mega, `${memory.buffer.byteLength - size} more bytes`);
});

test("a list of repeats is read once, not once for each repeat", { skip }, () => {
  for (const { webhook, headers } of WEBHOOKS) {
    const honest = headers(SMALL);
    for (const [header, value] of Object.entries(honest)) {
      for (const item of ["t=1,", "t=1, ", "v1=,", ", ", `${value}, `]) {
        const of = (size) => item.repeat(size / item.length);
        const [half, whole] = [1 << 15, 1 << 16].map((size) =>
          cost(webhook, { headers: { ...honest, [header]: of(size) }, body: SMALL }),
        );
        // Twice as long costs twice as much, not four times.
        assert.ok(whole.steps < 2.5 * half.steps + 1000, `${header} ${item}: ${half.steps}, ${whole.steps}`);
      }
    }
  }
});
