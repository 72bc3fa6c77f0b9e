// A body that arrives byte by byte takes no more memory than its size asks for, in a Fetch request and in Node's own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** What a receiver of 5 MiB in pieces of that size needs beyond what it had before, in bytes. */
function more(receive, size) {
  const program = `
    import { createHmac } from "node:crypto";
    import { Webhook } from "countersign";
    import { nodeWebhook } from "countersign/node";
    const body = Buffer.alloc(5 << 20, "x");
    const headers = { "x-hub-signature-256": "sha256=" + createHmac("sha256", "a secret").update(body).digest("hex") };
    const webhook = new Webhook("github", "a secret");
    const size = ${size};
    let most = 0;
    let count = 0;
    const before = process.memoryUsage.rss();
    /** A piece as a socket hands it out: with more memory behind it than it shows. */
    const piece = (at) => {
      if (count++ % 4096 === 0) most = Math.max(most, process.memoryUsage.rss());
      const chunk = Buffer.allocUnsafeSlow(Math.max(size, 64)).subarray(0, size);
      body.copy(chunk, 0, at, at + size);
      return chunk;
    };
    let received = 0;
    const handler = (event) => void (received = event.raw.length);
    ${receive}
    most = Math.max(most, process.memoryUsage.rss());
    if (received !== body.length) throw new Error("not received: " + received);
    console.log(most - before);`;
  const flags = ["--input-type=module", "--max-semi-space-size=4", "-e", program];
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    cwd: new URL(".", import.meta.url),
    encoding: "utf8",
  });
  assert.match(stdout, /^-?\d+\n$/, stderr);
  return Number(stdout);
}

const FETCH = `
  let at = 0;
  const read = async () => {
    if (at >= body.length) return { done: true, value: undefined };
    const value = piece(at);
    at += size;
    return { done: false, value };
  };
  const request = { method: "POST", headers: new Headers(headers), bodyUsed: false, body: { locked: false, getReader: () => ({ read, releaseLock() {} }) } };
  await webhook.respond(request, { handler });`;

const NODE = `
  import { EventEmitter } from "node:events";
  const request = Object.assign(new EventEmitter(), { method: "POST", headers, readableDidRead: false, readableEnded: false, destroyed: false, resume() {} });
  const response = { statusCode: 0, headersSent: false, setHeader() {}, end() {} };
  const answered = nodeWebhook(webhook, { handler })(request, response);
  while (request.listenerCount("data") === 0) await new Promise(setImmediate);
  for (let at = 0; at < body.length; at += size) {
    request.emit("data", piece(at));
    // A socket comes back to the event loop, which is when Node counts the memory of buffers.
    if (at % 65536 === 0) await new Promise(setImmediate);
  }
  request.emit("end");
  await answered;`;

for (const [name, receive] of Object.entries({ respond: FETCH, nodeWebhook: NODE })) {
  test(`${name}: 5 MiB in pieces of one byte take less than 60 MB more`, (t) => {
    const [ones, many] = [more(receive, 1), more(receive, 65_536)];
    t.diagnostic(`${(ones / 1e6).toFixed(1)} MB; in pieces of 64 KiB ${(many / 1e6).toFixed(1)} MB`);
    assert.ok(ones < 60e6, `${ones} bytes`);
  });
}
