// handle(), receive() and respond() with a handler and a replay store: who runs, who does not, what the provider is told.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { Webhook, WebhookError } from "countersign";
import { expressWebhook } from "countersign/express";
import { memoryReplay } from "countersign/replay/memory";
import { KEY, NOW, hmac } from "./support.mjs";

const webhook = new Webhook("svix", `whsec_${KEY.toString("base64")}`);

/** A delivery as Svix signs it. */
function delivery(id = "msg_1", body = '{"type":"user.created"}') {
  const headers = {
    "svix-id": id,
    "svix-timestamp": `${NOW}`,
    "svix-signature": `v1,${hmac(KEY, `${id}.${NOW}.${body}`, "base64")}`,
  };
  return { headers, body };
}

/** Headers of a delivery that is signed now: adapters go by the clock. */
function sent() {
  const now = Math.floor(Date.now() / 1000);
  const body = delivery().body;
  return {
    "svix-id": "msg_1",
    "svix-timestamp": `${now}`,
    "svix-signature": `v1,${hmac(KEY, `msg_1.${now}.${body}`, "base64")}`,
  };
}

const request = (...of) => new Request("https://example.com/hook", { method: "POST", ...delivery(...of) });
const forged = () => new Request("https://example.com/hook", { method: "POST", ...delivery(), body: "{}" });
const fail = () => assert.fail("the handler must not run");

/** Answers what it is told to, and writes down what it was asked. */
function scripted(claim, end = async () => true) {
  const asked = [];
  const write =
    (name, answer) =>
    async (...of) => {
      asked.push([name, ...of]);
      return answer();
    };
  return { asked, claim: write("claim", claim), commit: write("commit", end), release: write("release", end) };
}
const claimed = async () => ({ state: "new", token: "t" });

const gone = new Error("the store is gone");
const goes = async () => {
  throw gone;
};

/** A handler that ends when it is told to. */
function slow() {
  let start;
  let finish;
  const started = new Promise((resolve) => (start = resolve));
  const finished = new Promise((resolve) => (finish = resolve));
  const handler = () => {
    start();
    return finished;
  };
  return { started, finish, handler };
}

/** Every way in: each takes options and gives the event or an error. */
const WAYS = {
  handle: (options) => webhook.handle(delivery(), options),
  receive: (options) => webhook.receive(request(), options),
};

const code = (expected) => (error) => {
  assert.ok(error instanceof WebhookError, error.stack);
  assert.equal(error.code, expected);
  assert.equal(error.provider, "svix");
  return true;
};

for (const [name, way] of Object.entries(WAYS)) {
  test(`${name}: the handler gets the event, and its end is awaited`, async () => {
    const seen = [];
    const handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(event);
    };
    const event = await way({ now: NOW, handler });
    assert.equal(event.type, "user.created");
    assert.deepEqual(seen, [event]);
    await way({ now: NOW, handler });
    assert.equal(seen.length, 2);
  });

  test(`${name}: with a store the handler runs once`, async () => {
    let ran = 0;
    const options = { now: NOW, replay: memoryReplay(), handler: () => void ran++ };
    assert.equal((await way(options)).id, "msg_1");
    await assert.rejects(way(options), code("duplicate"));
    assert.equal(ran, 1);
  });

  test(`${name}: the store is asked for lengths of time`, async () => {
    const replay = scripted(claimed);
    const { expires } = await way({ now: NOW, replay, handler: () => {} });
    // To the last second in which the same bytes would still pass, or a retry come.
    assert.deepEqual(replay.asked, [
      ["claim", "svix:id:msg_1", 60],
      ["commit", "svix:id:msg_1", "t", expires - NOW + 1],
    ]);
    const half = scripted(claimed);
    await way({ now: new Date(NOW * 1000 + 999), replay: half, lease: 0.5, handler: () => {} });
    assert.deepEqual(half.asked, [
      ["claim", "svix:id:msg_1", 0.5],
      ["commit", "svix:id:msg_1", "t", expires - NOW + 1],
    ]);
  });

  test(`${name}: while a handler runs, the same delivery is in progress`, async () => {
    const replay = memoryReplay();
    const { handler, started, finish } = slow();
    const first = way({ now: NOW, replay, lease: 30, handler });
    await started;
    await assert.rejects(way({ now: NOW, replay, handler: fail }), (error) => {
      assert.ok(
        Number.isInteger(error.retryAfter) && error.retryAfter >= 1 && error.retryAfter <= 30,
        `${error.retryAfter}`,
      );
      return code("in_progress")(error);
    });
    finish();
    await first;
    await assert.rejects(way({ now: NOW, replay, handler: fail }), code("duplicate"));
  });

  test(`${name}: where the handler throws, the error is passed on and the next attempt is handled`, async () => {
    const replay = memoryReplay();
    for (const error of [new Error("the database is down"), undefined, "text", new WebhookError("payload_invalid")]) {
      for (const handler of [
        () => Promise.reject(error),
        () => {
          throw error;
        },
      ]) {
        const caught = await way({ now: NOW, replay, handler }).then(fail, (caught) => [caught]);
        assert.deepEqual(caught, [error]);
      }
    }
    let ran = 0;
    await way({ now: NOW, replay, handler: () => void ran++ });
    assert.equal(ran, 1);
  });

  test(`${name}: a handler's answer without a 2xx releases the claim, any other commits it`, async () => {
    const end = async (returned) => {
      const replay = scripted(claimed);
      await way({ now: NOW, replay, handler: async () => returned });
      return replay.asked.at(-1)[0];
    };
    const statuses = [200, 201, 204, 299, 301, 400, 404, 410, 429, 500, 503];
    for (const status of statuses) {
      const expected = status < 300 ? "commit" : "release";
      assert.equal(await end(new Response(null, { status })), expected, `a Response, ${status}`);
      assert.equal(await end({ status }), expected, `parts, ${status}`);
    }
    // None of these is an answer: what a queue, a database or a log gave back.
    class Job {
      status = 500;
    }
    const rows = [{ id: 1, status: 500 }, { status: 3 }, { status: 1000 }, { status: "failed" }];
    for (const other of [undefined, null, 7, "500", true, [], {}, ...rows, new Job(), new Map()]) {
      assert.equal(await end(other), "commit");
    }
  });

  test(`${name}: an answer that cannot be sent is the handler's failure`, async () => {
    const read = new Response("a");
    await read.text();
    const circle = {};
    circle.circle = circle;
    for (const answer of [read, { status: 204, body: "a" }, { status: 200, body: circle }]) {
      const replay = scripted(claimed);
      await assert.rejects(way({ now: NOW, replay, handler: () => answer }));
      assert.deepEqual(
        replay.asked.map(([step]) => step),
        ["claim", "release"],
      );
    }
  });

  test(`${name}: the handler's error outlives a failing release`, async () => {
    const replay = scripted(claimed, goes);
    const mine = new Error("mine");
    await assert.rejects(way({ now: NOW, replay, handler: () => Promise.reject(mine) }), mine);
    assert.deepEqual(
      replay.asked.map(([step]) => step),
      ["claim", "release"],
    );
  });

  test(`${name}: without its store nothing runs`, async () => {
    await assert.rejects(way({ now: NOW, replay: scripted(goes), handler: fail }), gone);
    await assert.rejects(
      way({
        now: NOW,
        replay: {
          ...scripted(claimed),
          claim() {
            throw gone;
          },
        },
        handler: fail,
      }),
      gone,
    );
    for (const claim of [undefined, null, true, "new", {}, { state: "NEW" }, { state: "claimed", token: "t" }]) {
      await assert.rejects(
        way({ now: NOW, replay: scripted(async () => claim), handler: fail }),
        /must answer with the state/,
      );
    }
  });

  test(`${name}: work that is done is never reported as failed`, async (t) => {
    const told = [];
    const onForgotten = (...of) => void told.push(of);
    for (const [end, error] of [
      [goes, gone],
      [async () => false, undefined],
    ]) {
      const event = await way({ now: NOW, replay: scripted(claimed, end), handler: () => {}, onForgotten });
      assert.deepEqual(told.splice(0), [[event, error]]);
    }
    for (const end of [async () => true, async () => {}, () => undefined]) {
      await way({ now: NOW, replay: scripted(claimed, end), handler: () => {}, onForgotten });
    }
    assert.deepEqual(told, []);

    const warn = t.mock.method(console, "warn", () => {});
    await way({ now: NOW, replay: scripted(claimed, goes), handler: () => {} });
    await way({ now: NOW, replay: scripted(claimed, async () => false), handler: () => {} });
    assert.deepEqual(
      warn.mock.calls.map(({ arguments: [line, ...more] }) => [line, more.length]),
      [
        ["countersign: svix:id:msg_1 was handled, but could not be remembered. Error: the store is gone", 0],
        [
          "countersign: svix:id:msg_1 was handled, but could not be remembered. Its lease was over, and another handler has claimed the key.",
          0,
        ],
      ],
    );
  });

  test(`${name}: what is misspelt or missing is a TypeError before anything is read`, async () => {
    const handler = fail;
    const replay = memoryReplay();
    const wrong = [
      { replay },
      { replay, handler: "handler" },
      { handler, replay: {} },
      { handler, replay: null },
      { handler, replay: new Map() },
      { handler, replay: { claim() {}, commit() {} } },
      { handler, replay, lease: 0 },
      { handler, replay, lease: -1 },
      { handler, replay, lease: NaN },
      { handler, replay, lease: Infinity },
      { handler, replay, lease: 60_000 },
      { handler, replay, lease: 3601 },
      { handler, replay, lease: "60" },
      { handler, replay, lease: null },
      { handler, replay, onForgotten: "log" },
      { handler, store: replay },
      { handler, replays: replay },
    ];
    for (const options of wrong)
      await assert.rejects(way({ now: NOW, ...options }), TypeError, Object.keys(options).join());
    if (name === "handle") for (const none of [undefined, null, {}]) await assert.rejects(way(none), TypeError);
  });
}

test("of many deliveries at once each handler runs once", async () => {
  const replay = memoryReplay();
  const ran = new Map();
  const handler = async ({ id }) => {
    await null;
    ran.set(id, (ran.get(id) ?? 0) + 1);
  };
  const options = { now: NOW, replay, handler };
  const all = Array.from({ length: 500 }, (_, at) => webhook.respond(request(`msg_${at % 50}`), options));
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  assert.ok(
    statuses.every((status) => status === 200 || status === 409),
    statuses.join(),
  );
  assert.deepEqual([...ran.values()], Array(50).fill(1));
});

test("respond: 200 once, 200 without the handler, 409 with Retry-After", async () => {
  const replay = memoryReplay();
  const { handler, started, finish } = slow();
  const first = webhook.respond(request(), { now: NOW, replay, handler });
  await started;
  const busy = await webhook.respond(request(), { now: NOW, replay, handler: fail });
  assert.equal(busy.status, 409);
  assert.match(busy.headers.get("retry-after"), /^([1-9]|[1-5]\d|60)$/);
  finish();
  const answers = [await first, await webhook.respond(request(), { now: NOW, replay, handler: fail })];
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
    assert.equal(answer.headers.get("retry-after"), null);
  }
});

test("respond: Retry-After is whole seconds, one at least", async () => {
  for (const [retryAfter, header] of [
    [0, "1"],
    [0.001, "1"],
    [1, "1"],
    [1.2, "2"],
    [59.5, "60"],
  ]) {
    const replay = scripted(async () => ({ state: "in_progress", retryAfter }));
    const { headers } = await webhook.respond(request(), { now: NOW, replay, handler: fail });
    assert.equal(headers.get("retry-after"), header);
  }
});

test("respond: what the handler or the store throws is thrown, not answered", async () => {
  const mine = new Error("mine");
  const handler = () => Promise.reject(mine);
  await assert.rejects(webhook.respond(request(), { now: NOW, handler }), mine);
  await assert.rejects(webhook.respond(request(), { now: NOW, replay: memoryReplay(), handler }), mine);
  await assert.rejects(webhook.respond(request(), { now: NOW, replay: scripted(goes), handler: fail }), gone);
  // And a handler that succeeded is a 200, whatever its store says then.
  const late = await webhook.respond(request(), {
    now: NOW,
    replay: scripted(claimed, goes),
    handler: () => {},
    onForgotten() {},
  });
  assert.equal(late.status, 200);
});

test("a refusal of something else, thrown in the handler, is a mistake on this side, and no refusal of this delivery", async () => {
  const other = new Webhook("github", "another webhook's secret");
  const handler = () => other.verify({ headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, body: "x" });
  const onRefused = fail;
  for (const replay of [undefined, memoryReplay()]) {
    await assert.rejects(
      webhook.respond(request(), { now: NOW, replay, handler, onRefused }),
      (error) => !(error instanceof WebhookError) && error.cause.code === "signature_mismatch",
    );
  }
});

test("options that are misspelt are named, with all that there are", async () => {
  const options = { handler: fail, onRefusd: fail };
  const names = /^options has no onRefusd; it has now, handler, replay, lease, onForgotten, maxBytes, onRefused\.$/;
  await assert.rejects(webhook.respond(request(), options), { name: "TypeError", message: names });
  assert.throws(() => expressWebhook(webhook, options), /options has no onRefusd/);
  assert.throws(() => expressWebhook(webhook, { handler: fail, lease: 60_000 }), /lease/);
  assert.throws(() => expressWebhook(webhook, { handler: fail, replay: {} }), /replay must be a store/);
  assert.throws(() => new Webhook({ sinature: {}, signed: "{body}" }, "s"), /has no sinature; it has name, signature,/);
});

test("a function in the place of the store must give one", async () => {
  const thrown = [];
  const req = Object.assign(Readable.from([Buffer.from(delivery().body)]), { method: "POST", headers: sent() });
  const res = { setHeader() {}, end() {}, headersSent: false };
  await expressWebhook(webhook, { handler: fail, replay: () => undefined })(req, res, (error) => thrown.push(error));
  assert.match(thrown[0].message, /must return a store/);
});

for (const value of [undefined, null, 0, "route"]) {
  test(`expressWebhook: a handler that throws ${value} has failed`, async () => {
    const thrown = [];
    const req = Object.assign(Readable.from([Buffer.from(delivery().body)]), { method: "POST", headers: sent() });
    const res = { setHeader() {}, end() {}, headersSent: false };
    const listener = expressWebhook(webhook, { handler: () => Promise.reject(value) });
    await listener(req, res, (error) => thrown.push(error));
    assert.ok(thrown.length === 1 && thrown[0] instanceof Error);
  });
}

test("a payload that does not fit is the provider's business: 422, and the key is free again", async () => {
  const replay = memoryReplay();
  const body = '{"type":';
  const handler = (event) => void event.payload;
  for (let again = 0; again < 2; again++) {
    assert.equal((await webhook.respond(request("msg_1", body), { now: NOW, replay, handler })).status, 422);
  }
});

test("forged, stale, too large, not a POST: the store is never asked", async () => {
  const replay = scripted(fail);
  const options = { now: NOW, replay, handler: fail };
  const status = async (request, more) => (await webhook.respond(request, { ...options, ...more })).status;
  assert.equal(await status(forged()), 401);
  assert.equal(await status(request(), { now: NOW + 301 }), 401);
  assert.equal(await status(request(), { maxBytes: 3 }), 413);
  assert.equal(await status(new Request("https://example.com/hook")), 405);
  await assert.rejects(webhook.handle({ ...delivery(), body: "{}" }, options), code("signature_mismatch"));
  assert.deepEqual(replay.asked, []);
});

test("respond without a handler is a TypeError", async () => {
  for (const options of [undefined, null, {}, { replay: memoryReplay() }]) {
    await assert.rejects(webhook.respond(request(), options), TypeError);
  }
});

test("stores are not in the main entry", async () => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const dist = new URL("./", import.meta.resolve("countersign"));
  const entries = readdirSync(dist).filter((name) => /\.c?js$/.test(name));
  assert.ok(entries.length >= 4, entries.join());
  const traces = /capacity|ON CONFLICT|redis|PTTL|idFromName|expireIn|Bearer/;
  for (const entry of entries) assert.doesNotMatch(readFileSync(new URL(entry, dist), "utf8"), traces, entry);
  // And no store brings the main entry, or another store, with it.
  for (const name of readdirSync(new URL("replay/", dist)).filter((name) => /\.c?js$/.test(name))) {
    const code = readFileSync(new URL(`replay/${name}`, dist), "utf8");
    assert.doesNotMatch(code, /\bfrom ?["']|require\(/, name);
    assert.ok(code.length < 4000, `${name}: ${code.length}`);
  }
});
