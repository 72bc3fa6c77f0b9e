// Bun: import, require, and require of the file for import.
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE, runReport, tool } from "./support.mjs";

const bun = tool("bun/bin/bun.exe");
const bunReport = (t, ...args) => runReport(t, bun, ["run", "--no-install", ...args]);

test("Bun: import", (t) => bunReport(t, "main.mjs"));
test("Bun: require", (t) => bunReport(t, "main.cjs"));
test("Bun: require of the file for import", (t) =>
  bunReport(t, "main.cjs", ...["index.js", "diagnose.js"].map((file) => join(PACKAGE, "dist", file))));
