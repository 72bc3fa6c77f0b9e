// Every event that Stripe's own package describes: none is refused, nothing is lost, types narrow right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deliver } from "./support/deliver.mjs";
import { KINDS } from "./support/schema.mjs";
import { stripeEvents } from "./support/stripe.mjs";

test("every event of Stripe's types: what it requires, everything, and null wherever it may be", (t) => {
  const types = new Set();
  let count = 0;
  for (const body of stripeEvents(KINDS)) {
    const event = deliver("stripe", JSON.stringify(body));
    assert.equal(event.type, body.type);
    assert.equal(event.payload.data.object.object, body.data.object.object, body.type);
    assert.deepEqual(event.payload, body, body.type);
    types.add(body.type);
    count++;
  }
  t.diagnostic(`${count} bodies of ${types.size} event types`);
  assert.ok(types.size > 200, `${types.size} event types`);
});
