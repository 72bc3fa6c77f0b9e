// The rules of sending in the packed package: the cases that tests/sending.rs runs in Rust, the URLs and addresses of
// tests/addresses, and that no secret shows or stays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";

import * as endpoints from "countersign/endpoints";

const {
  breaker,
  endpointProblems,
  EndpointError,
  judgeAddress,
  judgeUrl,
  nextAttempt,
  PlanDocketApi,
  PlaneConnectionApi,
  settingsProblems,
  wants,
} = endpoints;
const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const cases = read("sending/cases.json");
const TOKEN = "TOPSECRET-token";

function each(kind, atLeast, run) {
  test(kind, () => {
    assert.ok(cases[kind].length >= atLeast);
    for (const one of cases[kind]) run(one);
  });
}

const told = (problems) => problems.map(({ code, field }) => [code, field]);

each("endpointProblems", 67, ({ change, policy, problems }) => {
  const found = endpointProblems({ ...cases.sound, ...change }, policy);
  assert.deepEqual(told(found), problems, JSON.stringify(change));
  for (const { message, fix } of found)
    assert.ok(message.endsWith(".") && fix.endsWith(".") && !message.includes("TOPSECRET"));
});

each("settingsProblems", 16, ({ provider, settings, problems }) => {
  assert.deepEqual(told(settingsProblems(provider, settings)), problems, JSON.stringify(settings));
});

each("wants", 7, ([events, active, type, wanted]) =>
  assert.equal(wants({ events, active }, type), wanted, `${events} ${type}`),
);

each("nextAttempt", 34, (one) => {
  const { policy, attempt, outcome, now, random, next } = one;
  assert.deepEqual(nextAttempt(policy, attempt, outcome, now, random), next, JSON.stringify(one));
});

each("breakers", 4, ({ about, policy, steps }) => {
  let state;
  for (const { admit, record, now, breaker: expected, ...rest } of steps) {
    const { breaker: after, ...said } = admit
      ? breaker.admit(state, policy, now)
      : breaker.record(state, record, policy, now);
    assert.deepEqual(said, rest, about);
    if (expected) assert.deepEqual(after, expected, about);
    state = after;
  }
});

/** What a case asks for. */
function request({ api, operation, base, token = TOKEN, id, input }) {
  const made = api === "plandocket" ? new PlanDocketApi(base, token) : new PlaneConnectionApi(token, { base });
  return made[operation](...[id, input].filter((argument) => argument !== undefined));
}

function refused(one, code, field) {
  return (error) => {
    assert.ok(error instanceof EndpointError && error instanceof Error, JSON.stringify(one));
    assert.equal(error.code, code, JSON.stringify(one));
    if (field !== undefined) assert.equal(error.field, field, JSON.stringify(one));
    assert.doesNotMatch(inspect(error), /TOPSECRET/);
    return true;
  };
}

each("requests", 50, (one) => {
  if (one.problem) return assert.throws(() => request(one), refused(one, ...one.problem));
  const made = request(one);
  const { method, url, headers, body } = made;
  assert.deepEqual({ method, url, body: body === null ? null : JSON.parse(body) }, one.request, JSON.stringify(one));
  const content = body === null ? {} : { "Content-Type": "application/json" };
  assert.deepEqual(headers, { Accept: "application/json", Authorization: `Bearer ${TOKEN}`, ...content });
  // What fetch would send.
  const sent = new Request(url, made);
  assert.equal(sent.method, method);
  assert.equal(sent.url, url);
  assert.equal(sent.headers.get("authorization"), `Bearer ${TOKEN}`);
});

each("replies", 33, (one) => {
  const { status, body, reply, problem } = one;
  const made = request(one);
  if (problem) {
    assert.throws(() => made.reply(status, body), refused(one, problem));
  } else {
    assert.deepEqual(made.reply(status, body), reply, JSON.stringify(one));
    assert.deepEqual(made.reply(status, new TextEncoder().encode(body)), reply);
  }
});

test("an answer that is no UTF-8 is malformed", () => {
  const made = new PlaneConnectionApi(TOKEN).list();
  assert.throws(() => made.reply(200, Uint8Array.of(0x22, 0xff, 0x22)), refused("bytes", "reply_malformed"));
});

test("every URL gets the verdict that it gets in Rust", () => {
  const urls = read("addresses/urls.json");
  assert.ok(urls.length > 130);
  for (const [text, expected] of urls) {
    const verdict = judgeUrl(text);
    assert.equal(verdict.ok ? verdict.url : verdict.code, expected, text);
    // The normal form is judged the same, so it can be stored.
    if (verdict.ok) assert.deepEqual(judgeUrl(verdict.url), verdict);
  }
});

test("a URL's host is a name or an address", () => {
  const about = (url, policy) => {
    const { ok, host, kind, port } = judgeUrl(url, policy);
    return [ok, host, kind, port];
  };
  assert.deepEqual(about("https://B\u00fccher.example/"), [true, "xn--bcher-kva.example", "name", 443]);
  assert.deepEqual(about("https://0x08.8.8.8/"), [true, "8.8.8.8", "address", 443]);
  assert.deepEqual(about("https://[2606:4700::1111]:8443/", { allowPorts: [8443] }), [
    true,
    "2606:4700::1111",
    "address",
    8443,
  ]);
});

test("every address gets the verdict that it gets in Rust", () => {
  const { answers } = read("addresses/answers.json");
  const differences = read("addresses/differences.json");
  assert.ok(answers.length > 3000);
  let open = 0;
  for (const [address, ...says] of answers) {
    const ours = judgeAddress(address).ok;
    open += ours;
    for (const [at, oracle] of ["python", "ssrf-guard"].entries()) {
      if (ours === says[at]) continue;
      assert.ok(says[at], `${address}: ${oracle} refuses it and we do not`);
      // As in tests/addresses.rs, a difference has to be listed; a policy tells whether an address is in its network.
      const listed = differences.some(
        (one) => one.oracle === oracle && judgeAddress(address, { allowNetworks: [one.network] }).ok,
      );
      assert.ok(listed, `${address}: ${oracle} says public, we refuse, and no difference explains it`);
    }
  }
  assert.ok(open > 1000);
});

test("what is no address is refused", () => {
  for (const text of [
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "8.8.8.8 ",
    "[::1]",
    "fe80::1%eth0",
    "8.8.8.8/32",
    null,
    8,
  ]) {
    assert.equal(judgeAddress(text).ok, false, text);
  }
});

test("nothing that is handed in throws where nothing may", () => {
  const circle = {};
  circle.self = circle;
  const throwing = {
    get url() {
      throw new Error("TOPSECRET");
    },
  };
  for (const odd of [
    undefined,
    null,
    5,
    "x",
    [],
    {},
    1n,
    { url: 1n },
    circle,
    throwing,
    () => 0,
    Symbol("x"),
    { url: "https://x.example/", events: Array(1e5).fill("x".repeat(300)) },
  ]) {
    const [problem] = endpointProblems(odd);
    assert.equal(problem.code, "malformed");
    assert.equal(settingsProblems("planasonix", odd)[0].code, "malformed");
    assert.equal(judgeUrl(odd).ok, false);
    assert.equal(judgeAddress(odd).ok, false);
  }
  assert.deepEqual(told(endpointProblems(cases.sound, { allowNetworks: ["10.0.0.0/8", "10.0.0.1/8"] })), [
    ["network_invalid", "policy.allowNetworks[1]"],
  ]);
  assert.deepEqual(told(endpointProblems(cases.sound, { allowPorts: ["x"] })), [["malformed", "policy.allowPorts"]]);
  assert.equal(settingsProblems("nobody", {})[0].field, "provider");
});

test("numbers that are none are refused, not taken for others", () => {
  for (const attempt of [NaN, -1, 1.5, "2", undefined, Infinity]) {
    assert.throws(() => nextAttempt({}, attempt, "no_answer", 0, 0), refused(attempt, "malformed", "attempt"));
  }
  for (const status of [NaN, -1, 70000, "200", undefined]) {
    assert.throws(() => nextAttempt({}, 1, { status }, 0, 0), refused(status, "malformed", "status"));
  }
  assert.throws(() => nextAttempt({}, 1, "no_answer", 0, NaN), refused("random", "malformed", "random"));
  assert.throws(() => nextAttempt({}, 1, "no_answer", Date.now()), TypeError);
  const api = new PlaneConnectionApi(TOKEN);
  for (const filter of [{ limit: NaN }, { offset: 0.5 }, { date_from: new Date(NaN) }, { date_to: "2026-01-01" }]) {
    assert.throws(() => api.logs(filter), refused(filter, "filter_invalid", Object.keys(filter)[0]));
  }
  for (const id of [NaN, 1.5, "1", undefined]) {
    assert.throws(() => new PlanDocketApi("https://t.plandocket.com", TOKEN).get(id), refused(id, "id_invalid", "id"));
  }
  assert.match(
    api.logs({ date_from: new Date("2026-01-01T00:00:00.900Z") }).url,
    /date_from=2026-01-01T00%3A00%3A00Z$/,
  );
});

test("without a time or a random number, the machine's are taken", () => {
  const waits = new Set();
  for (let i = 0; i < 20; i++) waits.add(nextAttempt(endpoints.retryPolicies.planeconnection, 1, "no_answer").afterMs);
  assert.ok(waits.size > 1 && [...waits].every((ms) => ms >= 48000 && ms <= 72000));
  assert.equal(breaker.record(null, false, {}).breaker.failing_since > 1.7e9, true);
});

test("neither the token nor a secret is shown", () => {
  const api = new PlaneConnectionApi(TOKEN);
  const made = api.create({ name: "n", url: "https://example.com/", events: ["*"], secret: "TOPSECRET-signing" });
  for (const shown of [api, made]) {
    assert.doesNotMatch(
      inspect(shown, { depth: 9, showHidden: true }) + JSON.stringify(shown) + String(shown),
      /TOPSECRET/,
    );
  }
  assert.match(inspect(made), /^ApiRequest \{\s+method: 'POST',\s+url: 'https:/);
  assert.match(
    inspect(api) + inspect(new PlanDocketApi("https://t.plandocket.com", TOKEN)),
    /^PlaneConnectionApi \{\}PlanDocketApi \{\}$/,
  );
});

test("no call leaves anything in the module's memory", () => {
  // Every call makes an instance; each memory is looked at after its call.
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, given) {
      const made = Reflect.construct(target, given);
      memories.push(made.exports.memory);
      return made;
    },
  });
  try {
    new PlaneConnectionApi(TOKEN).list().reply(200, "[]");
    endpointProblems(cases.sound);
    assert.throws(() => new PlaneConnectionApi(`${TOKEN}\n`));
  } finally {
    WebAssembly.Instance = Instance;
  }
  assert.ok(memories.length >= 5);
  for (const memory of memories) assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0));
});

test("the file for require is the same", () => {
  const required = createRequire(import.meta.url)("countersign/endpoints");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(endpoints).sort());
  assert.equal(required.judgeUrl("https://[::1]/").code, "address_not_public");
});
