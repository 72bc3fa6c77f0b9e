// Bun: import, require, and require of the file for import.
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE, runReport, tool } from "./support.mjs";

const bun = tool("bun/bin/bun.exe");
const skip = bun === undefined && "Bun; npm install --foreground-scripts bun";
const bunReport = (t, ...args) => runReport(t, bun, ["run", "--no-install", ...args]);

test("Bun: import", { skip }, (t) => bunReport(t, "main.mjs"));
test("Bun: require", { skip }, (t) => bunReport(t, "main.cjs"));
test("Bun: require of the file for import", { skip }, (t) => bunReport(t, "main.cjs", join(PACKAGE, "dist/index.js")));
