// What every framework has to do with a delivery, over real HTTP: the same deliveries and the same answers for all.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

const KEY = Buffer.from("a key of thirty-two bytes or so.");
export const SECRET = `whsec_${KEY.toString("base64")}`;
export const MAX_BYTES = 200_000;

let ids = 0;

/** What a provider of Standard Webhooks posts, signed by node:crypto. */
export function delivery(body, headers = {}, id = `msg_${process.pid}_${++ids}`) {
  const bytes = Buffer.from(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac("sha256", KEY).update(`${id}.${timestamp}.`).update(bytes).digest("base64");
  return {
    body: bytes,
    headers: {
      "content-type": "application/json",
      "Webhook-Id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,AAAA v1,${mac}`,
      ...headers,
    },
  };
}

const JSON_TEXT = '{"type":"invoice.paid","amount":1.0,"amount":1.00,"name":"M\\u00fcller"}';

/** Each is to be handled, and the handler is to get these very bytes. */
export const genuine = {
  "plain JSON": delivery(JSON_TEXT),
  "JSON after a byte order mark": delivery(`\ufeff${JSON_TEXT}`),
  "two byte order marks": delivery(`\ufeff\ufeff${JSON_TEXT}`),
  "no UTF-8": delivery(Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x7d])),
  "no JSON, under JSON's name": delivery('{"type":'),
  "a number": delivery("1.0"),
  "line ends": delivery("{\r\n}\r\n\n"),
  "150 KB": delivery(`{"text":"${"é🔑".repeat(25_000)}"}`),
  nothing: delivery(""),
  "gzip, signed as sent": delivery(gzipSync(JSON_TEXT), { "content-encoding": "gzip" }),
  "gzip in name only": delivery(JSON_TEXT, { "content-encoding": "gzip" }),
  "an unknown encoding": delivery(JSON_TEXT, { "content-encoding": "x-secret" }),
  "no content type": delivery(JSON_TEXT, { "content-type": undefined }),
  "cloud events": delivery(JSON_TEXT, { "content-type": "application/cloudevents+json" }),
  "another charset": delivery(JSON_TEXT, { "content-type": "application/json; charset=utf-16" }),
  text: delivery(JSON_TEXT, { "content-type": "text/plain" }),
  "a form": delivery("payload=%7B%22a%22%3A1%7D&b=+", { "content-type": "application/x-www-form-urlencoded" }),
  "form data without a boundary": delivery(JSON_TEXT, { "content-type": "multipart/form-data" }),
  bytes: delivery(JSON_TEXT, { "content-type": "application/octet-stream" }),
  "no media type": delivery(JSON_TEXT, { "content-type": "json" }),
  chunked: { ...delivery(JSON_TEXT), chunked: true },
  "chunked, 150 KB": { ...delivery(jsonOf(150_000)), chunked: true },
};

/** JSON of that many bytes, for platforms that parse before they ask. */
function jsonOf(size) {
  return `["${"x".repeat(size - 4)}"]`;
}

/** Keys are new, in progress or done, and nothing ends by itself. */
class Store {
  #keys = new Map();
  claim(key) {
    const state = this.#keys.get(key);
    if (state === "done") return { state };
    if (state) return { state: "in_progress", retryAfter: 7 };
    this.#keys.set(key, "token");
    return { state: "new", token: "token" };
  }
  commit(key) {
    this.#keys.set(key, "done");
    return true;
  }
  release(key) {
    return this.#keys.delete(key);
  }
}

/** What an app under test is made with, and what happened in it. */
export class Box {
  /** The bytes that the handler was given. */
  handled = [];
  /** Codes that `onRefused` was told. */
  refused = [];
  /** What reached the framework's own error path. */
  failed = [];
  /** What the handler does beside, and returns. */
  act = () => {};
  options = {
    maxBytes: MAX_BYTES,
    replay: new Store(),
    handler: async (event, context) => {
      this.handled.push(Buffer.from(event.raw));
      this.context = context;
      return this.act(event, context);
    },
    onRefused: (error) => {
      this.refused.push(error.code);
    },
  };

  clear() {
    this.handled.length = this.refused.length = this.failed.length = 0;
    this.act = () => {};
  }
}

/** Posts a delivery and reads the answer. */
export async function post(port, { path = "/hook", method = "POST", headers, body, chunked, agent }) {
  headers = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  if (!chunked && body !== undefined) headers["content-length"] = body.length;
  const request = httpRequest({ host: "127.0.0.1", port, path, method, headers, agent });
  if (chunked) {
    for (let at = 0; at < body.length; at += 10_000) request.write(body.subarray(at, at + 10_000));
    request.end();
  } else {
    request.end(body);
  }
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

export async function until(condition, what) {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`waited in vain: ${what}`);
}

const servers = [];
after(() => servers.forEach((server) => server.closeAllConnections()));

/** Says where a server is, which then does not keep the tests from ending. */
export function at(server) {
  servers.push(server.unref());
  return { port: server.address().port };
}

/** Starts a node:http server. */
export async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return at(server);
}

const challenge = '{"challenge":"é"}';

/** What a handler can return in every framework, and the answer that arrives. */
const answers = {
  "a Response": [
    () => new Response("é", { status: 202, headers: { "X-Mine": "1", "content-type": "text/mine; charset=utf-8" } }),
    { status: 202, text: "é", mine: "1", type: /^text\/mine; ?charset=utf-8$/ },
  ],
  "a Response in JSON": [
    () => Response.json(JSON.parse(challenge)),
    { status: 200, text: challenge, type: /^application\/json/ },
  ],
  "a Response without a body": [() => new Response(null, { status: 204 }), { status: 204, text: "" }],
  "parts, with data": [
    () => ({ status: 201, headers: { "X-Mine": "2" }, body: JSON.parse(challenge) }),
    { status: 201, text: challenge, mine: "2", type: /^application\/json/ },
  ],
  "parts, with text": [
    () => ({ status: 200, body: "é" }),
    { status: 200, text: "é", type: /^text\/plain; ?charset=utf-8$/i },
  ],
  "parts, with bytes": [() => ({ status: 200, body: new TextEncoder().encode("é") }), { status: 200, text: "é" }],
  "parts, only a status": [async () => ({ status: 202 }), { status: 202, text: "" }],
  "what a queue gave back": [
    () =>
      new (class Job {
        status = 500;
      })(),
    { status: 200, text: "" },
  ],
  "a number": [() => 7, { status: 200, text: "" }],
  nothing: [() => null, { status: 200, text: "" }],
};

/**
 * Tests one framework.
 * @param start makes the app around a box, with the right receiver at `path`; says its port
 * @param parsed where a receiver comes too late, to the words that have to be in the developer's error; null if it cannot
 * @param except what this framework, or its platform, answers before the receiver is asked: status by name of delivery
 * @param breaks whether what happens on a broken connection can be seen
 * @param own how a handler answers by the framework's own means, and what arrives, as in `answers`
 * @param failing how a handler answers 503 by those means
 * @param cuts whether its server closes a connection on which it has not read everything
 */
export function suite(
  name,
  { start, path = "/hook", parsed = {}, except = {}, own = {}, failing = {}, breaks = true, cuts = false },
) {
  describe(name, () => {
    const box = new Box();
    let app;
    before(async () => {
      app = await start(box);
    });
    const send = (delivery) => post(app.port, { path, ...delivery });
    const outcome = () => ({ handled: box.handled.length, refused: box.refused, failed: box.failed });

    for (const [what, sent] of Object.entries(genuine)) {
      test(`handled: ${what}`, async () => {
        box.clear();
        const { status, text } = await send(sent);
        if (what in except) return assert.deepEqual([status, ...box.handled], [except[what]]);
        assert.deepEqual([status, text, outcome()], [200, "", { handled: 1, refused: [], failed: [] }]);
        assert.ok(box.handled[0].equals(sent.body), "byte for byte");
      });
    }

    test("tampered: 401, and the caller is not told why", async () => {
      box.clear();
      const { headers } = delivery(JSON_TEXT);
      for (const body of [`${JSON_TEXT} `, JSON.stringify(JSON.parse(JSON_TEXT)), ""].map((text) =>
        Buffer.from(text),
      )) {
        const { status, text } = await send({ headers, body });
        assert.deepEqual([status, text], [401, "refused"]);
      }
      const inflated = {
        ...delivery(gzipSync(JSON_TEXT), { "content-encoding": "gzip" }),
        body: Buffer.from(JSON_TEXT),
      };
      const { "gzip in name only": byPlatform } = except;
      assert.equal((await send(inflated)).status, byPlatform ?? 401);
      const expected = Array.from({ length: byPlatform ? 3 : 4 }, () => "signature_mismatch");
      assert.deepEqual(outcome(), { handled: 0, refused: expected, failed: [] });
    });

    test("unsigned: 400", async () => {
      box.clear();
      const { status, text } = await send({ headers: { "content-type": "application/json" }, body: Buffer.from("{}") });
      assert.deepEqual(
        [status, text, outcome()],
        [400, "refused", { handled: 0, refused: ["header_missing"], failed: [] }],
      );
    });

    test("no POST: 405 with Allow", async () => {
      box.clear();
      for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
        const { headers, body } = delivery(JSON_TEXT);
        const {
          status,
          headers: answered,
          text,
        } = await send({ method, headers, body: method === "GET" ? undefined : body });
        assert.deepEqual([status, answered.allow, text], [405, "POST", "refused"], method);
      }
      const expected = Array.from({ length: 4 }, () => "method_not_allowed");
      assert.deepEqual(outcome(), { handled: 0, refused: expected, failed: [] });
    });

    test("over the limit: 413, by what is announced and by what arrives; the next request is answered", async () => {
      const agent = cuts ? false : new Agent({ keepAlive: true, maxSockets: 1 });
      for (const chunked of [false, true]) {
        for (const size of [MAX_BYTES + 1, 2_000_000]) {
          box.clear();
          const { status, text } = await send({ ...delivery(jsonOf(size)), chunked, agent });
          assert.deepEqual([status, text], [413, "refused"]);
          assert.deepEqual(outcome(), { handled: 0, refused: ["body_too_large"], failed: [] });
          box.clear();
          assert.equal((await send({ ...delivery(JSON_TEXT), agent })).status, 200);
        }
        assert.equal((await send({ ...delivery(jsonOf(MAX_BYTES)), chunked, agent })).status, 200, "the limit itself");
      }
      if (agent) agent.destroy();
    });

    test("a duplicate: 200, and the handler does not run", async () => {
      box.clear();
      const sent = delivery(JSON_TEXT);
      assert.equal((await send(sent)).status, 200);
      const { status, text } = await send(delivery(JSON_TEXT, {}, sent.headers["Webhook-Id"]));
      assert.deepEqual([status, text, outcome()], [200, "", { handled: 1, refused: ["duplicate"], failed: [] }]);
    });

    test("in progress: 409 with Retry-After", async () => {
      box.clear();
      let finish;
      box.act = () => new Promise((resolve) => (finish = resolve));
      const sent = delivery(JSON_TEXT);
      const first = send(sent);
      await until(() => finish, "the handler");
      const { status, headers, text } = await send(sent);
      assert.deepEqual([status, headers["retry-after"], text], [409, "7", "refused"]);
      finish();
      assert.equal((await first).status, 200);
      assert.deepEqual(outcome(), { handled: 1, refused: ["in_progress"], failed: [] });
    });

    test("the handler throws: the framework's own 5xx, the error for its reports, and the next attempt is handled", async () => {
      box.clear();
      const sent = delivery(JSON_TEXT);
      for (const error of [new Error("the database is away"), Object.assign(new Error("no"), { status: 503 })]) {
        box.act = () => {
          throw error;
        };
        assert.ok((await send(sent)).status >= 500);
        assert.equal(box.failed.pop(), error);
      }
      box.act = () => {};
      assert.equal((await send(sent)).status, 200);
      assert.deepEqual(outcome(), { handled: 3, refused: [], failed: [] });
    });

    for (const [what, [act, { status, text, mine, type }]] of Object.entries({ ...answers, ...own })) {
      test(`the answer is the handler's: ${what}`, async () => {
        box.clear();
        box.act = act;
        const answer = await send(delivery(JSON_TEXT));
        assert.deepEqual(
          [answer.status, answer.text, outcome()],
          [status, text, { handled: 1, refused: [], failed: [] }],
        );
        if (mine) assert.equal(answer.headers["x-mine"], mine);
        if (type) assert.match(answer.headers["content-type"], type);
      });
    }

    test("the handler answers that it failed: the provider is told, and the next attempt is handled", async () => {
      box.clear();
      const sent = delivery(JSON_TEXT);
      for (const act of [() => new Response("later", { status: 503 }), () => ({ status: 404, body: "later" })]) {
        box.act = act;
        const { status, text } = await send(sent);
        assert.deepEqual([status, text], [act().status, "later"]);
      }
      box.act = () => {};
      assert.equal((await send(sent)).status, 200);
      assert.deepEqual(outcome(), { handled: 3, refused: [], failed: [] });
    });

    for (const [what, act] of Object.entries(failing)) {
      test(`the handler answers by itself that it failed: ${what}`, async () => {
        box.clear();
        const sent = delivery(JSON_TEXT);
        box.act = act;
        assert.equal((await send(sent)).status, 503);
        box.act = () => {};
        assert.equal((await send(sent)).status, 200);
        assert.deepEqual(outcome(), { handled: 2, refused: [], failed: [] });
      });
    }

    test("the payload cannot be read: 422, and the next attempt is handled", async () => {
      box.clear();
      // Not as JSON: the functions framework would refuse that itself.
      const sent = delivery("no JSON", { "content-type": "text/plain" });
      box.act = (event) => event.payload;
      assert.equal((await send(sent)).status, 422);
      box.act = () => {};
      assert.equal((await send(sent)).status, 200);
      assert.deepEqual(outcome(), { handled: 2, refused: ["payload_invalid"], failed: [] });
    });

    if (breaks) {
      test("the connection breaks: nothing is handled, nothing hangs, nothing fails", async () => {
        box.clear();
        const { headers, body } = delivery(JSON_TEXT);
        for (const length of [{ "content-length": body.length }, { "transfer-encoding": "chunked" }]) {
          const options = {
            host: "127.0.0.1",
            port: app.port,
            path,
            method: "POST",
            headers: { ...headers, ...length },
          };
          const request = httpRequest(options).on("error", () => {});
          request.write(body.subarray(0, 5));
          await once(request, "socket");
          await new Promise((resolve) => setTimeout(resolve, 50));
          request.destroy();
          await until(() => box.refused.pop() === "body_incomplete", "the refusal");
        }
        assert.deepEqual(outcome(), { handled: 0, refused: [], failed: [] });
        assert.equal((await send(delivery(JSON_TEXT))).status, 200);
      });
    }

    for (const [late, words] of Object.entries(parsed)) {
      test(`after a parser, ${late}: the developer is told what to do, the caller nothing`, async () => {
        box.clear();
        const { status, text } = await post(app.port, { ...delivery(JSON_TEXT), path: late });
        assert.ok(status >= 500, text);
        assert.doesNotMatch(text, /countersign|body_not_raw|parsed/);
        const [error] = box.failed;
        // By name: what bundles the package has a class of its own.
        assert.deepEqual(
          [error.name, error.code, error.provider],
          ["WebhookError", "body_not_raw", "standard-webhooks"],
        );
        assert.match(error.message, words);
        assert.deepEqual(outcome(), { handled: 0, refused: ["body_not_raw"], failed: [error] });
        const others = await post(app.port, { path: late, method: "GET", headers: {} });
        assert.equal(others.status, 405);
      });
    }
  });
}
