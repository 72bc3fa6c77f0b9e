// Vercel-style edge functions, in edge-runtime's sandbox: bundled as Next.js does, and the inline entry.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EdgeRuntime } from "edge-runtime";
import { PACKAGE, assertPassed, bundle } from "./support.mjs";

/** Where Next.js' loader puts the modules that `?module` imports stand for: globals, compiled outside of the sandbox. */
const globalOf = (file) => `wasm_${file.split(".")[0]}`;
const FILES = ["countersign_bg.wasm", "countersign_explain_bg.wasm"];
const asGlobal = {
  name: "wasm-as-global",
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path: path.slice(2), namespace: "wasm" }));
    build.onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({
      contents: `module.exports = ${globalOf(path)};`,
    }));
  },
};

/** As on Vercel, where compiling from bytes is refused; the sandbox allows it unless told. */
const STRICT = { strings: false, wasm: false };

async function sandboxReport(t, code, options) {
  const runtime = new EdgeRuntime({ initialCode: code, ...options });
  const response = await runtime.dispatchFetch("https://example.com/");
  assertPassed(t, await response.json());
}

test("edge: with the condition edge-light and ?module, where compiling from bytes is refused", async (t) => {
  const { code, used } = await bundle("edge.mjs", {
    format: "iife",
    conditions: ["edge-light", "worker"],
    plugins: [asGlobal],
  });
  assert.deepEqual(used, ["edge-light.js", "diagnose.edge-light.js"]);
  const modules = FILES.map((file) => [
    globalOf(file),
    new WebAssembly.Module(readFileSync(join(PACKAGE, "dist", file))),
  ]);
  const extend = (context) => Object.assign(context, Object.fromEntries(modules));
  const probe = new EdgeRuntime({ codeGeneration: STRICT, extend });
  for (const file of FILES)
    assert.equal(probe.evaluate(`${globalOf(file)} instanceof WebAssembly.Module`), false, "it is another realm's");
  await sandboxReport(t, code, { codeGeneration: STRICT, extend });
});

test("edge: the inline entry, where compiling from bytes is allowed", async (t) => {
  const { code, used } = await bundle("edge.mjs", { format: "iife" });
  assert.deepEqual(used, ["index.js", "diagnose.js"]);
  await sandboxReport(t, code, { codeGeneration: { strings: false, wasm: true } });
});

test("edge: the inline entry, where it is refused, says what to do", async () => {
  const { code } = await bundle("edge.mjs", { format: "iife" });
  assert.throws(
    () => new EdgeRuntime({ initialCode: code, codeGeneration: STRICT }),
    /the condition workerd or edge-light/,
  );
});
