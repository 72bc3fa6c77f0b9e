// denoKvReplay in Deno itself, with its own KV.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { testReport } from "./support/checks.mjs";
import { temporaryFolder } from "./support/servers.mjs";

const deno = createRequire(import.meta.url).resolve("deno/bin.cjs");
const folder = temporaryFolder();

/** Runs Deno, where a download would be a failure. */
async function run(...args) {
  const child = spawn(process.execPath, [deno, ...args], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    env: {
      ...process.env,
      DENO_DIR: `${folder}/cache`,
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      NPM_CONFIG_REGISTRY: "http://127.0.0.1:9",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  assert.equal(code, 0, stderr);
  return stdout;
}

const SCRIPT = ["run", "--no-prompt", "--no-lock", "--unstable-kv", "--node-modules-dir=manual"];

let report;
const checked = async () =>
  (report ??= run(
    ...SCRIPT,
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
    "support/deno-kv.ts",
    `${folder}/kv`,
  ).then(JSON.parse));
testReport("Deno KV, in a file", checked);

let inMemory;
testReport(
  "Deno KV, in memory",
  async () => (inMemory ??= run(...SCRIPT, "support/deno-kv.ts", ":memory:").then(JSON.parse)),
);

test("the types fit Deno's own", async () => {
  await run("check", "--no-lock", "--unstable-kv", "--node-modules-dir=manual", "support/deno-kv.ts");
});
