// What the tests of several bundlers need: a folder for what they write, and ways to run it.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deliveries } from "./deliveries.mjs";

export const app = (name) => fileURLToPath(new URL(`apps/${name}`, import.meta.url));

/** Far from any node_modules, so that a build has all it needs inside or does not run. */
export const folder = mkdtempSync(join(tmpdir(), "countersign-bundlers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Sends every delivery to the receiver in apps/receiver.js. */
async function send(answer) {
  for (const { name, headers, body, answer: expected } of deliveries) {
    assert.equal(await answer({ headers, body }), expected, name);
  }
}

/** Runs a built receiver in this Node. */
export async function runInNode(file) {
  delete globalThis.answer;
  if (file.endsWith(".cjs")) createRequire(import.meta.url)(file);
  else await import(pathToFileURL(file));
  await send(globalThis.answer);
}

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** For the `skip` of a test. */
export const noBrowser = chromium ? false : "there is no Chromium: apt-get install -y chromium";

let browser;
after(() => browser?.close());

/** Opens the page at this address; `files` are there under http://page.example. */
export async function open(address, files = {}) {
  const playwright = await import("playwright-core");
  browser ??= await playwright.chromium.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  for (const [path, body] of Object.entries(files)) {
    const contentType = path.endsWith("js") ? "text/javascript" : "text/html";
    await page.route(`http://page.example${path}`, (route) => route.fulfill({ body, contentType }));
  }
  await page.goto(address);
  return { page, errors };
}

/** Runs the receiver in the page at this address. */
export async function runInPage(...where) {
  const { page, errors } = await open(...where);
  await page
    .waitForFunction(() => "answer" in globalThis, null, { timeout: 20_000 })
    .catch((error) => errors.push(error));
  assert.deepEqual(errors, []);
  await send((delivery) => page.evaluate((delivery) => globalThis.answer(delivery), delivery));
  await page.close();
}

/** Runs a built receiver as the script of a page. */
export function runScript(code, type = "text/javascript") {
  const html = `<!doctype html><meta charset="utf-8"><script type="${type}" src="/app.js"></script>`;
  return runInPage("http://page.example/", { "/": html, "/app.js": code, "/favicon.ico": "" });
}
