// What the tools that judge npm packages say about the tarball: its types (attw) and its manifest (publint).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { TARBALL, manifest } from "./support.mjs";

const tarball = readFileSync(TARBALL);

/** Files, not modules. */
const FILES = [
  "./countersign_bg.wasm",
  "./countersign_explain_bg.wasm",
  "./countersign_endpoints_bg.wasm",
  "./package.json",
];

test("attw: types are found and true, however they are looked for", async (t) => {
  const analysis = await checkPackage(createPackageFromTarballData(tarball), { excludeEntrypoints: FILES });
  const entries = Object.keys(manifest.exports).filter((entry) => !FILES.includes(entry));
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), entries.sort());
  assert.equal(analysis.types.kind, "included");
  t.diagnostic(`${entries.length} entries`);
  assert.deepEqual(analysis.problems, []);
});

test("the licences are in it, and a README without Rust", () => {
  const files = createPackageFromTarballData(tarball);
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT", "README.md"]) {
    assert.ok(files.fileExists(`/node_modules/countersign/${name}`), name);
  }
  assert.doesNotMatch(files.readFile("/node_modules/countersign/README.md"), /cargo |countersign::/);
});

test("publint: nothing to say, suggestions included", async () => {
  const { messages, pkg } = await publint({
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) },
    strict: true,
  });
  assert.equal(pkg.name, manifest.name);
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});
