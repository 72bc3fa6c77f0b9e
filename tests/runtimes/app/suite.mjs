// What every runtime has to pass: all shared vectors, and checks of what lies around them. Nothing of one runtime here.
//
// Signatures are made by the runtime's own WebCrypto, not by the library.
import { runVectors } from "../../suite/vectors.mjs";

const URL_ = "https://example.com/hook";
const SECRET = "a secret of this test";
const encoder = new TextEncoder();

/** GitHub's published example, verified before anything is awaited: the answer is the key's name. */
export function firstUse(lib) {
  const webhook = new lib.Webhook("github", "It's a Secret to Everybody");
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  return webhook.verify({ headers: { "x-hub-signature-256": signature }, body: "Hello, World!" }).key;
}

/** Runs everything; what comes out is plain data, to be judged by `assertPassed` in support.mjs. */
export async function report(lib, files, first) {
  const { failures, ...vectors } = runVectors(lib, files);
  const checks = { "the first call is synchronous": first === "default" ? "ok" : `${first}` };
  for (const [name, check] of Object.entries(CHECKS)) {
    checks[name] = await check(lib, files).then(
      () => "ok",
      (error) => `${error?.stack ?? error}`,
    );
  }
  return { vectors: { ...vectors, failed: failures.length, failures: failures.slice(0, 20) }, checks };
}

/** What a report must have. */
export const checkNames = () => ["the first call is synchronous", ...Object.keys(CHECKS)];

const CHECKS = {
  async "the runner notices what is wrong"(lib, files) {
    const github = files.find(({ provider }) => provider === "github");
    const short = runVectors(lib, [{ ...github, cases: github.cases.slice(1) }]);
    equal(short.failures.length, 1);
    const valid = github.cases.find(({ result }) => result === "valid");
    const wrong = [
      { ...valid, result: "header_missing" },
      { ...valid, body: `${valid.body} ` },
    ];
    equal(runVectors(lib, [{ ...github, cases: wrong, numberOfTests: 0 }]).passed, 0);
  },

  async "every sender has vectors"(lib, files) {
    const known = [...lib.providers().map(({ name }) => name), "custom"];
    equal(files.map(({ provider }) => provider).sort(), known.sort());
  },

  async "receive takes a Request, byte for byte"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const bodies = [
      '{"action":"opened"}',
      "\ufeff{}",
      "é🔑\0\r\n",
      "",
      Uint8Array.of(0xff, 0xfe, 0xc3, 0x28),
      new Uint8Array(200_000).fill(120),
    ];
    for (const body of bodies.map(bytesOf)) {
      const event = await webhook.receive(post(body, await signed(body)));
      equal(event.raw, body);
      equal([event.provider, event.key], ["github", "default"]);
    }
  },

  async "receive reads a body that comes in pieces"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const body = bytesOf('{"text":"é🔑"}');
    let at = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (at === body.length) controller.close();
        else controller.enqueue(body.slice(at, ++at));
      },
    });
    const request = new Request(URL_, { method: "POST", body: stream, duplex: "half", headers: await signed(body) });
    equal((await webhook.receive(request)).json(), { text: "é🔑" });
  },

  async "receive refuses what it must not read"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const headers = await signed(bytesOf("12345"));
    const read = post("12345", headers);
    await read.text();
    equal(await code(lib, () => webhook.receive(new Request(URL_))), "method_not_allowed");
    equal(await code(lib, () => webhook.receive(read)), "body_not_raw");
    equal(await code(lib, () => webhook.receive(post("12345", headers), { maxBytes: 4 })), "body_too_large");
    equal(await code(lib, () => webhook.receive(post("12346", headers))), "signature_mismatch");
    equal(await code(lib, () => webhook.receive(post("12345", {}))), "header_missing");
    equal((await webhook.receive(post("12345", headers), { maxBytes: 5 })).raw.length, 5);
  },

  async "a header sent twice, as Headers joins it"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const [name, value] = Object.entries(await signed(bytesOf("{}")))[0];
    const [same, other] = [new Headers(), new Headers()];
    for (const headers of [same, other]) headers.append(name, value);
    same.append(name, value);
    other.append(name, `sha256=${"0".repeat(64)}`);
    equal((await webhook.receive(post("{}", same))).key, "default");
    equal(await code(lib, () => webhook.receive(post("{}", other))), "header_conflict");
  },

  async "respond answers with a Response"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const headers = await signed(bytesOf("{}"));
    const handled = [];
    const options = { handler: (event) => handled.push(event.key) };
    const answers = [
      await webhook.respond(post("{}", headers), options),
      await webhook.respond(post("{ }", headers), options),
      await webhook.respond(new Request(URL_), options),
      await webhook.respond(post("{}", headers), { ...options, maxBytes: 1 }),
    ];
    for (const answer of answers) equal(answer instanceof Response, true);
    equal(
      answers.map(({ status }) => status),
      [200, 401, 405, 413],
    );
    equal(
      answers.map((answer) => answer.headers.get("allow")),
      [null, null, "POST", null],
    );
    equal(await Promise.all(answers.map((answer) => answer.text())), ["", "refused", "refused", "refused"]);
    equal(handled, ["default"]);
    const broken = new Error("the handler's own");
    const handler = () => {
      throw broken;
    };
    equal((await failure(() => webhook.respond(post("{}", headers), { handler }))) === broken, true);
  },

  async "handle runs the handler once"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const replay = tinyStore();
    const body = "once";
    const delivery = { headers: await signed(bytesOf(body)), body };
    let ran = 0;
    const fail = () => {
      throw new RangeError("not now");
    };
    equal((await failure(() => webhook.handle(delivery, { replay, handler: fail }))).message, "not now");
    const during = async () => {
      const error = await failure(() => webhook.handle(delivery, { replay, handler: fail }));
      equal([error.code, error.status, error.retryAfter], ["in_progress", 409, 7]);
      equal(error.toResponse().headers.get("retry-after"), "7");
      ran++;
    };
    await webhook.handle(delivery, { replay, handler: during });
    equal(await code(lib, () => webhook.handle(delivery, { replay, handler: fail })), "duplicate");
    const again = await webhook.respond(post(body, delivery.headers), { replay, handler: fail });
    equal([again.status, ran], [200, 1]);
  },

  async "an event is read strictly"(lib) {
    const webhook = new lib.Webhook("github", SECRET);
    const read = async (body) => webhook.verify({ headers: await signed(bytesOf(body)), body: bytesOf(body) });
    equal((await read('\ufeff{"a":"é🔑","n":1e3}')).payload, { a: "é🔑", n: 1000 });
    for (const body of [
      "",
      "not json",
      "\ufeff\ufeff{}",
      Uint8Array.of(0x22, 0xff, 0x22),
      "[".repeat(200) + "]".repeat(200),
      "[1e999]",
    ]) {
      const event = await read(body);
      for (const what of ["payload", "json"]) {
        equal(await code(lib, async () => (what === "json" ? event.json() : event.payload)), "payload_invalid");
      }
    }
  },

  async "an event and a webhook show no body and no secret"(lib) {
    const webhook = new lib.Webhook("stripe", SECRET);
    const body =
      '{"id":"evt_1","object":"event","type":"invoice.paid","created":1,"livemode":false,"data":{"object":{"object":"invoice","id":"in_private"}}}';
    const now = Math.floor(Date.now() / 1000);
    const headers = { "stripe-signature": `t=${now},v1=${await hmac(SECRET, bytesOf(`${now}.${body}`))}` };
    // By the clock of this runtime.
    const event = webhook.verify({ headers, body });
    const { expires, ...facts } = JSON.parse(JSON.stringify(event));
    equal(facts, {
      provider: "stripe",
      type: "invoice.paid",
      id: "evt_1",
      timestamp: now,
      key: "default",
      authenticated: { id: true, timestamp: true },
      replayKey: "stripe:id:evt_1",
    });
    equal(expires > now, true);
    equal(event.payload.data.object.id, "in_private");
    equal(JSON.stringify(webhook).includes(SECRET), false);
    const error = await failure(() => webhook.verify({ headers, body }, { now: now + 301 }));
    equal([error.code, error.status, error.signedAt, error.now], ["timestamp_too_old", 401, now, now + 301]);
  },

  async "errors are values"(lib) {
    const error = await failure(() => new lib.Webhook("github", ""));
    equal([error instanceof lib.WebhookError, error instanceof Error, error.name], [true, true, "WebhookError"]);
    equal([error.code, error.status, error.provider], ["secret_empty", 500, "github"]);
    equal(/^WebhookError: .+\.$/.test(String(error)), true);
    equal((await failure(() => new lib.Webhook("gitlab", SECRET))) instanceof TypeError, true);
    const webhook = new lib.Webhook("github", SECRET);
    equal(await code(lib, () => webhook.verify({ headers: {}, body: { parsed: true } })), "body_not_raw");
  },

  async "diagnose names the cause"(lib) {
    const body = '{"é":"🔑"}';
    const headers = await signed(bytesOf(body));
    const why = (secret, body, options) => {
      const { code, causes, complete } = lib.diagnose("github", secret, { headers, body }, options);
      return [code, causes.map(({ code, proven }) => [code, proven]), complete];
    };
    equal(why(SECRET, body), ["valid", [], true]);
    equal(why(`${SECRET}\n`, bytesOf(`${body}\n`)), [
      "secret_not_decodable",
      [
        ["secret_whitespace", true],
        ["body_newline_added", true],
      ],
      true,
    ]);
    equal(why(SECRET, JSON.stringify(JSON.parse(body), null, 2)), [
      "signature_mismatch",
      [["body_reserialized", true]],
      true,
    ]);
    equal(why("another secret", body), ["signature_mismatch", [], true]);
    equal(
      lib
        .diagnose("github", SECRET, { headers, body: `${body} ` }, { framework: "hono" })
        .causes[0].fix.includes("Hono"),
      true,
    );
    equal(lib.diagnose("gitlab", SECRET, { headers, body }).code, "arguments_invalid");
  },

  async "signing: what WebCrypto computes, and ids that differ"(lib) {
    const body = '{"é":"🔑"}';
    equal(
      new lib.Webhook("github", SECRET).sign(body)["X-Hub-Signature-256"],
      `sha256=${await hmac(SECRET, bytesOf(body))}`,
    );
    const svix = new lib.Webhook("svix", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const [one, two] = [svix.sign(body), svix.sign(body)];
    equal(svix.verify({ headers: one, body }).id, one["svix-id"]);
    equal([/^msg_[0-9a-f]{32}$/.test(one["svix-id"]), one["svix-id"] === two["svix-id"]], [true, false]);
  },
};

/** A replay store in a Map, as the reader of `ReplayStore` would write it; a claim never runs out. */
function tinyStore() {
  const claims = new Map();
  let tokens = 0;
  const owns = (key, token) => claims.get(key)?.token === token;
  return {
    claim(key) {
      const held = claims.get(key);
      if (held) return held.done ? { state: "done" } : { state: "in_progress", retryAfter: 7 };
      const token = `${++tokens}`;
      claims.set(key, { token, done: false });
      return { state: "new", token };
    },
    commit: (key, token) => owns(key, token) && claims.set(key, { token, done: true }),
    release: (key, token) => owns(key, token) && claims.delete(key),
  };
}

const bytesOf = (body) => (typeof body === "string" ? encoder.encode(body) : body);

const post = (body, headers) => new Request(URL_, { method: "POST", body, headers });

async function hmac(secret, bytes) {
  const key = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const signed = async (body) => ({ "x-hub-signature-256": `sha256=${await hmac(SECRET, body)}` });

async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

async function code(lib, call) {
  const error = await failure(call);
  if (!(error instanceof lib.WebhookError)) throw error;
  return error.code;
}

/** Compares as JSON, with bytes as lists. */
function equal(got, expected) {
  const [a, b] = [got, expected].map((value) =>
    JSON.stringify(value, (_, inner) => (ArrayBuffer.isView(inner) ? [...inner] : inner)),
  );
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}
