// A browser, the built site on a server of its own, and hands that fill its form as a person does.
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);
export const skip = executablePath === undefined && "Chromium; apt-get install -y chromium";

/** `cargo xtask` has put it beside the copy in which the tests run. */
const SITE = new URL("../../../debugger/", import.meta.url);
export const SHOTS = fileURLToPath(new URL("../../../debugger-screenshots/", import.meta.url));
export const site = () =>
  Object.fromEntries(readdirSync(SITE).map((name) => [name, readFileSync(new URL(name, SITE))]));

const TYPES = { html: "text/html", js: "text/javascript", css: "text/css" };

/** Any static host: below a folder, with no header of its own but the type. `asked` is what arrived there. */
async function serve() {
  const files = site();
  const asked = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    const name = url === "/some/folder/" ? "index.html" : url.replace("/some/folder/", "");
    if (!files[name]) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": `${TYPES[name.split(".").pop()]}; charset=utf-8` }).end(files[name]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, asked, address: `http://localhost:${server.address().port}/some/folder/` };
}

/** Starts one browser and one server for all tests of a file. Gives what opens the debugger in a page of its own. */
export function setUp() {
  let browser, host;
  before(async () => {
    if (!skip) [browser, host] = await Promise.all([launch(), serve()]);
  });
  after(async () => {
    await browser?.close();
    host?.server.close();
  });
  /** The page, once it shows its first answer; it is closed after the test. `failed` are errors that nobody caught. */
  return async (t, options = {}) => {
    const context = await browser.newContext(options);
    t.after(() => context.close());
    const page = await context.newPage();
    const failed = [];
    page.on("pageerror", (error) => failed.push(error.stack));
    host.asked.length = 0;
    await visit(page, host.address);
    return { page, failed, asked: host.asked, address: host.address };
  };
}

/** Opens the page and waits for its first answer. */
export async function visit(page, address) {
  await page.goto(address, { waitUntil: "networkidle" });
  await settled(page);
}

/** Waits until the page shows the answer to all that was entered. */
export const settled = (page) => page.waitForFunction(() => document.querySelector("#result").ariaBusy === "false");

async function launch() {
  mkdirSync(SHOTS, { recursive: true });
  const quiet = ["quic", "background-networking", "component-update", "sync", "gpu"].map((what) => `--disable-${what}`);
  return chromium.launch({ executablePath, chromiumSandbox: false, args: [...quiet, "--no-first-run"] });
}

/** Chooses an example by its name, and gives what the page says of it. */
export async function example(page, title) {
  await page.selectOption("#example", { label: title });
  await settled(page);
  return page.textContent("#announce");
}

/** Fills every field. The body goes in as a file, since a text field keeps no carriage return. */
export async function enter(page, { provider, scheme, secrets, headers, body, now }) {
  await page.selectOption("#example", "");
  await page.selectOption("#provider", provider);
  if (scheme) await page.fill("#scheme", JSON.stringify(scheme));
  for (let extra = 1; extra < secrets.length; extra++) await page.click("#add-secret");
  for (const [at, one] of secrets.entries()) {
    const { secret, expires } = typeof one === "string" ? { secret: one } : one;
    await page.locator(".secret").nth(at).fill(secret);
    if (expires === undefined) continue;
    await page.check("#ends");
    await page.locator(".end input").nth(at).fill(moment(expires));
  }
  await page.fill("#headers", headers.map(([name, value]) => `${name}: ${value}`).join("\n"));
  await page.check("[name=clock][value=custom]");
  await page.fill("#clock-time", moment(now));
  await page.setInputFiles("#file", {
    name: "body.bin",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(body),
  });
  await page.waitForFunction(() => document.querySelector("#body-said").textContent.includes("body.bin"));
  await settled(page);
}

/** Unix seconds as a field for a time takes them. */
const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19);

/** The codes that are on the page: of the verdict, and of its causes. */
export const codes = (page) =>
  page.evaluate(() => ({
    verdict: document.querySelector("#verdict .badge").textContent,
    causes: [...document.querySelectorAll("#verdict .tags > code")].map((code) => code.textContent),
  }));
