// memoryReplay: the shared suite, and what happens when it is full.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryReplay } from "countersign/replay/memory";
import { testStore } from "./support/checks.mjs";
import { heapUsed } from "./support/heap.mjs";

const store = memoryReplay();
testStore("memory", () => store);

const LONG = 600;

function handled(store, key, keep = LONG) {
  const claim = store.claim(key, LONG);
  assert.equal(claim.state, "new", key);
  assert.equal(store.commit(key, claim.token, keep), true);
}

test("the time of day changes nothing: a clock that is set forgets nothing, and holds no dead lease", async (t) => {
  const store = memoryReplay({ prefix: "any" });
  const real = Date.now;
  t.after(() => {
    Date.now = real;
  });
  const day = 86_400_000;
  handled(store, "done");
  const { token } = store.claim("running", LONG);
  Date.now = () => real() + day;
  assert.equal(store.claim("done", LONG).state, "done");
  assert.equal(store.claim("running", LONG).state, "in_progress");
  assert.equal(store.claim("dead", 0.001).state, "new");
  Date.now = () => real() - day;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(store.claim("dead", LONG).state, "new");
  assert.equal(store.commit("running", token, LONG), true);
});

test("full, it drops the oldest and never the newest", () => {
  const store = memoryReplay({ capacity: 1000 });
  for (let id = 0; id < 30_000; id++) handled(store, `${id}`);
  for (let id = 29_999; id > 29_999 - 980; id--) assert.equal(store.claim(`${id}`, LONG).state, "done", `${id}`);
  // Asking for an old one is a claim, so it takes a place.
  assert.equal(store.claim("28000", LONG).state, "new");
});

test("full, it drops what has expired before anything else", async () => {
  const store = memoryReplay({ capacity: 100 });
  for (let id = 0; id < 50; id++) handled(store, `old ${id}`);
  for (let id = 0; id < 50; id++) handled(store, `short ${id}`, 0.001);
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (let id = 0; id < 50; id++) handled(store, `new ${id}`);
  for (let id = 0; id < 50; id++) {
    assert.equal(store.claim(`old ${id}`, LONG).state, "done");
    assert.equal(store.claim(`new ${id}`, LONG).state, "done");
  }
});

test("leases are never dropped; full of them, a claim is an error that says so", async () => {
  const store = memoryReplay({ capacity: 10 });
  handled(store, "done");
  const tokens = Array.from({ length: 10 }, (_, id) => store.claim(`${id}`, id < 9 ? LONG : 0.001).token);
  await new Promise((resolve) => setTimeout(resolve, 20));
  // The tenth lease is over, so there is one place.
  const last = store.claim("last", LONG);
  assert.equal(last.state, "new");
  assert.throws(() => store.claim("more", LONG), /All 10 keys are held by handlers that still run\./);
  assert.throws(() => store.commit("9", tokens[9], LONG), /All 10 keys are held/);
  for (let id = 0; id < 9; id++) assert.equal(store.commit(`${id}`, tokens[id], LONG), true);
  assert.equal(store.claim("more", LONG).state, "new");
});

test("its memory is flat: twenty times its capacity takes no more than its capacity", (t) => {
  const store = memoryReplay({ capacity: 10_000 });
  const fill = (from, to) => {
    for (let id = from; id < to; id++) handled(store, `standard-webhooks:id:msg_${id}`);
    return heapUsed();
  };
  const full = fill(0, 20_000);
  const later = fill(20_000, 220_000);
  t.diagnostic(`${full.toFixed(1)} MiB when full, ${later.toFixed(1)} MiB later`);
  // The 200,000 keys that came in between would take 40.
  assert.ok(later - full < 4, `${later - full} MiB more`);
  assert.equal(store.claim("standard-webhooks:id:msg_219999", LONG).state, "done");
});

test("a capacity that is no number of keys is a TypeError", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity, "10", null])
    assert.throws(() => memoryReplay({ capacity }), TypeError);
});
