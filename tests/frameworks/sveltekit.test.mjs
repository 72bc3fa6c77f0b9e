// Runs SvelteKit's tests: here, or where this Node is older than SvelteKit wants, in the one that npm offers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const NEEDED = 22;
const file = fileURLToPath(new URL("support/sveltekit.mjs", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  await import("./support/sveltekit.mjs");
} else {
  const program = process.platform === "win32" ? "node.exe" : "bin/node";
  const node = ["node", "node-bin"]
    .map((name) =>
      fileURLToPath(new URL(`node_modules/${name}-${process.platform}-${process.arch}/${program}`, import.meta.url)),
    )
    .find(existsSync);
  const skip = node ? false : `npm has no newer Node for this machine: install Node ${NEEDED} or later`;
  test("SvelteKit, in a newer Node", { skip }, () => {
    // Else it would take itself for a part of this run.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(node, ["--test", "--test-reporter=tap", file], {
      env,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.ok(Number(stdout.match(/^# pass (\d+)$/m)[1]) > 20, stdout);
  });
}
