// The vector files keep to their closed schema, judged by a validator that is not ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { schema, vectorFiles } from "../node/vectors.mjs";

const vectors = vectorFiles();
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema());

for (const file of vectors) {
  test(`${file.provider}.json keeps to schema.json`, () => {
    assert.ok(validate(file), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
    const ids = file.cases.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "an id is used twice");
    assert.equal(file.cases.length, file.numberOfTests);
    const unexplained = file.cases.flatMap(({ flags }) => flags).filter((flag) => !(flag in file.notes));
    assert.deepEqual(unexplained, [], "flags that notes do not explain");
  });
}

const folder = `${process.env.COUNTERSIGN_VECTORS ?? fileURLToPath(new URL("../vectors", import.meta.url))}/diagnose`;
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const explained = new Ajv({ allErrors: true, strict: false }).compile(read("schema.json"));

for (const name of readdirSync(folder).filter((name) => name !== "schema.json")) {
  test(`diagnose/${name} keeps to its schema`, () => {
    const file = read(name);
    assert.ok(explained(file), JSON.stringify(explained.errors?.slice(0, 5), null, 1));
    assert.equal(
      new Set(file.cases.map(({ id }) => id)).size,
      file.numberOfTests,
      "an id is used twice, or a case is missing",
    );
  });
}

test("a key that the schema does not know is refused", () => {
  assert.equal(validate({ ...vectors[0], more: 1 }), false);
});
