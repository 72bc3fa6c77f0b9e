// Deno, without any permission: a deno.json over node_modules, and a real `npm:` specifier from a registry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startRegistry } from "../suite/registry.mjs";
import { manifest, runReport, temporaryFolder, tool } from "./support.mjs";

const deno = tool("deno/deno") ?? tool("deno/deno.exe");

/** `deno run` with nothing allowed and a cache of its own; what it said while it started. */
function denoReport(t, config, env) {
  const settings = { DENO_DIR: temporaryFolder(t), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", ...env };
  return runReport(t, deno, ["run", "--no-prompt", "--no-lock", "--config", config, "main.mjs"], { env: settings });
}

test("Deno: deno.json, node_modules as npm has installed them", async (t) => {
  // An address where nothing answers: whatever is not installed cannot be fetched.
  await denoReport(t, "deno.node-modules.json", { NPM_CONFIG_REGISTRY: "http://127.0.0.1:9" });
});

test("Deno: an npm: specifier, downloaded by Deno", async (t) => {
  const { address, asked } = await startRegistry(t);
  await denoReport(t, "deno.registry.json", { NPM_CONFIG_REGISTRY: address });
  // Deno looks at what is optional beside a package too, but downloads none of it.
  const optional = Object.keys(manifest.peerDependencies).map((name) => `/${name.replace("/", "%2f")}`);
  const own = asked.filter((path) => !optional.includes(path));
  assert.deepEqual(own, [`/${manifest.name}`, `/${manifest.name}.tgz`]);
});
