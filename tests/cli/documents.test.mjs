// The commands that the documents show: each is understood, as it stands there.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { blocks, documents } from "../support/documents.mjs";
import { EXIT_NOT_UNDERSTOOD, SECRET, github, http, hmac, run } from "./support.mjs";

/** A secret that every provider's scheme can read. */
const env = { COUNTERSIGN_SECRET: `whsec_${Buffer.from(SECRET).toString("base64")}` };

/** The words of a line of shell, without quotes and comment. */
function words(line) {
  return [...line.replace(/\s+#.*$/, "").matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}

/** What the commands read: a saved request, a body, and a scheme. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), "countersign-documents-"));
  writeFileSync(join(path, "request.http"), http(github("{}"), "{}"));
  writeFileSync(join(path, "body.json"), "{}");
  return path;
}

test("each command of a block is understood", async (t) => {
  const cwd = folder();
  let ran = 0;
  for (const { document, code } of blocks("sh")) {
    for (const line of code.split("\n").filter((line) => line.startsWith("npx countersign "))) {
      const args = words(line).slice(2);
      // It goes on listening; that it knows these options, its help says.
      if (args[0] === "listen") args.push("--help");
      await t.test(`${document}: ${line}`, async () => {
        const { code, all } = await run(args, {
          cwd,
          env,
          input: http({ "X-Hub-Signature-256": `sha256=${hmac("{}")}` }, "{}"),
        });
        assert.notEqual(code, EXIT_NOT_UNDERSTOOD, all);
      });
      ran += 1;
    }
  }
  assert.ok(ran >= 8, `${ran}`);
});

test("each command and option of a sentence is one", async () => {
  const { out: help } = await run(["--help"]);
  let seen = 0;
  for (const { document, text } of documents()) {
    for (const [, line] of text.matchAll(/`npx countersign ([a-z][^`\n]*)`/g)) {
      const [name, ...rest] = words(line);
      assert.match(help, new RegExp(`^ {2}countersign ${name} `, "m"), `${document}: ${line}`);
      const { out } = await run([name, "--help"]);
      for (const option of rest.filter((word) => word.startsWith("-"))) {
        assert.match(out, new RegExp(`(^|[ ,])${option}[ ,\n]`), `${document}: ${line}`);
      }
      seen += 1;
    }
  }
  assert.ok(seen >= 6, `${seen}`);
});
