// Types of the example apps that no tool checks when they start (Deno's and Next.js' are checked there).
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { copy, tool } from "./support.mjs";

const STRICT = ["--noEmit", "--strict", "--allowJs", "--checkJs", "--skipLibCheck", "--types", "node"];
const TARGET = ["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"];

test("the types of the example apps (tsc)", async () => {
  const mains = { express: "main.mjs", bun: "main.ts", "hono-workers": "src/main.ts", lambda: "index.mjs" };
  // A folder of their own, since the tests of the apps run at the same time.
  const files = Object.entries(mains).map(([name, file]) => join(copy(name, "types"), file));
  await promisify(execFile)(tool("tsc"), [...STRICT, ...TARGET, ...files]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
});
