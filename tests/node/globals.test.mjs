// Every file of the package can be loaded where an engine or a test environment lacks globals; what needs them says so.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";

const { exports } = createRequire(import.meta.url)("countersign/package.json");

const WITHOUT = 'for (const name of ["TextEncoder", "TextDecoder", "WebAssembly"]) delete globalThis[name];';

/** Runs a program in this folder and answers what it has written. */
function output(code, ...flags) {
  const cwd = new URL(".", import.meta.url);
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "-e", code], { cwd, encoding: "utf8" });
  return (stdout + stderr).trim();
}

const entries = Object.entries(exports)
  .filter(([, conditions]) => typeof conditions === "object")
  .map(([subpath]) => `countersign${subpath.slice(1)}`);

test("every entry can be imported and required without them", () => {
  assert.ok(entries.length > 10);
  const named = JSON.stringify(entries);
  const imports = `${WITHOUT} for (const entry of ${named}) await import(entry); console.log("loaded")`;
  assert.equal(output(imports, "--input-type=module"), "loaded");
  const requires = `${WITHOUT} for (const entry of ${named}) require(entry); console.log("loaded")`;
  assert.equal(output(requires), "loaded");
});

const USE = `
  try {
    new (require("countersign").Webhook)("github", "a secret");
    console.log("made");
  } catch (error) {
    console.log(error.name + ": " + error.message);
  }`;

test("a webhook says what is missing", () => {
  for (const name of ["TextEncoder", "TextDecoder"]) {
    const use =
      name === "TextEncoder" ? USE : USE.replace('"a secret")', '"a secret").verify({ headers: {}, body: "{}" })');
    assert.match(
      output(`delete globalThis.${name}; ${use}`),
      new RegExp(`^Error: countersign: ${name} is missing here\\.`),
    );
  }
  for (const [before, ...flags] of [["delete globalThis.WebAssembly;"], ["", "--jitless"]]) {
    assert.match(output(before + USE, ...flags), /^Error: This place refuses to compile WebAssembly\./);
  }
});

test("one that is set later is used", () => {
  const later = `
    const { TextEncoder, TextDecoder } = globalThis;
    ${WITHOUT.replace(', "WebAssembly"', "")}
    require("countersign");
    Object.assign(globalThis, { TextEncoder, TextDecoder });
    ${USE}`;
  assert.equal(output(later), "made");
});
