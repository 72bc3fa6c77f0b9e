// What the API promises beside the vectors' verdicts: errors, events, lists, and that nothing shows a secret.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { Webhook, WebhookError, detectProvider, providers } from "countersign";
import { bodyOf, webhookOf } from "../suite/vectors.mjs";
import { ED25519, KEY, NOW, PROVIDERS, hmac, thrown } from "./support.mjs";
import { vectorFiles } from "./vectors.mjs";

const SECRET = "whsec_stripe_secret_text";
const stripe = new Webhook("stripe", SECRET);
const BODY = Buffer.from(
  '{"id":"evt_1","object":"event","type":"invoice.paid","created":1,"livemode":false,"data":{"object":{"object":"invoice","id":"in_1"}}}',
);
const HEADERS = PROVIDERS.find(({ provider }) => provider === "stripe").headers(BODY, NOW);
const verify = (headers = HEADERS, body = BODY, now = NOW) => stripe.verify({ headers, body }, { now });

const ACME = {
  signature: { header: "X-Acme-Signature", prefix: "v0=", encoding: "hex" },
  timestamp: { header: "X-Acme-Timestamp" },
  signed: "v0:{timestamp}:{body}",
  key: "utf8",
};

test("a body that something parsed is body_not_raw", () => {
  const bodies = [
    { id: "evt_1" },
    [1, 2],
    undefined,
    null,
    12,
    true,
    10n,
    Symbol("body"),
    () => "{}",
    BODY.toJSON(),
    new String("{}"),
    new Map(),
    new Blob(["{}"]),
    Object.create(null),
    Promise.resolve(BODY),
  ];
  for (const body of bodies) {
    const error = thrown(() => stripe.verify({ headers: HEADERS, body }, { now: NOW }));
    assert.ok(error instanceof WebhookError, inspect(body));
    assert.deepEqual([error.code, error.status, error.provider], ["body_not_raw", 500, "stripe"], inspect(body));
    assert.match(error.message, /raw/);
    assert.equal(thrown(() => stripe.sign(body, { now: NOW })).code, "body_not_raw", inspect(body));
  }
});

test("views keep their offset, whatever their kind", () => {
  const larger = new Uint8Array(BODY.length + 32);
  larger.set(BODY, 16);
  const view = new DataView(larger.buffer, 16, BODY.length);
  assert.deepEqual(Buffer.from(verify(HEADERS, view).raw), BODY);
  const padded = Buffer.concat([BODY, Buffer.alloc((4 - (BODY.length % 4)) % 4, " ")]);
  const words = new Uint16Array(padded.buffer.slice(padded.byteOffset, padded.byteOffset + padded.length));
  const headers = PROVIDERS.find(({ provider }) => provider === "stripe").headers(padded, NOW);
  assert.deepEqual(Buffer.from(verify(headers, words).raw), padded);
});

test("bodies and bytes of another realm are bytes too", async () => {
  const { runInNewContext } = await import("node:vm");
  const bytes = runInNewContext("Uint8Array.from(list)", { list: [...BODY] });
  assert.ok(!(bytes instanceof Uint8Array));
  assert.equal(verify(HEADERS, bytes).type, "invoice.paid");
  assert.equal(verify(HEADERS, bytes.buffer).type, "invoice.paid");
  const key = runInNewContext("Uint8Array.from(list)", { list: [...Buffer.from(SECRET)] });
  assert.equal(new Webhook("stripe", key).verify({ headers: HEADERS, body: BODY }, { now: NOW }).id, "evt_1");
  assert.equal(
    new Webhook("stripe", [{ secret: key }]).verify({ headers: HEADERS, body: BODY }, { now: NOW }).id,
    "evt_1",
  );
});

const MISUSE = [
  ["now in milliseconds", () => verify(HEADERS, BODY, NOW * 1000), /now .*Unix seconds.*milliseconds/],
  ["now as text", () => verify(HEADERS, BODY, "1767225600"), /now .*Date.*Unix seconds/],
  ["now as null", () => verify(HEADERS, BODY, null), /now .*Date.*Unix seconds/],
  ["now as BigInt", () => verify(HEADERS, BODY, BigInt(NOW)), /now .*Date.*Unix seconds/],
  ["now as nothing", () => verify(HEADERS, BODY, NaN), /now .*Date.*Unix seconds/],
  ["now as no date", () => verify(HEADERS, BODY, new Date("no date")), /now .*Date.*Unix seconds/],
  ["now before 1970", () => verify(HEADERS, BODY, -1), /now .*Date.*Unix seconds/],
  ["an unknown provider", () => new Webhook("strip", SECRET), /Providers: .*stripe/],
  ["a provider in another case", () => new Webhook("Stripe", SECRET), /Providers: .*stripe/],
  ["no provider", () => new Webhook(undefined, SECRET), /Providers: .*stripe/],
  ["null as provider", () => new Webhook(null, SECRET), /Providers: .*stripe/],
  ["a provider of Object.prototype", () => new Webhook("constructor", SECRET), /Providers: .*stripe/],
  ["an unknown dialect", () => new Webhook("planeconnection", SECRET, { dialect: "v9" }), /dialect/],
  ["a dialect that is no text", () => new Webhook("planeconnection", SECRET, { dialect: 7 }), /dialect/],
  [
    "a negative tolerance",
    () => new Webhook("stripe", SECRET, { tolerance: { past: -1 } }),
    /tolerance\.past.*Infinity/,
  ],
  [
    "a tolerance that is no number",
    () => new Webhook("stripe", SECRET, { tolerance: { future: NaN } }),
    /tolerance\.future/,
  ],
  ["a tolerance as text", () => new Webhook("stripe", SECRET, { tolerance: { past: "300" } }), /tolerance\.past/],
  ["a misspelt option", () => new Webhook("stripe", SECRET, { tolerence: { past: 1 } }), /options has no tolerence/],
  ["a misspelt side", () => new Webhook("stripe", SECRET, { tolerance: { passt: 1 } }), /tolerance has no passt/],
  [
    "a misspelt key of a scheme",
    () => new Webhook({ signature: { header: "X", encoding: "hex" }, signd: "{body}" }, SECRET),
    /a scheme has no signd/,
  ],
  [
    "a scheme without encoding",
    () => new Webhook({ signature: { header: "X" }, signed: "{body}" }, SECRET),
    /encoding/,
  ],
  [
    "a path that is no text",
    () => new Webhook({ signature: { header: "X", encoding: "hex" }, signed: "{body}", event: { id: 7 } }, SECRET),
    /event.id must be a dotted path/,
  ],
  ["a tolerance that is one number", () => new Webhook("stripe", SECRET, { tolerance: 600 }), /tolerance/],
  ["a tolerance that is infinite", () => new Webhook("stripe", SECRET, { tolerance: Infinity }), /tolerance/],
  ["a bad encoding", () => new Webhook("stripe", SECRET, { encoding: "utf8" }), /encoding.*hex, base64/],
  ["a bad key format", () => new Webhook("stripe", SECRET, { key: "raw" }), /key.*utf8, base64/],
  ["a bad header name", () => new Webhook("stripe", SECRET, { headers: { signature: "X Sig" } }), /header name/],
  [
    "a header name that is no text",
    () => new Webhook("stripe", SECRET, { headers: { signature: 5 } }),
    /headers\.signature.*string/,
  ],
  [
    "an end in milliseconds",
    () => new Webhook("stripe", [{ secret: SECRET, expires: NOW * 1000 }]),
    /expires.*Unix seconds/,
  ],
  ["an end that is no date", () => new Webhook("stripe", [{ secret: SECRET, expires: new Date("x") }]), /expires/],
  ["an end as text", () => new Webhook("stripe", [{ secret: SECRET, expires: "2030-01-01" }]), /expires/],
  ["a scheme that signs no body", () => new Webhook({ ...ACME, signed: "{timestamp}" }, SECRET), /\{body\}/],
  [
    "a scheme with an unknown placeholder",
    () => new Webhook({ ...ACME, signed: "{url}{body}" }, SECRET),
    /placeholders/,
  ],
  ["a scheme without its timestamp", () => new Webhook({ ...ACME, timestamp: undefined }, SECRET), /timestamp/],
  ["a scheme without signature", () => new Webhook({ signed: "{body}" }, SECRET), /signature/],
  [
    "a scheme with a bad encoding",
    () => new Webhook({ ...ACME, signature: { header: "X-S", encoding: "b64" } }, SECRET),
    /encoding/,
  ],
  ["a scheme with a bad algorithm", () => new Webhook({ ...ACME, algorithm: "md5" }, SECRET), /algorithm.*hmac-sha256/],
  [
    "a scheme with a bad time format",
    () => new Webhook({ ...ACME, timestamp: { header: "X-T", format: "rfc" } }, SECRET),
    /timestamp\.format/,
  ],
  ["a scheme with a text as timestamp", () => new Webhook({ ...ACME, timestamp: "X-T" }, SECRET), /timestamp/],
  ["headers as text", () => verify("Stripe-Signature: t=1"), /headers must be/],
  ["no headers", () => verify(null), /headers must be/],
  ["Node's flat rawHeaders", () => verify(["Stripe-Signature", "t=1"]), /headers must be/],
  ["pairs that are none", () => verify([null, 5]), /headers must be/],
  [
    "an id that is a number",
    () => new Webhook("svix", `whsec_${KEY.toString("base64")}`).sign("{}", { id: 123, now: NOW }),
    /\bid\b/i,
  ],
  [
    "an id with a dot",
    () => new Webhook("svix", `whsec_${KEY.toString("base64")}`).sign("{}", { id: "a.b", now: NOW }),
    /id .*dot/,
  ],
  ["an empty id", () => new Webhook("svix", `whsec_${KEY.toString("base64")}`).sign("{}", { id: "", now: NOW }), /id/],
  [
    "signing with a public key",
    () => new Webhook("svix", ED25519.whpk).sign("{}", { now: NOW }),
    /public key.*private/,
  ],
];

for (const [what, call, sentence] of MISUSE) {
  test(`misuse is a TypeError with a sentence: ${what}`, () => {
    const error = thrown(call);
    assert.equal(error.constructor, TypeError, inspect(error));
    assert.match(error.message, sentence);
    assert.match(error.message, /^\p{Lu}?.* .*\.$/su, "a sentence");
    assert.doesNotMatch(
      error.message,
      /undefined \(|is not a function|Cannot (read|destructure)/,
      "not the engine's words",
    );
  });
}

test("a secret that is not there is secret_empty, with a sentence", () => {
  const missing = [undefined, null, "", "  ", [], [undefined], [""], [{ secret: undefined }], new Uint8Array(0), [{}]];
  for (const secret of missing) {
    const error = thrown(() => new Webhook("stripe", secret));
    assert.ok(error instanceof WebhookError, inspect(secret) + inspect(error));
    assert.deepEqual([error.code, error.status, error.provider], ["secret_empty", 500, "stripe"], inspect(secret));
    assert.match(error.message, /secret is empty\..*\.$/i);
  }
  const kind = thrown(() => new Webhook("stripe", "sk_live_0123456789"));
  assert.equal(kind.code, "secret_wrong_kind");
  assert.match(kind.message, /API key.*whsec_/);
  const quoted = thrown(() => new Webhook("stripe", '"whsec_0123"'));
  assert.equal(quoted.code, "secret_not_decodable");
  assert.match(quoted.message, /quotes/);
  for (const error of [kind, quoted]) assert.doesNotMatch(error.message, /0123/);
});

test("a WebhookError says what, where and what to do", () => {
  const missing = thrown(() => verify({}));
  assert.equal(missing.name, "WebhookError");
  assert.ok(missing instanceof Error && missing instanceof WebhookError);
  assert.equal(Object.prototype.toString.call(missing), "[object Error]");
  assert.match(missing.stack, /WebhookError/);
  assert.deepEqual(
    [missing.code, missing.status, missing.provider, missing.header, missing.signedAt, missing.now],
    ["header_missing", 400, "stripe", "Stripe-Signature", undefined, undefined],
  );
  assert.match(missing.message, /missing\. Header: Stripe-Signature\. Check .*\.$/);

  const mismatch = thrown(() => verify(HEADERS, "{}"));
  assert.deepEqual([mismatch.code, mismatch.status, mismatch.header], ["signature_mismatch", 401, "Stripe-Signature"]);
  assert.match(mismatch.message, /raw bytes of the request/);

  const old = thrown(() => verify(HEADERS, BODY, NOW + 301));
  assert.deepEqual([old.code, old.status, old.signedAt, old.now], ["timestamp_too_old", 401, NOW, NOW + 301]);
  assert.match(old.message, /authentic.* Signed 301 s ago\. .*clock.*\.$/);
  const early = thrown(() => verify(HEADERS, BODY, NOW - 301));
  assert.deepEqual([early.code, early.signedAt, early.now], ["timestamp_too_new", NOW, NOW - 301]);
  assert.match(early.message, /Signed 301 s ahead\./);
  assert.equal(verify(HEADERS, BODY, NOW + 300).timestamp, NOW);
  assert.equal(verify(HEADERS, BODY, NOW - 300).timestamp, NOW);
  assert.equal(verify(HEADERS, BODY, NOW + 300.999).timestamp, NOW);
  assert.equal(verify(HEADERS, BODY, new Date((NOW + 300) * 1000 + 999)).timestamp, NOW);
});

test("the default now is the clock", () => {
  const now = Math.floor(Date.now() / 1000);
  const headers = stripe.sign(BODY);
  const event = stripe.verify({ headers, body: BODY });
  assert.ok(Math.abs(event.timestamp - now) <= 2);
  assert.equal(thrown(() => stripe.verify({ headers: HEADERS, body: BODY })).code, "timestamp_too_old");
});

test("toResponse answers with the status and tells nothing", async () => {
  const errors = [
    thrown(() => verify({})),
    thrown(() => verify(HEADERS, "{}")),
    thrown(() => verify(HEADERS, BODY, NOW + 301)),
    thrown(() => verify(HEADERS, {})),
    await stripe.receive(new Request("https://example.com")).catch((error) => error),
    await stripe
      .receive(new Request("https://example.com", { method: "POST", body: "1234" }), { maxBytes: 3 })
      .catch((error) => error),
  ];
  const bodies = new Set();
  for (const error of errors) {
    const response = error.toResponse();
    assert.ok(response instanceof Response);
    assert.equal(response.status, error.status);
    assert.match(response.headers.get("content-type"), /^text\/plain/);
    assert.equal(response.headers.get("allow"), error.code === "method_not_allowed" ? "POST" : null);
    bodies.add(await response.text());
  }
  assert.deepEqual(
    errors.map(({ status }) => status),
    [400, 401, 401, 500, 405, 413],
  );
  assert.equal(bodies.size, 1);
});

test("the options change what they say", () => {
  const wide = new Webhook("stripe", SECRET, { tolerance: { past: Infinity } });
  assert.equal(wide.verify({ headers: HEADERS, body: BODY }, { now: NOW + 1e9 }).timestamp, NOW);
  assert.equal(
    thrown(() => wide.verify({ headers: HEADERS, body: BODY }, { now: NOW - 301 })).code,
    "timestamp_too_new",
  );
  const none = new Webhook("stripe", SECRET, { tolerance: { past: 0, future: 0 } });
  assert.equal(none.verify({ headers: HEADERS, body: BODY }, { now: NOW }).timestamp, NOW);
  assert.equal(thrown(() => none.verify({ headers: HEADERS, body: BODY }, { now: NOW + 1 })).code, "timestamp_too_old");
  assert.equal(thrown(() => none.verify({ headers: HEADERS, body: BODY }, { now: NOW - 1 })).code, "timestamp_too_new");

  const renamed = new Webhook("stripe", SECRET, { headers: { signature: "X-Forwarded-Stripe" } });
  const moved = { "x-forwarded-stripe": HEADERS["Stripe-Signature"] };
  assert.equal(renamed.verify({ headers: moved, body: BODY }, { now: NOW }).id, "evt_1");
  assert.equal(
    thrown(() => renamed.verify({ headers: HEADERS, body: BODY }, { now: NOW })).header,
    "X-Forwarded-Stripe",
  );
  assert.deepEqual(Object.keys(renamed.sign(BODY, { now: NOW })).includes("X-Forwarded-Stripe"), true);

  const base64 = new Webhook("github", "secret", { encoding: "base64" });
  const headers = { "X-Hub-Signature-256": `sha256=${hmac("secret", BODY, "base64")}` };
  assert.equal(base64.verify({ headers, body: BODY }).key, "default");
  const decoded = new Webhook("github", KEY.toString("hex"), { key: "hex" });
  assert.equal(
    decoded.verify({ headers: { "X-Hub-Signature-256": `sha256=${hmac(KEY, BODY, "hex")}` }, body: BODY }).key,
    "default",
  );
});

test("the options change a scheme of one's own too", () => {
  const headers = { signature: "X-A", timestamp: "X-B" };
  const webhook = new Webhook(ACME, "secret", { headers, tolerance: { past: 10 } });
  const sent = { "X-B": `${NOW}`, "X-A": `v0=${hmac("secret", `v0:${NOW}:{}`, "hex")}` };
  assert.equal(webhook.verify({ headers: sent, body: "{}" }, { now: NOW }).timestamp, NOW);
  assert.deepEqual(webhook.sign("{}", { now: NOW }), sent);
  assert.equal(
    thrown(() => webhook.verify({ headers: sent, body: "{}" }, { now: NOW + 11 })).code,
    "timestamp_too_old",
  );

  const wide = new Webhook({ ...ACME, tolerance: { past: 1000, future: 1000 } }, "secret", {
    tolerance: { future: 5 },
  });
  const plain = wide.sign("{}", { now: NOW });
  assert.equal(wide.verify({ headers: plain, body: "{}" }, { now: NOW + 900 }).timestamp, NOW);
  assert.equal(thrown(() => wide.verify({ headers: plain, body: "{}" }, { now: NOW - 6 })).code, "timestamp_too_new");
});

test("a keyring says which key matched, and forgets a key after its last second", () => {
  const webhook = new Webhook("github", [
    { name: "new", secret: "new secret" },
    { name: "old", secret: Buffer.from("old secret"), expires: NOW },
    "another",
  ]);
  const by = (secret) => ({ "X-Hub-Signature-256": `sha256=${hmac(secret, BODY, "hex")}` });
  assert.equal(webhook.verify({ headers: by("new secret"), body: BODY }, { now: NOW }).key, "new");
  assert.equal(webhook.verify({ headers: by("old secret"), body: BODY }, { now: NOW }).key, "old");
  assert.equal(webhook.verify({ headers: by("another"), body: BODY }, { now: NOW }).key, "default");
  assert.equal(
    thrown(() => webhook.verify({ headers: by("old secret"), body: BODY }, { now: NOW + 1 })).code,
    "signature_mismatch",
  );
  assert.equal(webhook.verify({ headers: webhook.sign(BODY), body: BODY }).key, "new");
});

test("an event: facts, lazy payload, JSON", () => {
  const event = verify();
  assert.equal(event.type, "invoice.paid");
  assert.equal(event.payload, event.payload);
  assert.equal(event.payload.data.object.id, "in_1");
  assert.equal(event.json(), event.payload);
  assert.deepEqual(Buffer.from(event.raw), BODY);
  assert.deepEqual(JSON.parse(JSON.stringify(event)), {
    provider: "stripe",
    type: "invoice.paid",
    id: "evt_1",
    timestamp: NOW,
    key: "default",
    authenticated: { id: true, timestamp: true },
    replayKey: "stripe:id:evt_1",
    expires: event.expires,
  });
  assert.ok(event.expires >= NOW + 3 * 86_400);
  assert.throws(() => {
    event.type = "other";
  }, TypeError);

  const github = new Webhook("github", "secret");
  const signed = (body) =>
    github.verify({ headers: { "X-Hub-Signature-256": `sha256=${hmac("secret", body, "hex")}` }, body }, { now: NOW });
  const bad = ["not json", "", "\xff", '{"a":', "\ufeff\ufeff{}", "{}\0", Buffer.from([0xff, 0xfe])];
  for (const body of bad) {
    const event = signed(body);
    assert.deepEqual([event.type, event.id], [null, null]);
    for (const read of [() => event.payload, () => event.json(), () => event.payload]) {
      const error = thrown(read);
      assert.ok(error instanceof WebhookError);
      assert.deepEqual(
        [error.code, error.status, error.provider, error.cause],
        ["payload_invalid", 422, "github", undefined],
      );
      assert.doesNotMatch(error.message, /not json|position|token/, "the body is not quoted");
    }
    assert.doesNotThrow(() => JSON.stringify(event));
    assert.match(event.replayKey, /^github:body:[0-9a-f]{64}$/);
  }
  const bom = signed("\ufeff{}");
  assert.deepEqual([...bom.raw], [0xef, 0xbb, 0xbf, 0x7b, 0x7d]);
  assert.deepEqual(bom.json(), {});
  assert.deepEqual(signed(Buffer.from("\ufeff{}")).payload, {});
  assert.deepEqual(signed("[1]").json(), [1]);
  assert.equal(thrown(() => signed("[1]").payload).code, "payload_invalid");
  assert.equal(signed('{"__proto__":{"type":"x"},"constructor":1}').type, null);
});

test("a payload of shared memory can be read", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(BODY.length));
  bytes.set(BODY);
  const event = verify(HEADERS, bytes);
  assert.equal(event.payload.data.object.id, "in_1");
  assert.equal(verify(HEADERS, bytes.buffer).id, "evt_1");
});

test("what the caller does to its buffer later changes nothing of the event", () => {
  const forged = BODY.toString().replace("evt_1", "evt_2").replace("invoice.paid", "invoice.void");
  const facts = ({ type, id, replayKey, payload }) => [type, id, replayKey, payload.id, payload.type];
  const right = ["invoice.paid", "evt_1", "stripe:id:evt_1", "evt_1", "invoice.paid"];
  for (const make of [(bytes) => bytes, (bytes) => Buffer.from(bytes.buffer), (bytes) => bytes.buffer]) {
    const bytes = new Uint8Array(BODY);
    const event = verify(HEADERS, make(bytes));
    bytes.set(Buffer.from(forged));
    assert.deepEqual(facts(event), right);
    assert.deepEqual(Buffer.from(event.raw), Buffer.from(forged), "raw is the caller's own buffer");
  }

  // Without id in the body, the key is the body's digest.
  const github = new Webhook("github", "secret");
  const bytes = new Uint8Array(BODY);
  const headers = { "X-Hub-Signature-256": `sha256=${hmac("secret", BODY, "hex")}` };
  const event = github.verify({ headers, body: bytes });
  bytes.fill(0x20);
  assert.equal(event.replayKey, github.verify({ headers, body: BODY }).replayKey);

  // What is shown of a text is a copy.
  const text = verify(HEADERS, BODY.toString());
  text.raw.fill(0x20);
  assert.deepEqual(facts(text), right);
});

test("what a handler does to raw or to the payload changes nothing of the names", async () => {
  const request = () => new Request("https://example.com", { method: "POST", headers: HEADERS, body: BODY });
  const event = await stripe.receive(request(), { now: NOW });
  event.raw.fill(0x20);
  assert.deepEqual([event.type, event.id, event.replayKey], ["invoice.paid", "evt_1", "stripe:id:evt_1"]);
  for (const read of ["json", "payload"]) {
    const other = await stripe.receive(request(), { now: NOW });
    const value = read === "json" ? other.json() : other.payload;
    value.id = "evt_2";
    value.type = "invoice.void";
    assert.deepEqual([other.type, other.id, other.replayKey], ["invoice.paid", "evt_1", "stripe:id:evt_1"], read);
  }
});

test("what is long or unsigned is no replay key", () => {
  const scheme = {
    name: "acme",
    signature: { header: "X-S", encoding: "hex" },
    id: { header: "X-Id" },
    signed: "{body}",
    event: { id: "id" },
  };
  const webhook = new Webhook(scheme, "secret");
  const signed = (body, id) => {
    const headers = { "X-S": hmac("secret", body, "hex"), ...(id && { "X-Id": id }) };
    return webhook.verify({ headers, body }, { now: NOW });
  };
  const unsigned = signed('{"id":"inside"}', "outside");
  assert.deepEqual(
    [unsigned.id, unsigned.authenticated.id, unsigned.replayKey],
    ["outside", false, "custom/acme:id:inside"],
  );
  assert.equal(signed('{"id":"inside"}').id, "inside");
  assert.equal(signed(`{"id":"${"é".repeat(128)}"}`).replayKey, `custom/acme:id:${"é".repeat(128)}`);
  assert.match(signed(`{"id":"${"é".repeat(129)}"}`).replayKey, /^custom\/acme:body:[0-9a-f]{64}$/);
});

test("nothing that shows a webhook shows its secret", () => {
  for (const [provider, secret] of [
    ["stripe", SECRET],
    ["svix", ED25519.whsk],
    ["github", KEY],
  ]) {
    const webhook = new Webhook(provider, [{ name: "main", secret }], { headers: {} });
    const shown = [
      inspect(webhook, { depth: Infinity, showHidden: true, getters: true }),
      JSON.stringify(webhook),
      String(webhook),
      JSON.stringify(Object.getOwnPropertyDescriptors(webhook)),
      Object.keys(webhook).join(),
      Reflect.ownKeys(webhook).map(String).join(),
    ].join("\n");
    for (const text of [
      String(secret),
      Buffer.from(secret).toString("hex"),
      [...Buffer.from(secret)].slice(0, 8).join(","),
    ]) {
      assert.ok(!shown.includes(text), shown);
      assert.ok(!shown.replaceAll(/\s/g, "").includes(text), shown);
    }
    assert.match(shown, new RegExp(provider));
  }
});

test("providers() lists every provider, and detectProvider() finds each by its headers", () => {
  const list = providers();
  assert.deepEqual(
    list.map(({ name }) => name),
    ["github", "planasonix", "plandocket", "plane", "planeconnection", "resend", "standard-webhooks", "stripe", "svix"],
  );
  for (const { title, docs, dialects, largestBody, ...rest } of list) {
    assert.ok(title.length > 3 && dialects.length > 0 && largestBody > 1e6);
    assert.equal(new URL(docs).protocol, "https:");
    assert.deepEqual(Object.keys(rest), ["name"]);
  }
  list[0].name = "changed";
  list.length = 0;
  assert.equal(providers()[0].name, "github");

  for (const { provider, headers } of PROVIDERS) {
    const expected = provider === "resend" ? "svix" : provider;
    const sent = headers(BODY, NOW);
    const lower = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]));
    for (const shape of [sent, lower, new Headers(sent), new Map(Object.entries(sent)), Object.entries(sent)]) {
      assert.equal(detectProvider(shape), expected, provider);
    }
  }
  for (const nothing of [
    {},
    [],
    new Headers(),
    new Map(),
    { "Content-Type": "text/plain" },
    { "X-Webhook-Signature": "nothing" },
  ]) {
    assert.equal(detectProvider(nothing), null);
  }
  assert.throws(() => detectProvider(null), TypeError);
});

test("200 webhooks at once keep their own keys", () => {
  const made = Array.from({ length: 200 }, (_, at) => {
    const secret = `secret number ${at}`;
    return { secret, webhook: new Webhook("github", [{ name: `k${at}`, secret }]) };
  });
  const check = (at) => {
    const { webhook, secret } = made[at];
    const headers = { "X-Hub-Signature-256": `sha256=${hmac(secret, BODY, "hex")}` };
    assert.equal(webhook.verify({ headers, body: BODY }).key, `k${at}`);
    assert.equal(webhook.sign(BODY)["X-Hub-Signature-256"], headers["X-Hub-Signature-256"]);
    const other = made[(at + 64) % 200].webhook;
    assert.equal(thrown(() => other.verify({ headers, body: BODY })).code, "signature_mismatch");
  };
  for (let at = 0; at < 200; at++) check(at);
  for (let at = 199; at >= 0; at--) check(at);
  for (let at = 0; at < 2000; at++) check((at * 67) % 200);
});

test("no error message holds a secret, a body or a signature: all vectors, and each with every header doubled", () => {
  let looked = 0;
  for (const file of vectorFiles()) {
    for (const vector of file.cases) {
      const errors = [];
      const collect = (call) => {
        try {
          return call();
        } catch (error) {
          errors.push(error);
          return undefined;
        }
      };
      const webhook = collect(() => webhookOf({ Webhook }, file.provider, vector));
      const body = bodyOf(vector);
      for (const headers of [
        vector.headers,
        vector.headers.flatMap(([name, value]) => [
          [name, value],
          [name, `${value}x`],
        ]),
        [],
      ]) {
        for (const now of [vector.now, vector.now + 1e8]) {
          const event = collect(() => webhook?.verify({ headers, body }, { now }));
          collect(() => event?.payload);
        }
      }
      const texts = [vector.secret ?? vector.secrets.map(({ secret }) => secret), vector.body ?? []].flat();
      texts.push(...vector.headers.flatMap(([, value]) => [value, ...value.split(/[ ,=]+/)]));
      // A time is no secret: errors name it as a number.
      const hidden = texts.map((text) => text.trim()).filter((text) => text.length >= 12 && !/^\d+$/.test(text));
      for (const error of errors) {
        assert.ok(error instanceof WebhookError, `${file.provider}/${vector.id}: ${error.stack}`);
        const shown = `${error.message}\n${JSON.stringify(error)}\n${inspect(error, { showHidden: true }).replace(/\n\s+at .*/g, "")}`;
        for (const text of hidden) assert.ok(!shown.includes(text), `${file.provider}/${vector.id}: ${shown}`);
        looked++;
      }
    }
  }
  assert.ok(looked > 5000, `${looked}`);
});

test("an error that nobody catches does not fill the screen: Node prints the line that threw", () => {
  const program = 'import { Webhook } from "countersign"; new Webhook("stripe", "");';
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd, encoding: "utf8" });
  assert.match(stderr, /secret_empty/);
  assert.ok(stderr.length < 4000, `${stderr.length} characters`);
});
