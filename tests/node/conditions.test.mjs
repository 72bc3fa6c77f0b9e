// Whatever conditions a runtime or a test runner has, `import` gets a module and `require` a script, of every entry, and
// both work; and `import` finds the names in a script.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const manifest = require.resolve("countersign/package.json");
const { exports } = require(manifest);

const entries = Object.entries(exports)
  .filter(([, conditions]) => typeof conditions === "object")
  .map(([subpath]) => `countersign${subpath.slice(1)}`);

const CONDITIONS = [
  [],
  ["workerd", "worker", "browser"],
  ["edge-light"],
  ["browser"],
  ["node"],
  ["deno"],
  ["bun"],
  ["react-native"],
  ["development"],
];

/** Runs a program and answers the JSON that it prints. */
function answer(conditions, type, code) {
  const flags = [
    ...conditions.map((name) => `--conditions=${name}`),
    `--input-type=${type}`,
    "--no-warnings",
    "-e",
    code,
  ];
  const cwd = new URL(".", import.meta.url);
  const { stdout, stderr } = spawnSync(process.execPath, flags, { cwd, encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

const USE = `
  const { Webhook } = entries["countersign"];
  const webhook = new Webhook("github", "a secret");
  const { provider } = webhook.verify({ headers: webhook.sign("{}"), body: "{}" });
  const { code } = entries["countersign/diagnose"].diagnose("github", "a secret", { headers: webhook.sign("{}"), body: "{}" });
  console.log(JSON.stringify({ files, names: Object.fromEntries(Object.entries(entries).map(([entry, names]) => [entry, Object.keys(names)])), provider, code }));`;

/** What bundlers for Workers and edge functions do: a module that is imported is there, compiled. */
const WASM_HOOK = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from "node:fs";
  export async function load(url, context, next) {
    if (!/\\.wasm(\\?module)?$/.test(url)) return next(url, context);
    const bytes = readFileSync(new URL(url.split("?")[0])).toString("base64");
    const source = "export default new WebAssembly.Module(Buffer.from('" + bytes + "', 'base64'));";
    return { format: "module", source, shortCircuit: true };
  }`)}`;

const named = JSON.stringify(entries);

for (const conditions of CONDITIONS) {
  const name = conditions.join(", ") || "no condition";
  test(`require with ${name}: scripts, which work`, () => {
    const { files, provider, code } = answer(
      conditions,
      "commonjs",
      `const entries = {}, files = {};
       for (const entry of ${named}) { entries[entry] = require(entry); files[entry] = require.resolve(entry); }
       ${USE}`,
    );
    for (const [entry, file] of Object.entries(files)) assert.match(file, /\.cjs$/, entry);
    assert.deepEqual([provider, code], ["github", "valid"]);
  });

  test(`import with ${name}: modules, which work`, () => {
    const { files, provider, code, names } = answer(
      conditions,
      "module",
      `import { register } from "node:module";
       register(${JSON.stringify(WASM_HOOK)});
       const entries = {}, files = {};
       for (const entry of ${named}) { entries[entry] = await import(entry); files[entry] = import.meta.resolve(entry); }
       ${USE}`,
    );
    for (const [entry, file] of Object.entries(files)) assert.match(file, /\.js$/, entry);
    assert.deepEqual([provider, code], ["github", "valid"]);
    const own = conditions.find((condition) => condition in exports["."]);
    for (const entry of ["countersign", "countersign/diagnose", "countersign/endpoints"])
      assert.equal(files[entry].includes(`${own}.js`), own !== undefined, files[entry]);
    assert.ok(names["countersign"].includes("Webhook"));
  });
}

test("every condition answers import and require, and names types first", () => {
  const look = (conditions, path) => {
    if ("default" in conditions && typeof conditions.default === "string") {
      assert.equal(Object.keys(conditions)[0], "types", path);
      const [types, file] = [conditions.types, conditions.default];
      assert.equal(types.endsWith(".d.cts"), file.endsWith(".cjs"), path);
      return;
    }
    for (const kind of ["import", "require"]) assert.ok(kind in conditions, `${path} ${kind}`);
    for (const [name, below] of Object.entries(conditions)) look(below, `${path} ${name}`);
  };
  for (const entry of entries) look(exports[`.${entry.slice("countersign".length)}`], entry);
});

test("import of a script finds every name", async () => {
  for (const entry of entries) {
    const script = join(dirname(manifest), exports[`.${entry.slice("countersign".length)}`].require.default);
    const names = Object.keys(await import(pathToFileURL(script))).filter(
      (name) => !/^(default|module\.exports)$/.test(name),
    );
    assert.deepEqual(names.sort(), Object.keys(await import(entry)).sort(), entry);
    assert.ok(names.length > 0, entry);
  }
});
