// sign() writes the exact headers of each provider, by another implementation's word, and verify() takes them back.
import assert from "node:assert/strict";
import { sign as signEd25519, verify as verifyEd25519 } from "node:crypto";
import { test } from "node:test";
import { Webhook, WebhookError, detectProvider, providers } from "countersign";
import { bodyOf, webhookOf } from "../suite/vectors.mjs";
import { ED25519, KEY, NOW, PROVIDERS, hmac, random, thrown } from "./support.mjs";
import { vectorFiles } from "./vectors.mjs";

const BODIES = [
  "",
  "{}",
  '{"event":"issue","action":"created","type":"email.sent","id":"evt_1"}',
  "\ufeff{}",
  "ключ 鍵 🔑 \u2028",
  "a\0b\r\n",
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.alloc(100_000, "x"),
].map((body) => Buffer.from(body));

for (const { provider, options, secret, headers, sent, signsId } of PROVIDERS) {
  const name = options ? `${provider} ${options.dialect}` : provider;
  const webhook = new Webhook(provider, secret, options);

  test(`${name}: the headers are the provider's, name by name`, () => {
    for (const body of BODIES) {
      for (const now of [NOW, new Date(NOW * 1000 + 250)]) {
        const got = webhook.sign(body, { id: "msg_1", now, type: "push" });
        const expected = headers(body, NOW, "msg_1");
        for (const [header, value] of Object.entries(expected)) assert.equal(got[header], value, header);
        const others = Object.keys(got).filter((header) => !(header in expected));
        for (const header of others) assert.ok(sent.includes(header), header);
        assert.match(got["Content-Type"], /^application\/json/);
        for (const value of Object.values(got)) assert.match(value, /^[ -~]+$/);
      }
    }
    const full = webhook.sign(BODIES[2], { id: "msg_1", now: NOW, type: "push" });
    assert.deepEqual(Object.keys(full).sort(), [...Object.keys(headers(BODIES[2], NOW)), ...sent].sort());
  });

  test(`${name}: what sign() writes, verify() takes`, () => {
    for (const body of BODIES) {
      for (const signed of [body, body.toString("latin1"), new Uint8Array(body), new Uint8Array(body).buffer]) {
        const written = webhook.sign(signed, { now: NOW });
        const event = webhook.verify({ headers: written, body: signed }, { now: NOW });
        assert.equal(event.provider, provider);
        assert.deepEqual(Buffer.from(event.raw), typeof signed === "string" ? Buffer.from(signed) : body);
        const native = new Headers(written);
        assert.equal(webhook.verify({ headers: native, body: signed }, { now: NOW }).key, "default");
        assert.equal(detectProvider(native), provider === "resend" ? "svix" : provider);
      }
    }
  });

  test(`${name}: a changed byte, time or header is refused`, () => {
    const body = Buffer.from('{"type":"x"}');
    const written = webhook.sign(body, { now: NOW });
    const refused = (headers, changed = body) =>
      thrown(() => webhook.verify({ headers, body: changed }, { now: NOW })).code;
    for (let at = 0; at < body.length; at++) {
      const changed = Buffer.from(body);
      changed[at] ^= 1;
      assert.equal(refused(written, changed), "signature_mismatch");
    }
    const essential = Object.keys(headers(body, NOW));
    for (const header of essential.filter((one) => /signature/i.test(one))) {
      const value = written[header];
      const other = value.at(-3) === "0" ? "1" : "0";
      assert.equal(
        refused({ ...written, [header]: `${value.slice(0, -3)}${other}${value.slice(-2)}` }),
        "signature_mismatch",
      );
      const { [header]: _, ...without } = written;
      assert.equal(refused(without), "header_missing");
    }
  });

  if (signsId) {
    test(`${name}: an id is made up where none is given, new each time`, () => {
      const header = Object.keys(headers(Buffer.from(""), NOW)).find((one) => one.endsWith("-id"));
      const ids = Array.from({ length: 50 }, () => webhook.sign("{}", { now: NOW })[header]);
      assert.equal(new Set(ids).size, 50);
      for (const id of ids) assert.match(id, /^msg_[0-9a-f]{32}$/);
    });
  }
}

test("every dialect of these providers is signed above", () => {
  const known = new Set(PROVIDERS.map(({ provider }) => provider));
  const all = providers().flatMap(({ name, dialects }) =>
    known.has(name) ? dialects.map((dialect, at) => (at === 0 ? name : `${name} ${dialect}`)) : [],
  );
  const here = PROVIDERS.map(({ provider, options }) => (options ? `${provider} ${options.dialect}` : provider));
  assert.deepEqual([...here, "planasonix ed25519"].sort(), all.sort());
});

test("Ed25519: signed with whsk_, verified with every form of the public key, and by node:crypto", () => {
  const body = Buffer.from('{"type":"x"}');
  for (const [provider, prefix] of [
    ["svix", "svix"],
    ["standard-webhooks", "webhook"],
  ]) {
    const headers = new Webhook(provider, ED25519.whsk).sign(body, { id: "msg_1", now: NOW });
    const [version, signature] = headers[`${prefix}-signature`].split(",");
    assert.equal(version, "v1a");
    const content = Buffer.concat([Buffer.from(`msg_1.${NOW}.`), body]);
    assert.ok(verifyEd25519(null, content, { key: ED25519.pem }, Buffer.from(signature, "base64")));
    for (const key of [ED25519.whpk, ED25519.whsk]) {
      assert.equal(new Webhook(provider, key).verify({ headers, body }, { now: NOW }).id, "msg_1");
    }
    const wrong = thrown(() =>
      new Webhook(provider, `whsec_${KEY.toString("base64")}`).verify({ headers, body }, { now: NOW }),
    );
    assert.equal(wrong.code, "header_malformed");
  }
  for (const [secret, form] of [
    [ED25519.whsk, "whsk_"],
    [Buffer.concat([ED25519.seed, ED25519.point]), "bytes"],
  ]) {
    const signer = new Webhook("planasonix", secret, { dialect: "ed25519" });
    const headers = signer.sign(body, { now: NOW });
    const content = Buffer.concat([Buffer.from(`${NOW}.`), body]);
    const expected = `v1=${signEd25519(null, content, ED25519.privateKey).toString("hex")}`;
    assert.equal(headers["X-Planasonix-Signature"], expected, form);
    for (const key of [ED25519.whpk, ED25519.hex, ED25519.pem, ED25519.point, ED25519.point.toString("base64")]) {
      const webhook = new Webhook("planasonix", key, { dialect: "ed25519" });
      assert.equal(webhook.verify({ headers, body }, { now: NOW }).timestamp, NOW);
      assert.match(thrown(() => webhook.sign(body, { now: NOW })).message, /public key/);
    }
  }
  assert.equal(thrown(() => new Webhook("stripe", ED25519.whpk)).code, "secret_wrong_kind");
  assert.equal(thrown(() => new Webhook("resend", ED25519.whpk)).code, "secret_wrong_kind");
});

test("a scheme of one's own: every part of it round", () => {
  const encodings = ["hex", "base64", "hex-or-base64"];
  const keys = [
    ["utf8", "a secret"],
    ["base64", KEY.toString("base64")],
    ["hex", KEY.toString("hex")],
    ["whsec", `whsec_${KEY.toString("base64")}`],
  ];
  const algorithms = ["hmac-sha256", "hmac-sha512", "hmac-sha1-legacy"];
  const times = [
    undefined,
    ...["unix", "unix-ms", "iso8601"].flatMap((format) => [
      { header: "X-Time", format },
      { field: "t", format },
    ]),
  ];
  let round = 0;
  for (const encoding of encodings) {
    for (const [key, secret] of keys) {
      for (const algorithm of algorithms) {
        for (const timestamp of times) {
          for (const id of [undefined, { header: "X-Id" }]) {
            const scheme = {
              signature: { header: "X-Sig", prefix: "s1=", separator: timestamp?.field ? "," : undefined, encoding },
              timestamp,
              id,
              signed: `${id ? "{id}~" : ""}${timestamp ? "{timestamp}~" : ""}{body}`,
              key,
              algorithm,
              event: { type: "meta.kind", id: "meta.id" },
            };
            const webhook = new Webhook(scheme, secret);
            const body = '{"meta":{"kind":"order.paid","id":"o_1"}}';
            const headers = webhook.sign(body, { id: "i_1", now: NOW });
            const event = webhook.verify({ headers, body }, { now: NOW });
            assert.deepEqual([event.type, event.id, event.provider], ["order.paid", id ? "i_1" : "o_1", "custom"]);
            assert.equal(event.timestamp, timestamp ? NOW : null);
            assert.deepEqual(event.authenticated, { id: true, timestamp: timestamp !== undefined });
            assert.equal(
              thrown(() => webhook.verify({ headers, body: `${body} ` }, { now: NOW })).code,
              "signature_mismatch",
            );
            round++;
          }
        }
      }
    }
  }
  assert.equal(round, 3 * 4 * 3 * 7 * 2);
});

test("sign() gives back the signature of every valid vector that its first secret made", () => {
  let same = 0;
  let tried = 0;
  for (const file of vectorFiles()) {
    const sameBefore = same;
    const signed = file.cases.filter(({ result, event }) => result === "valid" && event.key === "default");
    for (const vector of signed.filter(({ event }) => (event.timestamp ?? 0) < 1e11)) {
      const webhook = webhookOf({ Webhook }, file.provider, vector);
      const { id, timestamp } = vector.event;
      const sent = vector.headers.map(([, value]) => value.toLowerCase()).join("\n");
      let headers;
      try {
        headers = webhook.sign(bodyOf(vector), { id: id ?? undefined, now: timestamp ?? vector.now });
      } catch (error) {
        assert.ok(
          error instanceof TypeError && /public key|An id is/.test(error.message),
          `${vector.id}: ${error.stack}`,
        );
        continue;
      }
      tried++;
      const values = Object.values(headers).flatMap((value) => value.split(/[, =]/));
      const signature = values.map((value) => value.replace(/=+$/, "")).reduce((a, b) => (a.length > b.length ? a : b));
      if (sent.includes(signature.toLowerCase())) same++;
    }
    assert.ok(same > sameBefore, file.provider);
  }
  // The others are signed for another dialect, or over a timestamp text that we would not write.
  assert.ok(same / tried > 0.85 && same > 700, `${same} of ${tried}`);
});

test("random bytes, ids and times go round for every provider", () => {
  const next = random(20_260_101);
  for (let at = 0; at < 2000; at++) {
    const { provider, options, secret } = PROVIDERS[at % PROVIDERS.length];
    const webhook = new Webhook(provider, secret, options);
    const body = Buffer.from(Array.from({ length: next(200) }, () => next(256)));
    const id = `id_${next(1e9)}`;
    const now = next(4_000_000_000);
    const headers = webhook.sign(body, { id, now });
    const event = webhook.verify({ headers, body }, { now });
    assert.ok(Buffer.from(event.raw).equals(body));
    const skew = next(2) ? 3e8 : -3e8;
    const off = now + skew;
    if (event.timestamp !== null && off >= 0) {
      const error = thrown(() => webhook.verify({ headers, body }, { now: off }));
      assert.ok(error instanceof WebhookError);
      assert.equal(error.code, skew > 0 ? "timestamp_too_old" : "timestamp_too_new");
    }
  }
});

test("the id of a delivery is the caller's where the provider has one", () => {
  const github = new Webhook("github", "secret");
  assert.equal(github.sign("{}", { id: "delivery-1", type: "push" })["X-GitHub-Delivery"], "delivery-1");
  assert.equal(github.sign("{}", { id: "delivery-1", type: "push" })["X-GitHub-Event"], "push");
  const plane = new Webhook("plane", "secret");
  assert.equal(plane.sign('{"event":"issue"}')["X-Plane-Event"], "issue");
  assert.equal(plane.sign("no json", { type: "project" })["X-Plane-Event"], "project");
  assert.equal(plane.sign('{"event":"is\\nsue"}')["X-Plane-Event"], undefined);
  assert.equal(plane.sign('{"event":"ключ"}')["X-Plane-Event"], undefined);
  assert.equal(hmac("secret", "{}", "hex"), github.sign("{}")["X-Hub-Signature-256"].slice(7));
});
