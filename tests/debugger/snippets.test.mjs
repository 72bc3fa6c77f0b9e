// The "sign" side: what it writes is run, and a server checks bytes and signature with node:crypto.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { languages } from "../../examples/debugger/snippets.js";
import { example, setUp, skip } from "./support.mjs";

const open = setUp();

let server, url;
const received = [];
before(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(401).end("refused");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}/hook?a='b'&c="d"`;
});
after(() => server.close());

const RUN = {
  curl: ["sh", (text) => ["-c", text]],
  fetch: [process.execPath, (text) => ["--input-type=module", "-e", text]],
  Python: ["python3", (text) => ["-c", text]],
};

const BODIES = {
  JSON: '{"a":"it\'s \\"quoted\\" \\\\ and $HOME `x` %s","é":"\u{1F600}"}',
  "text over lines": "@file\n\ttab\n\n",
  "bytes that are no text": Uint8Array.of(0xff, 0x00, 0x0d, 0x0a, 0x27, 0x22),
  "a byte order mark and CRLF": "\uFEFF{}\r\n",
  nothing: "",
};

for (const [name, [program, args]] of Object.entries(RUN)) {
  const missing =
    spawnSync(program, ["--version"]).error !== undefined ||
    (name === "curl" && spawnSync("curl", ["--version"]).error !== undefined);
  test(`${name} sends exactly these bytes and headers`, {
    skip: missing && `${name}; apt-get install -y curl python3`,
  }, async () => {
    for (const [what, given] of Object.entries(BODIES)) {
      const body = typeof given === "string" ? new TextEncoder().encode(given) : given;
      const headers = [
        ["Content-Type", "application/json"],
        ["X-Signature", "t=1,v1='a\"b\\c'"],
      ];
      const child = spawn(program, args(languages[name]({ url, headers, body })), {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stdout.on("data", (text) => (said += text));
      child.stderr.on("data", (text) => (said += text));
      const [code] = await once(child, "close");
      assert.equal(code, 0, said);
      assert.match(said, /refused/);
      const request = received.pop();
      assert.equal(request.method, "POST");
      assert.deepEqual(new Uint8Array(request.body), body, what);
      assert.equal(request.headers["content-type"], "application/json");
      assert.equal(request.headers["x-signature"], headers[1][1]);
    }
  });
}

test("Rust's text literals hold what they are given", () => {
  const text = languages.Rust({ url, headers: [["A", 'x"#y']], body: new TextEncoder().encode('{"a":"#"}') });
  assert.ok(
    text.includes('r##"x"#y"##') && text.includes('r#"{"a":"#"}"#') === false && text.includes('r##"{"a":"#"}"##'),
  );
});

test("what the page signs is right, says no secret, and can be signed as every provider", { skip }, async (t) => {
  const { page } = await open(t);
  await page.check("[name=mode][value=sign]", { force: true });
  await page.fill("#sign-url", url);
  const secret = "whsec_test_secret";
  await page.locator(".secret").fill(secret);
  await page.fill("#body", '{"id":"evt_1","type":"invoice.paid"}');
  await page.waitForFunction(() => document.querySelector("#snippet").textContent.includes('{"id":"evt_1","type"'));
  for (const name of Object.keys(languages)) {
    await page.check(`[name=language][value=${name}]`, { force: true });
    const text = await page.textContent("#snippet");
    assert.ok(!text.includes(secret), name);
    if (!RUN[name]) continue;
    const [program, args] = RUN[name];
    const [code] = await once(spawn(program, args(text), { stdio: "ignore" }), "close");
    assert.equal(code, 0, name);
    const request = received.pop();
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(request.headers["stripe-signature"]);
    assert.equal(signature, createHmac("sha256", secret).update(`${time}.`).update(request.body).digest("hex"), name);
  }
  for (const title of await page.locator("#example optgroup").first().locator("option").allTextContents()) {
    assert.match(await example(page, title), /^Signed as/, title);
  }
});
