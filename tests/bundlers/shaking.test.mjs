// What an app does not use never reaches its bundle: neither the package, nor the subpaths it does not import.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, bundlers } from "./bundle.mjs";
import { app, folder } from "./support.mjs";

const { exports } = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("countersign/package.json")), "utf8"));
/** What can be imported: the name after "countersign", and the file in dist without its ending. */
const entries = Object.keys(exports)
  .filter((name) => typeof exports[name] === "object")
  .map((name) => ({ name: name.slice(1), file: exports[name].import.default.replace(/\.js$/, "") }));

/** Where the packed package is found. */
const made = mkdtempSync(app("made-"));
after(() => rmSync(made, { recursive: true, force: true }));

async function bundled(bundler, name, text, options = {}) {
  const entry = join(made, `${name}.js`);
  writeFileSync(entry, text);
  mkdirSync(join(folder, name), { recursive: true });
  const { code, inside } = await bundle(bundler, { entry, folder: join(folder, name), platform: "node", ...options });
  return { code, ours: inside.filter((path) => path.includes("node_modules/countersign/")) };
}

for (const bundler of Object.keys(bundlers)) {
  test(`${bundler}: an import that is not used adds no byte`, async () => {
    const without = await bundled(bundler, `${bundler}-without`, `console.log("an app");`);
    const imports = entries.map(({ name }, at) => `import * as unused${at} from "countersign${name}";`).join("\n");
    const unused = await bundled(bundler, `${bundler}-unused`, `${imports}\nconsole.log("an app");`);
    assert.deepEqual(unused.ours, []);
    assert.equal(unused.code, without.code);
  });

  test(`${bundler}: an app holds what it imports and nothing else of the package`, async () => {
    const main = entries.find(({ name }) => name === "");
    for (const entry of entries) {
      const uses = `import * as all from "countersign${entry.name}"; console.log(Object.values(all));`;
      const { ours } = await bundled(bundler, `${bundler}-uses`, uses, { minify: false });
      const held = entries.filter(({ file }) => ours.some((path) => path.includes(`${file.slice(1)}.`)));
      assert.ok(held.includes(entry), `countersign${entry.name} is inside`);
      assert.deepEqual(
        held.filter((other) => other !== entry && other !== main),
        [],
        `countersign${entry.name}`,
      );
    }
  });
}
