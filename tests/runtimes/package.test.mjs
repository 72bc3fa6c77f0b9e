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
