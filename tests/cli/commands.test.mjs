// Every command of `npx countersign`: what it prints, what it ends with, and that it never prints a secret.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BIN, SECRET, github, hmac, http, run, start, stripe } from "./support.mjs";

const BODY = '{"id":"evt_1","object":"event","type":"invoice.paid","note":"Zoë/ok"}';
const folder = mkdtempSync(join(tmpdir(), "countersign-"));
const NAMES = ["listen", "verify", "explain", "sign", "send", "providers"];

test("help: of the program and of each command, on standard output", async () => {
  const { code, out, err } = await run(["--help"]);
  assert.deepEqual([code, err], [0, ""]);
  for (const name of NAMES) {
    assert.match(out, new RegExp(`countersign ${name}`));
    for (const args of [
      [name, "--help"],
      [name, "-h"],
      ["help", name],
    ]) {
      const help = await run(args);
      assert.deepEqual([help.code, help.err], [0, ""], name);
      assert.match(help.out, /Exit codes/);
      for (const line of help.out.split("\n")) assert.ok(line.length <= 130, line);
    }
  }
  assert.match((await run(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
});

test("what is not understood is one sentence on standard error, and 2", async () => {
  const calls = [
    [],
    ["nope"],
    ["verify", "--nope"],
    ["verify", "a", "b"],
    ["verify", "/does/not/exist"],
    ["sign"],
    ["sign", "-p", "nope"],
    ["send", "-p", "stripe"],
    ["send", "ftp://x", "-p", "stripe"],
    ["verify", "-H", "nocolon", "--body", ""],
    ["providers", "nope"],
    ["listen", "--port", "x"],
    ["sign", "-p", "stripe", "--dialect", "x"],
    ["verify", "-H", "a: b", "--body", "x"],
    ["verify", "-H", "a: b", "--body", "x", "-f", "nope", "-p", "stripe"],
    ["sign", "-p", "stripe", "--now", "yesterday"],
    ["sign", "-p", "svix"],
  ];
  for (const args of calls) {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, /\S/);
    if (args.length > 0) assert.match(err, /^countersign: [^\n]+\n$/, args.join(" "));
  }
});

test("verify: 0 for what verifies, 1 with the cause for what does not", async () => {
  const good = await run(["verify", "-"], { input: http(stripe(BODY), BODY) });
  assert.equal(good.code, 0, good.all);
  assert.match(good.out, /✓ verified {2}Stripe[\s\S]*invoice\.paid[\s\S]*evt_1/);
  const bad = await run(["verify", "-", "-f", "express"], {
    input: http(stripe(BODY), JSON.stringify(JSON.parse(BODY), null, 2)),
  });
  assert.equal(bad.code, 1);
  assert.match(
    bad.out,
    /✗ signature_mismatch {2}Stripe\n\n {2}Cause {4}body_reserialized\n[\s\S]*Fix[\s\S]*express\.raw/,
  );
  const old = await run(["verify", "-"], { input: http(stripe(BODY, 1_700_000_000), BODY) });
  assert.match(old.out, /timestamp_too_old[\s\S]*clock_skew[\s\S]*--any-age/);
  assert.equal((await run(["verify", "-", "--any-age"], { input: http(stripe(BODY, 1_700_000_000), BODY) })).code, 0);
  assert.equal(
    (await run(["verify", "-", "--now", "2023-11-14T22:14:00Z"], { input: http(stripe(BODY, 1_700_000_000), BODY) }))
      .code,
    0,
  );
});

test("verify --json is one line for programs", async () => {
  const good = await run(["verify", "--json"], { input: http(github(BODY), BODY) });
  const { verified, status, event } = JSON.parse(good.out);
  assert.deepEqual(
    [verified, status, event.provider, event.key, good.out.split("\n").length],
    [true, 200, "github", "COUNTERSIGN_SECRET", 2],
  );
  const bad = await run(["verify", "--json", "-H", `x-hub-signature-256: sha256=${hmac(BODY)}`, "--body", `${BODY}\n`]);
  const { diagnosis, ...rest } = JSON.parse(bad.out);
  assert.deepEqual(
    [bad.code, rest.verified, rest.status, diagnosis.causes.map(({ code }) => code)],
    [1, false, 401, ["body_newline_added"]],
  );
});

test("explain: every step, also of what verifies", async () => {
  const good = await run(["explain", "-"], { input: http(stripe(BODY), BODY) });
  assert.equal(good.code, 0);
  for (const step of ["secret", "signature header", "timestamp", "signed content", "signature", "freshness"])
    assert.match(good.out, new RegExp(`✓ ${step}|  ${step}`));
  const bad = await run(["explain", "-"], { input: http(stripe(BODY), `${BODY}\n`) });
  assert.equal(bad.code, 1);
  assert.match(bad.out, /body_newline_added[\s\S]*✗ signature[\s\S]*Not it/);
});

test("a wrong secret and an ordinary body: nothing is called large, and the provider's own hints are there", async () => {
  const input = http(stripe(BODY), BODY);
  for (const command of ["verify", "explain"]) {
    const { code, out } = await run([command, "-"], { input, env: { COUNTERSIGN_SECRET: "another-secret" } });
    assert.equal(code, 1);
    assert.match(out, /Look at[\s\S]*stripe listen[\s\S]*Not it[\s\S]*body_reserialized[\s\S]*body_charset/);
    assert.ok(!/large|too large/.test(out), out);
  }
});

test("a right signature with a wrong time is two facts, in both directions", async () => {
  for (const [now, side] of [
    ["2023-11-14T22:05:20Z", "ahead of"],
    ["2023-11-14T22:21:20Z", "behind"],
  ]) {
    const { code, out } = await run(["verify", "-", "--now", now], { input: http(stripe(BODY, 1_700_000_000), BODY) });
    assert.equal(code, 1);
    assert.match(
      out,
      new RegExp(`^✓ signature: right {2}Stripe\n✗ time: refused, 8 minutes ${side} this clock {2}timestamp_too_`),
    );
  }
});

test("weak signs: whose headers these are, what is there and what is missing", async () => {
  const sha1 = ["-H", "X-GitHub-Event: push", "-H", "X-Hub-Signature: sha1=00", "--body", BODY];
  const github = await run(["verify", ...sha1]);
  assert.equal(github.code, 1, github.all);
  assert.match(
    github.out.replace(/\s+/g, " "),
    /X-Hub-Signature are signs of GitHub, but X-Hub-Signature-256, .* missing/,
  );
  assert.match(github.out, /header_missing/);
  const bare = ["-H", "X-Webhook-Event: trip.created", "-H", `X-Webhook-Signature: ${hmac(BODY)}`, "--body", BODY];
  const plane = await run(["verify", ...bare]);
  assert.match(
    plane.out.replace(/\s+/g, " "),
    /X-Webhook-Signature is there, which PlaneConnection writes, .*sha256=…/,
  );
  const unknown = await run(["verify", "-H", "X-Acme-Hmac: 00", "-H", "X-Acme-Timestamp: 1", "--body", "x"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /X-Acme-Hmac may be a signature: .*X-Acme-Timestamp/);
});

test("sign: a type that does not exist is an error, and an empty body is said", async () => {
  const typo = await run(["sign", "-p", "stripe", "-t", "invoice.payd"]);
  assert.deepEqual([typo.code, typo.out], [2, ""]);
  assert.match(typo.err, /"invoice\.payd"\. Did you mean invoice\.paid\?/);
  assert.equal((await run(["sign", "-p", "stripe", "-t", "invoice.paid"])).code, 0);
  const empty = await run(["sign", "-p", "stripe", "--body", ""]);
  assert.equal(empty.code, 0);
  assert.match(empty.err, /The body is empty/);
});

test("a scheme of one's own, from a file", async () => {
  const file = join(folder, "scheme.json");
  writeFileSync(file, JSON.stringify({ signature: { header: "X-Acme", encoding: "hex" }, signed: "{body}" }));
  assert.equal((await run(["verify", "--scheme", file, "-H", `X-Acme: ${hmac(BODY)}`, "--body", BODY])).code, 0);
  assert.equal((await run(["explain", "--scheme", file, "-H", `X-Acme: ${hmac(BODY)}`, "--body", `${BODY} `])).code, 1);
  const named = { name: "acme", signature: { header: "X-Acme", encoding: "hex" }, signed: "{body}" };
  writeFileSync(file, JSON.stringify(named));
  for (const [body, code] of [
    [BODY, 0],
    [`${BODY} `, 1],
  ]) {
    const said = await run(["verify", "--scheme", file, "-H", `X-Acme: ${hmac(BODY)}`, "--body", body]);
    assert.equal(said.code, code);
    assert.match(said.out + said.err, /[✓✗].* acme/);
  }
  writeFileSync(file, JSON.stringify({ signature: { header: "X-Acme", encoding: "hex" }, signd: "{body}" }));
  assert.equal((await run(["verify", "--scheme", file, "-H", `X-Acme: ${hmac(BODY)}`, "--body", BODY])).code, 2);
});

test("secrets: from a named variable, a file, an argument with a warning; several; none; never printed", async () => {
  const input = http(github(BODY), BODY);
  const file = join(folder, "secret");
  writeFileSync(file, `${SECRET}\n`);
  const from = (args, env = { COUNTERSIGN_SECRET: null }) => run(["verify", "--json", "-", ...args], { input, env });
  const named = await from(["--secret-env", "MY_SECRET"], { COUNTERSIGN_SECRET: null, MY_SECRET: SECRET });
  assert.deepEqual([named.code, JSON.parse(named.out).event.key], [0, "MY_SECRET"]);
  assert.equal((await from(["--secret-file", file])).code, 0);
  const argument = await from(["--secret", "another one", "--secret", SECRET]);
  assert.equal(argument.code, 0);
  assert.match(argument.err, /warning: --secret/);
  const none = await from([]);
  assert.deepEqual([none.code, none.out], [2, ""]);
  assert.match(none.err, /COUNTERSIGN_SECRET/);
  assert.equal((await from(["--secret-env", "NOT_SET"])).code, 2);

  const wrong = `${SECRET.slice(0, -1)}X`;
  const bare = SECRET.slice(0, 12);
  for (const command of ["verify", "explain"]) {
    for (const secret of [SECRET, ` ${SECRET}`, `"${SECRET}"`, wrong]) {
      for (const more of [[], ["--json"]]) {
        const { all } = await run([command, "-", ...more], {
          input: http(github(BODY), `${BODY}\n`),
          env: { COUNTERSIGN_SECRET: secret },
        });
        assert.ok(!all.includes(bare), all);
        assert.ok(!all.includes(hmac(`${BODY}\n`)) && !all.includes(hmac(BODY)), all);
      }
    }
  }
});

test("what a delivery says cannot paint the terminal", async () => {
  const body = '{"id":"\\u001b[2J\\u202e","object":"event","type":"\\u001b]0;x\\u0007"}';
  const { out } = await run(["verify", "-"], { input: http(stripe(body), body) });
  assert.match(out, /\\x1b\[2J/);
  assert.doesNotMatch(out, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
  const shown = await run(["explain", "-"], { input: http(stripe(body), "\x1b[31m") });
  assert.doesNotMatch(shown.out, /\x1b/);
  assert.match(
    (await run(["explain", "-"], { input: http(stripe(body), body), env: { NO_COLOR: null, FORCE_COLOR: "1" } })).out,
    /\x1b\[32m/,
  );
});

test("sign: headers that node:crypto agrees with, and a curl command that a shell understands", async () => {
  const file = join(folder, "body.json");
  writeFileSync(file, BODY);
  const { code, out, err } = await run(["sign", "-p", "stripe", "--body-file", file, "--now", "1700000000"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, new RegExp(`^Stripe-Signature: t=1700000000,v1=${hmac(`1700000000.${BODY}`)}$`, "m"));
  const odd = 'it\'s "odd"\n\\ \u00eb \u{1f389}';
  for (const body of [BODY, odd]) {
    const { out } = await run(["sign", "-p", "github", "--body", body, "--curl", "http://localhost/hook"]);
    assert.equal((await run(["verify", "-"], { input: out })).code, 0, out);
    const words = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }; ${out}`])
      .toString()
      .split("\0");
    assert.equal(words[words.indexOf("--data-raw") + 1], body);
    assert.ok(words.includes(`X-Hub-Signature-256: sha256=${hmac(body)}`));
  }
  const json = JSON.parse((await run(["sign", "-p", "plane", "--body", BODY, "--json"])).out);
  assert.equal(json.headers["X-Plane-Signature"], hmac(BODY));
  assert.equal(json.body, BODY);
});

test("a sample of every event type of every provider verifies and is that type", async () => {
  const { Webhook } = await import("countersign");
  const all = JSON.parse((await run(["providers", "--json"])).out);
  assert.ok(all.length >= 9);
  for (const { name, events } of all) {
    const secret = /^(svix|resend|standard)/.test(name) ? `whsec_${Buffer.from(SECRET).toString("base64")}` : SECRET;
    // Each takes a process: the first, the last, and some between.
    const types = [
      undefined,
      ...events.filter((_, at) => at % Math.ceil(events.length / 6) === 0),
      ...events.slice(-1),
    ];
    for (const type of types) {
      const { code, out, err } = await run(["sign", "-p", name, ...(type ? ["-t", type] : []), "--json"], {
        env: { COUNTERSIGN_SECRET: secret },
      });
      assert.equal(code, 0, `${name} ${type}: ${err}`);
      const { headers, body } = JSON.parse(out);
      const event = new Webhook(name, secret).verify({ headers, body });
      assert.doesNotThrow(() => event.payload, `${name} ${type}: ${body}`);
      if (type && name !== "github") assert.equal(event.type, type);
      if (type && name === "github") assert.equal(headers["X-GitHub-Event"], type);
    }
  }
});

test("providers: a list, and one of them", async () => {
  const { out } = await run(["providers"]);
  for (const name of ["plane", "stripe", "standard-webhooks"]) assert.match(out, new RegExp(`^ {2}${name} +\\S`, "m"));
  const one = await run(["providers", "resend"]);
  assert.match(one.out, /https:\/\/resend\.com[\s\S]*email\.bounced/);
});

test("send: what the receiver answers; 0, 1 and 3", async () => {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks) });
    const status = request.url === "/ok" ? 200 : request.url === "/moved" ? 302 : 500;
    response.writeHead(status, { location: "/ok" }).end("an \x1b[31manswer");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  try {
    const ok = await run(["send", `${url}/ok`, "-p", "stripe", "-t", "invoice.paid"]);
    assert.equal(ok.code, 0, ok.all);
    assert.match(ok.out, /✓ 200 OK {2}invoice\.paid/);
    assert.doesNotMatch(ok.out, /\x1b/);
    const [{ headers, body }] = received;
    const [, at, mac] = /^t=(\d+),v1=(\w+)$/.exec(headers["stripe-signature"]);
    assert.equal(mac, hmac(Buffer.concat([Buffer.from(`${at}.`), body])));
    assert.equal((await run(["send", `${url}/no`, "-p", "stripe"])).code, 1);
    const moved = await run(["send", `${url}/moved`, "-p", "stripe", "--json"]);
    assert.deepEqual([moved.code, JSON.parse(moved.out).status, received.length], [1, 302, 3]);
  } finally {
    server.close();
  }
  const gone = await run(["send", `${url}/ok`, "-p", "stripe"]);
  assert.deepEqual([gone.code, gone.out], [3, ""]);
});

/** Starts `listen` on a free port and says where. */
async function listening(args) {
  const child = start(["listen", "--port", "0", ...args]);
  for await (const text of child.stderr) {
    const url = /http:\/\/[\d.]+:\d+/.exec(text)?.[0];
    if (url) return { child, url };
  }
  throw new Error((await child.done).all);
}

test("listen: each delivery verified or explained as it comes, over HTTP", async () => {
  const { child, url } = await listening(["--json"]);
  try {
    const post = async (headers, body, method = "POST") =>
      (await fetch(`${url}/any/path`, { method, headers, body })).status;
    assert.equal(await post(stripe(BODY), BODY), 200);
    assert.equal(await post(github(BODY), BODY), 200);
    assert.equal(await post(stripe(BODY), `${BODY}\n`), 401);
    assert.equal(await post({}, BODY), 400);
    assert.equal(await post({}, undefined, "GET"), 405);
    assert.equal(await post(stripe(BODY), "x".repeat(6e6)), 413);
    assert.equal((await run(["send", url, "-p", "plane"])).code, 0);
  } finally {
    child.kill("SIGINT");
  }
  const { code, out, all } = await child.done;
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map((line) => line.code),
    ["valid", "valid", "signature_mismatch", "header_missing", "method_not_allowed", "body_too_large", "valid"],
  );
  assert.deepEqual(lines[0].event.type, "invoice.paid");
  assert.deepEqual(
    lines[2].diagnosis.causes.map((cause) => cause.code),
    ["body_newline_added"],
  );
  assert.ok(!all.includes(SECRET));
  assert.equal(code, 0);
});

test("listen: for people, and forwarding what verifies", async () => {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push([request.url, request.headers["x-hub-signature-256"], Buffer.concat(chunks).toString()]);
    response.writeHead(202, { "content-type": "text/plain" }).end("taken");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { child, url } = await listening([
    "-p",
    "github",
    "--forward",
    `http://127.0.0.1:${server.address().port}/hook`,
  ]);
  try {
    const answer = await fetch(url, { method: "POST", headers: github(BODY), body: BODY });
    assert.deepEqual([answer.status, await answer.text()], [202, "taken"]);
    assert.equal((await fetch(url, { method: "POST", headers: github(BODY), body: `${BODY} ` })).status, 401);
    assert.deepEqual(received, [["/hook", github(BODY)["X-Hub-Signature-256"], BODY]]);
  } finally {
    child.kill("SIGTERM");
    server.close();
  }
  const { out } = await child.done;
  assert.match(out, /^\d\d:\d\d:\d\d {2}✓ GitHub/);
  assert.match(out, /✗ GitHub +signature_mismatch[\s\S]*Cause {4}body_padded/);
  const taken = await listening([]);
  const again = await run(["listen", "--port", new URL(taken.url).port]);
  taken.child.kill("SIGTERM");
  assert.equal(again.code, 3);
  await taken.child.done;
});

test("the command has no dependency and starts as a program", () => {
  assert.match(execFileSync(process.execPath, [BIN, "--version"], { encoding: "utf8" }), /^\d/);
});
