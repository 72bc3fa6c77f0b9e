// What providers and their users publish about bodies, written by hand: none is refused, nothing is lost, types narrow right.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deliver } from "./support/deliver.mjs";

const { notes: _, ...documented } = JSON.parse(readFileSync(new URL("documented.json", import.meta.url), "utf8"));

for (const [provider, bodies] of Object.entries(documented)) {
  test(`${provider}: ${bodies.length} documented bodies`, () => {
    for (const { from, type, body } of bodies) {
      const event = deliver(provider, JSON.stringify(body));
      assert.equal(event.type, type, from);
      assert.deepEqual(event.payload, body, from);
      assert.deepEqual(event.json(), body, from);
    }
  });
}

test("what a type names is there, and empty where it was not sent", () => {
  for (const { type, body } of documented.resend) {
    const { data } = deliver("resend", JSON.stringify(body)).payload;
    if (type === "email.opened") assert.equal(data.open.timestamp, body.data.open?.timestamp);
    if (type === "email.bounced") assert.equal(data.bounce.type, body.data.bounce.type);
  }
});
