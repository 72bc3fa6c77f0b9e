// The vector files keep to their closed schema, judged by a validator that is not ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
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

test("a key that the schema does not know is refused", () => {
  assert.equal(validate({ ...vectors[0], more: 1 }), false);
});
