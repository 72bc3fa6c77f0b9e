// Reads the vector files and runs the suite as one test for each provider.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runVectors, summary } from "../suite/vectors.mjs";

const folder = process.env.COUNTERSIGN_VECTORS ?? fileURLToPath(new URL("../vectors/", import.meta.url));

/** The schema that they keep to. */
export function schema() {
  return JSON.parse(readFileSync(`${folder}/schema.json`, "utf8"));
}

/** Every vector file as JSON. */
export function vectorFiles() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schema.json");
  return names.map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));
}

export function describeVectors(lib, how) {
  const files = vectorFiles();
  for (const file of files) {
    test(`${how}: ${file.provider}`, (t) => {
      const result = runVectors(lib, [file]);
      t.diagnostic(summary(result));
      assert.deepEqual(result.failures, [], `${result.failures.length} of ${result.cases} cases differ`);
      assert.ok(result.cases >= file.numberOfTests);
    });
  }

  test(`${how}: every provider has vectors`, () => {
    const known = [...lib.providers().map(({ name }) => name), "custom"];
    assert.deepEqual(files.map(({ provider }) => provider).sort(), known.sort());
  });

  test(`${how}: the runner notices what is wrong`, () => {
    const file = files.find(({ provider }) => provider === "github");
    const short = runVectors(lib, [{ ...file, cases: file.cases.slice(1) }]);
    assert.equal(short.failures.length, 1);
    const twice = runVectors(lib, [{ ...file, cases: [file.cases[0], ...file.cases.slice(0, -1)] }]);
    assert.equal(twice.failures.length, 1);

    const [valid, refused] = ["valid", "signature_mismatch"].map((code) =>
      file.cases.find((one) => one.result === code),
    );
    const wrong = [
      { ...valid, result: "signature_mismatch" },
      { ...refused, result: "valid", event: valid.event },
      { ...refused, result: "header_missing" },
      { ...valid, body: `${valid.body} ` },
      ...Object.keys(valid.event).map((fact) => ({ ...valid, event: { ...valid.event, [fact]: "other" } })),
      { ...valid, payload: valid.payload === "valid" ? "invalid" : "valid" },
    ].map((vector, at) => ({ ...vector, id: `wrong-${at}` }));
    const result = runVectors(lib, [{ ...file, cases: wrong, numberOfTests: wrong.length }]);
    assert.equal(result.failures.length, wrong.length);
  });
}
