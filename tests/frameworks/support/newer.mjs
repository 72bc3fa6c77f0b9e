// Runs a framework's tests here, or where this Node is older than the framework wants, in the one that npm offers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const NEEDED = 22;

export async function inNewNode(framework, name) {
  const url = new URL(name, import.meta.url);
  if (Number(process.versions.node.split(".")[0]) >= NEEDED) return import(url);
  const program = process.platform === "win32" ? "node.exe" : "bin/node";
  const node = ["node", "node-bin"]
    .map((name) =>
      fileURLToPath(new URL(`../node_modules/${name}-${process.platform}-${process.arch}/${program}`, import.meta.url)),
    )
    .find(existsSync);
  const skip = node ? false : `npm has no newer Node for this machine: install Node ${NEEDED} or later`;
  test(`${framework}, in a newer Node`, { skip }, () => {
    // Else it would take itself for a part of this run.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(node, ["--test", "--test-reporter=tap", fileURLToPath(url)], {
      env,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.ok(Number(stdout.match(/^# pass (\d+)$/m)[1]) > 20, stdout);
  });
}
