// The stores' own types of clients fit the clients' types: tsc says so.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

test("real clients fit, in a strict project", () => {
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--skipLibCheck",
  ];
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...options, "types/clients.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
