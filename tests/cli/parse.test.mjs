// A request in every form in which people have one: what the command reads must verify, byte for byte.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { github, hmac, http, run } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-"));
const file = (name, content) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** It has what shells and formats trip over: quotes, a backslash, `!`, `$`, a line break, and text beyond ASCII. */
const BODY = `{"note":"it's \\"quoted\\" – Zoë 🎉 !$HOME \`x\` %PATH%",\n "n": 1.0}`;
const SIGNATURE = `sha256=${hmac(BODY)}`;

async function verifies(input, args = ["-"], body = undefined) {
  const { code, out, err } = await run(["verify", ...args, "--json"], { input, cwd: folder });
  assert.equal(code, 0, out + err + String(body ?? input).slice(0, 2000));
  return JSON.parse(out);
}

test("raw HTTP: CRLF and LF, HTTP/1 and HTTP/2, folded lines, no first line", async () => {
  const headers = github(BODY);
  await verifies(http(headers, BODY));
  await verifies(http(headers, BODY, "POST https://example.com/hook HTTP/2", "\n"));
  await verifies(
    Buffer.concat([
      Buffer.from(`\n:method: POST\n:path: /hook\n:authority: example.com\nx-hub-signature-256: ${SIGNATURE}\n\n`),
      Buffer.from(BODY),
    ]),
  );
  await verifies(`X-Folded: a\r\n  b\r\nX-Hub-Signature-256:${SIGNATURE}\r\n\r\n${BODY}`);
  await verifies(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), http(headers, BODY)]));
});

test("raw HTTP: bytes that are no text, chunks, and what stands behind the body", async () => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a, 0x80]);
  await verifies(http({ "X-Hub-Signature-256": `sha256=${hmac(bytes)}` }, bytes));
  const [a, b] = [Buffer.from(BODY).subarray(0, 20), Buffer.from(BODY).subarray(20)];
  const chunks = Buffer.concat([
    Buffer.from(`${a.length.toString(16)}\r\n`),
    a,
    Buffer.from(`\r\n${b.length.toString(16).toUpperCase()};x=1\r\n`),
    b,
    Buffer.from("\r\n0\r\n\r\n"),
  ]);
  const chunked = await verifies(http({ ...github(BODY), "Transfer-Encoding": "chunked" }, chunks));
  assert.match(chunked.notes.join(), /chunks/);
  const cut = await verifies(http({ ...github(BODY), "Content-Length": Buffer.byteLength(BODY) }, `${BODY}\n`));
  assert.match(cut.notes.join(), /1 behind/);
  const { out } = await run(["verify", "--json"], { input: http({ ...github(BODY), "Content-Length": 999 }, BODY) });
  assert.match(JSON.parse(out).notes.join(), /only/);
});

// As Chrome 120 and Firefox 120 write it for bash.
test("curl as browsers copy it (bash)", async () => {
  const escaped = BODY.replace(/[\\']/g, "\\$&")
    .replace("\n", "\\n")
    .replace("!", "\\u0021")
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const chrome = `curl 'https://example.com/hook?x=1' \\
  -H 'accept: */*' \\
  -H 'content-type: application/json' \\
  -b 'session=1' \\
  -H 'x-hub-signature-256: ${SIGNATURE}' \\
  --data-raw $'${escaped}' \\
  --compressed`;
  await verifies(chrome);
  const plain = '{"a":"it is"}';
  await verifies(
    `curl 'https://example.com/hook' --compressed -X POST -H 'User-Agent: Mozilla/5.0' -H 'X-Hub-Signature-256: sha256=${hmac(plain)}' --data-raw '${plain}'\n`,
  );
});

// As Chrome writes it for cmd: everything in ^"…^", line breaks doubled.
test("curl as browsers copy it (cmd)", async () => {
  const escaped = BODY.replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`]/g, (char) => (/[^\0-\x7f]/.test(char) ? char : `^${char}`))
    .replace(/\n/g, "^\n\n");
  await verifies(
    `curl ^"https://example.com/hook^" ^\n  -H ^"x-hub-signature-256: ${SIGNATURE}^" ^\n  --data-raw ^"${escaped}^"`,
  );
});

test("curl as people write it", async () => {
  const name = file("body.json", BODY);
  const header = `-H "X-Hub-Signature-256: ${SIGNATURE}"`;
  await verifies(`$ curl -sSL -XPOST ${header} --data-binary @body.json http://localhost/hook -o /dev/null | jq .`, [
    file("a.sh", `$ curl -sSL -XPOST ${header} --data-binary @body.json http://localhost/hook -o /dev/null | jq .`),
  ]);
  await verifies(`cat ${name} | curl ${header} --url=http://localhost/hook --data-binary @- `, [
    "-",
    "--body-file",
    name,
  ]);
  const form = "a=1&b=%26%20%C3%AB";
  await verifies(
    `curl http://localhost/ -H 'x-hub-signature-256: sha256=${hmac(form)}' -da=1 --data-urlencode 'b=& ë'`,
  );
  const json = '{"a":"\\u00eb\\\\"}';
  await verifies(
    `curl --json '${json}' http://localhost/ -H "X-Hub-Signature-256: sha256=${hmac(json)}" -H 'Accept:' # a comment`,
  );
  const joined = "a=1&b=2";
  await verifies(`curl http://localhost/ -d a=1 -d b=2 -H 'X-Hub-Signature-256: sha256=${hmac(joined)}' && echo done`);
  const bytes = Buffer.from([0xff, 0x27, 0x5c, 0x0a]);
  await verifies(
    `curl http://localhost/ --data-binary $'\\xff\\'\\\\\\012' -H 'X-Hub-Signature-256: sha256=${hmac(bytes)}'`,
  );
  const { out } = await run(["verify", file("b.sh", `curl -d @body.json ${header} http://localhost/`), "--json"]);
  const { verified, notes } = JSON.parse(out);
  assert.deepEqual([verified, notes.length], [false, 1]);
});

/** As Chrome exports it. */
function har(postData, more = {}) {
  const entry = (request) => ({
    startedDateTime: "2026-01-01T00:00:00.000Z",
    time: 1,
    request: { httpVersion: "h2", queryString: [], cookies: [], headersSize: -1, ...request },
    response: {},
  });
  return JSON.stringify({
    log: {
      version: "1.2",
      creator: { name: "WebInspector", version: "537.36" },
      entries: [
        entry({
          method: "GET",
          url: "https://example.com/",
          headers: [{ name: ":method", value: "GET" }],
          bodySize: 0,
        }),
        entry({
          method: "POST",
          url: "https://example.com/other",
          headers: [{ name: "content-type", value: "text/plain" }],
          bodySize: 1,
          postData: { mimeType: "text/plain", text: "x" },
        }),
        entry({
          method: "POST",
          url: "https://example.com/hook",
          headers: [
            { name: ":authority", value: "example.com" },
            ...Object.entries(github(BODY)).map(([name, value]) => ({ name: name.toLowerCase(), value })),
          ],
          bodySize: Buffer.byteLength(BODY),
          postData: { mimeType: "application/json", ...postData },
          ...more,
        }),
      ],
    },
  });
}

test("HAR: the signed entry, base64, bytes as characters, one entry alone", async () => {
  const { notes } = await verifies(har({ text: BODY }));
  assert.match(notes.join(), /Entry 3 of 3/);
  await verifies(har({ text: Buffer.from(BODY).toString("base64"), encoding: "base64" }));
  await verifies(har({ text: Buffer.from(BODY).toString("latin1") }));
  await verifies(`\uFEFF${JSON.stringify(JSON.parse(har({ text: BODY })).log.entries[2])}`);
  await verifies(har({ text: BODY }), ["-", "--entry", "3"]);
});

test("JSON with headers, as logs and serverless platforms write it", async () => {
  const headers = github(BODY);
  await verifies(JSON.stringify({ httpMethod: "POST", path: "/hook", headers, body: BODY, isBase64Encoded: false }));
  const base64 = Buffer.from(BODY).toString("base64");
  await verifies(JSON.stringify({ version: "2.0", headers, body: base64, isBase64Encoded: true }));
  const many = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  await verifies(JSON.stringify({ headers, multiValueHeaders: many, body: BODY }));
  await verifies(JSON.stringify(headers), ["-", "--body", BODY]);
  await verifies(JSON.stringify(Object.entries(headers)), ["-", "--body", BODY]);
  const parsed = await run(["verify", "-", "--json"], { input: JSON.stringify({ headers, body: { a: 1 } }) });
  assert.match(JSON.parse(parsed.out).notes.join(), /parsed JSON, not the raw bytes/);
});

test("an event's body is not taken for headers", async () => {
  const event = JSON.stringify({ id: "evt_1", type: "invoice.paid", created: 1, livemode: false });
  const { code, err } = await run(["verify", "-"], { input: event });
  assert.equal(code, 2);
  assert.match(err, /no headers in it: it may be the body of a delivery/);
});

// Were any of these quadratic, the test would not end.
test("large inputs are read in a time that grows with them", async () => {
  const spaces = " ".repeat(8 << 20);
  const line = `X-Long: a${spaces}b${spaces}`;
  const saved = (content) => verifies("", [file("large", content)]);
  await saved(http({ ...github(BODY), "X-Spaces": spaces, "X-Folded": `a\r\n${spaces}b` }, BODY));
  await saved(`${line}\r\nX-Hub-Signature-256: ${SIGNATURE}\r\n\r\n${BODY}`);
  assert.equal((await run(["verify", file("cut", `POST ${spaces}x`)])).code, 2);
  await saved(JSON.stringify({ headers: { ...github(BODY), "x-spaces": spaces }, body: BODY }));
});

test("HAR with entries that are nothing", async () => {
  const whole = JSON.parse(har({ text: BODY }));
  const { request } = whole.log.entries[2];
  request.headers.unshift(null, 7, { name: null }, { value: "x" });
  whole.log.entries.unshift(null, 7, {}, { request: null }, { request: { headers: null } });
  await verifies(JSON.stringify(whole));
  for (const text of [
    { log: null },
    { log: { entries: null } },
    { log: { entries: [null, 1, "x"] } },
    { log: { entries: [{ request: { headers: [null], postData: null } }] } },
    { request: null },
    { request: { headers: [null], postData: { params: [null] } } },
    [null],
    [{ request: null }],
    null,
  ]) {
    const { code, out, err } = await run(["verify", "-"], { input: JSON.stringify(text) });
    assert.deepEqual([code, out], [2, ""], JSON.stringify(text));
    assert.match(err, /^countersign: [^\n]+[.?]\n$/, JSON.stringify(text));
  }
});

test("what is none of them is a sentence that is true of it", async () => {
  for (const [input, said] of [
    ["hello", /line 1 of it is no header: it has no colon/],
    ["Request URL: https://example.com/hook\nX-A: b", /line 1 of it is no header: there are spaces before its colon/],
    ["POST / HTTP/1.1\nhost:\nexample.com\n", /line 3 of it is no header: it has no colon/],
    ["{ host: 'example.com' }", /begins like JSON but is none.*double quotes/],
    ["{'Host': 'example.com'}", /begins like JSON but is none/],
  ]) {
    const { code, err } = await run(["verify", "-"], { input });
    assert.equal(code, 2);
    assert.match(err, said);
  }
});

test("what is none of them is a sentence and exit code 2", async () => {
  const inputs = [
    "",
    "hello world",
    "{",
    '{"a":1}',
    "[]",
    "curl 'http://x",
    "fetch('x')",
    "Invoke-WebRequest -Uri x",
    "curl -F a=1 http://x",
    "curl --data @nowhere.bin http://x",
    har({ text: "*", encoding: "base64" }),
  ];
  for (const input of inputs) {
    const { code, out, err } = await run(["verify", "-"], { input, cwd: folder });
    assert.deepEqual([code, out], [2, ""], input);
    assert.match(err, /^countersign: [^\n]+[.?]\n$/, input);
  }
  const { code } = await run(["verify", "-", "--entry", "9"], { input: har({ text: BODY }) });
  assert.equal(code, 2);
});
