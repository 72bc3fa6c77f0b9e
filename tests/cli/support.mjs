// Runs the installed command as a shell would, and makes a signed delivery with node:crypto, not with us.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const manifest = require.resolve("countersign/package.json");

/** The file that the package names as its command. */
export const BIN = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.countersign);

/** What the command ends with where it was not understood. */
export const EXIT_NOT_UNDERSTOOD = 2;

export const SECRET = "s3cret-of-the-tests-0123456789";

/** Runs the command to its end. `env` replaces the environment's own variables of ours; null takes one away. */
export function run(args, { input = "", env = {}, cwd } = {}) {
  const child = start(args, { env, cwd });
  child.stdin.end(input);
  return child.done;
}

export function start(args, { env = {}, cwd } = {}) {
  const all = { ...process.env, COUNTERSIGN_SECRET: SECRET, NO_COLOR: "1", FORCE_COLOR: undefined, ...env };
  for (const [name, value] of Object.entries(all)) if (value === null || value === undefined) delete all[name];
  const child = spawn(process.execPath, [BIN, ...args], { env: all, cwd });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.done = new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err, all: out + err })));
  return child;
}

export function hmac(content, encoding = "hex", secret = SECRET) {
  return createHmac("sha256", secret).update(content).digest(encoding);
}

/** A GitHub delivery: no timestamp, so it is valid at any time. */
export const github = (body) => ({ "X-GitHub-Event": "ping", "X-Hub-Signature-256": `sha256=${hmac(body)}` });

/** A Stripe delivery, signed now unless said otherwise. */
export function stripe(body, at = Math.floor(Date.now() / 1000)) {
  return { "Stripe-Signature": `t=${at},v1=${hmac(`${at}.${body}`)}` };
}

/** Raw HTTP. */
export function http(headers, body, line = "POST /hook HTTP/1.1", end = "\r\n") {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from([line, "Host: example.com", ...lines, "", ""].join(end)), Buffer.from(body)]);
}
