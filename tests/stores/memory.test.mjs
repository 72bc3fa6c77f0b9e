// The store in this process: what every store does, its bound, and that strangers leave nothing behind.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Webhook } from "countersign";
import { memoryReplay } from "countersign/replay/memory";
import { checkReplayStore } from "../suite/replay.mjs";

test("does what every store does", () => checkReplayStore(memoryReplay()));

test("is bounded: what was handled longest ago makes room, running handlers never", async () => {
  const store = memoryReplay({ capacity: 100 });
  const running = await store.claim("running", 60);
  for (let i = 0; i < 1000; i++) await store.commit(`key ${i}`, (await store.claim(`key ${i}`, 60)).token, 1000);
  const states = [];
  for (let i = 0; i < 1000; i++) {
    const claim = await store.claim(`key ${i}`, 60);
    states.push(claim.state);
    if (claim.state === "new") await store.release(`key ${i}`, claim.token);
  }
  const kept = states.lastIndexOf("new") + 1;
  assert.ok(states.slice(kept).every((state) => state === "done"));
  assert.ok(1000 - kept >= 98 && 1000 - kept <= 100, `${1000 - kept} kept`);
  assert.equal((await store.claim("running", 60)).state, "in_progress");
  assert.equal(await store.commit("running", running.token, 60), true);
});

test("full of running handlers, it says so", async () => {
  const store = memoryReplay({ capacity: 3 });
  const tokens = [];
  for (const key of "abc") tokens.push((await store.claim(key, 60)).token);
  await assert.rejects(async () => store.claim("d", 60), /^Error: The replay memory is full: 3 handlers are running\.$/);
  await store.release("b", tokens[1]);
  assert.equal((await store.claim("d", 60)).state, "new");
});

test("a capacity is a number", () => {
  for (const capacity of [0, -1, 1.5, NaN, "5", null]) assert.throws(() => memoryReplay({ capacity }), TypeError);
});

test("a million forged deliveries leave nothing behind", { timeout: 300_000 }, async () => {
  const webhook = new Webhook("github", "secret");
  const store = memoryReplay();
  let steps = 0;
  const counted = { claim: (...args) => (steps++, store.claim(...args)), commit: store.commit, release: store.release };
  const options = { replay: counted, handler: () => assert.fail("handled") };
  const forge = async (from, to) => {
    for (let i = from; i < to; i++) {
      const body = `{"id":${i}}`;
      const headers = { "x-hub-signature-256": `sha256=${i.toString(16).padStart(64, "0")}` };
      await webhook.handle({ headers, body }, options).then(
        () => assert.fail("accepted"),
        (error) => error.code === "signature_mismatch" || assert.fail(error.code),
      );
    }
  };
  const used = () => {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  };
  // Warm: code is compiled, and the heap has its size.
  await forge(0, 200_000);
  const before = used();
  await forge(200_000, 1_000_000);
  const grown = (used() - before) / 2 ** 20;
  assert.equal(steps, 0, "the store was asked");
  assert.ok(grown < 64, `${grown.toFixed(1)} MiB more`);
  const body = "{}";
  const signature = createHmac("sha256", "secret").update(body).digest("hex");
  let handled = 0;
  await webhook.handle({ headers: { "x-hub-signature-256": `sha256=${signature}` }, body }, { replay: counted, handler: () => handled++ });
  assert.equal(handled, 1);
});
