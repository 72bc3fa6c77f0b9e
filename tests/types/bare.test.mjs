// The declarations compile without the DOM's types and without Node's, with the oldest TypeScript that the README promises
// and with the newest.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);

/** Beside the `lib` without DOM, and no types but those that are imported, of bare/tsconfig.json. */
const WAYS = {
  node16: ["--module", "node16", "--moduleResolution", "node16"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
};

for (const compiler of ["typescript", "typescript-newest"]) {
  const manifest = require.resolve(`${compiler}/package.json`);
  const { version, bin } = JSON.parse(readFileSync(manifest, "utf8"));
  for (const [way, flags] of Object.entries(WAYS)) {
    test(`TypeScript ${version}, ${way}: every entry without DOM and @types/node`, () => {
      const tsc = join(dirname(manifest), bin.tsc);
      const run = spawnSync(process.execPath, [tsc, "-p", "bare", ...flags], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(run.status, 0, run.stdout + run.stderr);
    });
  }
}

test("the oldest is the one that the documents promise", () => {
  const { version } = JSON.parse(readFileSync(require.resolve("typescript/package.json"), "utf8"));
  const promised = `TypeScript ${version.split(".").slice(0, 2).join(".")}`;
  for (const page of ["../../README.md", "../../node_modules/countersign/README.md"])
    assert.ok(readFileSync(join(folder, page), "utf8").replace(/\s+/g, " ").includes(promised), `${page} ${promised}`);
});
