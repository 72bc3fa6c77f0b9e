// Chromium, headless: the packed file itself, in a page, a module worker and a service worker, under a strict policy.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { PACKAGE, assertPassed, bundle } from "./support.mjs";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);
const skip = executablePath === undefined && "Chromium; apt-get install -y chromium";

const NOTHING_ELSE = "default-src 'none'; script-src 'self'";
const STRICT = `${NOTHING_ELSE} 'wasm-unsafe-eval'`;

/** Only a page that is isolated has SharedArrayBuffer, which a body may be in. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** The package stays files of its own: a browser cannot find them by their names, so the names become their addresses. */
const byAddress = {
  alias: { "countersign/diagnose": "/countersign/diagnose.js", countersign: "/countersign/index.js" },
  external: ["/countersign/*"],
};

let browser;
let served;
before(async () => {
  if (skip) return;
  const script = async (entry) => ["text/javascript", (await bundle(entry, byAddress)).code];
  served = {
    "/": ["text/html", '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'],
    "/page.js": await script("page.mjs"),
    "/worker.js": await script("page-worker.mjs"),
    ...Object.fromEntries(
      ["index.js", "diagnose.js"].map((file) => [
        `/countersign/${file}`,
        ["text/javascript", readFileSync(join(PACKAGE, "dist", file))],
      ]),
    ),
  };
  const quiet = ["quic", "background-networking", "component-update", "sync", "gpu"].map((what) => `--disable-${what}`);
  browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: [...quiet, "--no-first-run"] });
});
after(() => browser?.close());

for (const [name, suite] of [
  ["page", "page"],
  ["module worker", "worker"],
  ["service worker", "serviceWorker"],
]) {
  test(`Chromium: ${name}`, { skip }, async (t) => {
    const { page, failed } = await open(t, STRICT);
    assertPassed(t, await page.evaluate((suite) => globalThis.suites[suite](), suite));
    assert.deepEqual(failed, []);
  });
}

test("Chromium: without 'wasm-unsafe-eval', the error says what to allow", { skip }, async (t) => {
  const { failed } = await open(t, NOTHING_ELSE);
  assert.equal(failed.length, 1);
  assert.match(failed[0], /script-src 'wasm-unsafe-eval'/);
});

/** A page of a server with that policy, once it has loaded, and the errors that nobody caught. */
async function open(t, policy) {
  const server = createServer((request, response) => {
    const [type, content] = served[request.url] ?? [];
    if (type === undefined) return response.writeHead(404).end();
    const headers = { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy, ...ISOLATED };
    response.setHeaders(new Map(Object.entries(headers)));
    response.end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    server.close();
  });
  const page = await context.newPage();
  const failed = [];
  page.on("pageerror", (error) => failed.push(error.message));
  await page.goto(`http://localhost:${server.address().port}/`, { waitUntil: "load" });
  return { page, failed };
}
