// GitHub's own examples and schemas, as Octokit publishes them: every body as JSON and as a form.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { schemas } from "@octokit/openapi-webhooks";
import { deliver } from "./support/deliver.mjs";
import { KINDS, made } from "./support/schema.mjs";

const require = createRequire(import.meta.url);

/** GitHub itself, and versions of GitHub Enterprise Server. */
const EXAMPLES = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"];

/** Reads the body in both forms that GitHub sends. */
function check(body, what) {
  const text = JSON.stringify(body);
  const form = new URLSearchParams({ payload: text }).toString();
  for (const sent of [text, form]) {
    const event = deliver("github", sent);
    assert.deepEqual(event.json(), body, what);
    assert.deepEqual(event.payload, body, what);
    assert.deepEqual([event.type, event.id], [null, null], what);
    assert.equal(Buffer.from(event.raw).toString(), sent, what);
  }
}

test("every example", (t) => {
  let count = 0;
  for (const version of EXAMPLES) {
    for (const { name, examples } of require(`@octokit/webhooks-examples/${version}/index.json`)) {
      for (const body of examples) {
        check(body, `${version} ${name}`);
        count++;
      }
    }
  }
  t.diagnostic(`${count} examples`);
  assert.ok(count > 700, `${count} examples`);
});

test("bodies of every schema: what it requires, everything, and null wherever it may be", (t) => {
  let count = 0;
  for (const [version, root] of Object.entries(schemas)) {
    for (const [name, { post }] of Object.entries(root.webhooks)) {
      const schema = post.requestBody.content["application/json"].schema;
      for (const kind of KINDS) {
        check(made(schema, kind, root), `${version} ${name}, ${kind}`);
        count++;
      }
    }
  }
  t.diagnostic(`${count} bodies`);
  assert.ok(count > 5000, `${count} bodies`);
});
