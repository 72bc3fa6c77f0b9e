// Every file of the package can be loaded where an engine or a test environment lacks globals; what needs them says so.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";

const { exports } = createRequire(import.meta.url)("countersign/package.json");

/** What platforms have and the language has not. */
const GLOBALS = [
  "AbortController",
  "Atomics",
  "atob",
  "Blob",
  "btoa",
  "Buffer",
  "clearTimeout",
  "console",
  "crypto",
  "CustomEvent",
  "Event",
  "fetch",
  "FormData",
  "Headers",
  "Intl",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "ReadableStream",
  "Request",
  "Response",
  "setImmediate",
  "setTimeout",
  "SharedArrayBuffer",
  "structuredClone",
  "TextDecoder",
  "TextEncoder",
  "TransformStream",
  "URL",
  "URLSearchParams",
  "WebAssembly",
];

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

test("every entry can be imported and required without any one global, and without all", () => {
  const named = JSON.stringify(entries);
  const all = JSON.stringify(GLOBALS);
  // In one process: what an import needs, a fresh copy of it needs again.
  const requires = `
    const say = (text) => require("node:fs").writeSync(1, text);
    const names = ${all};
    for (const missing of [...names.map((name) => [name]), names]) {
      const kept = missing.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
      for (const name of missing) delete globalThis[name];
      try {
        for (const entry of ${named}) { delete require.cache[require.resolve(entry)]; require(entry); }
      } catch (error) {
        say(missing + ": " + error.message + "\\n");
      }
      for (const [name, descriptor] of kept) if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    }
    say("done");`;
  assert.equal(output(requires), "done");
  const imports = `
    import { writeSync } from "node:fs";
    for (const name of ${all}) delete globalThis[name];
    for (const entry of ${named}) await import(entry);
    writeSync(1, "done");`;
  assert.equal(output(imports, "--input-type=module"), "done");
});

test("what is missing at first use is named", () => {
  const use = `
    const { Webhook, WebhookError } = require("countersign");
    const webhook = new Webhook("svix", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    try { new WebhookError("duplicate").toResponse(); } catch (error) { console.log(error.message); }
    try { webhook.sign("{}"); } catch (error) { console.log(error.message); }`;
  const said = output(`delete globalThis.Response; delete globalThis.crypto; ${use}`);
  assert.match(said, /^countersign: Response is missing here\..*\ncountersign: crypto is missing here\./);
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
