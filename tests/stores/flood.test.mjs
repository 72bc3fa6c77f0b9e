// A million forged deliveries: no store hears of them, and the memory stays flat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook, WebhookError } from "countersign";
import { memoryReplay } from "countersign/replay/memory";
import { heapUsed } from "./support/heap.mjs";

const FORGED = 1_000_000;

test(`a flood of ${FORGED} forged deliveries`, async (t) => {
  const webhook = new Webhook("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  // With room for one key: one forged claim would leave none.
  const memory = memoryReplay({ capacity: 1 });
  let asked = 0;
  const replay = {
    ...memory,
    claim(...of) {
      asked++;
      return memory.claim(...of);
    },
  };
  const handler = () => assert.fail("the handler must not run");
  const body = JSON.stringify({ type: "order.paid", data: { id: "x".repeat(200) } });
  const genuine = webhook.sign(body, { id: "msg_genuine" });

  const flood = async (count) => {
    let refused = 0;
    for (let at = 0; at < count; at++) {
      // Each with an id of its own, so that whatever is remembered of it would add up.
      const headers = { ...genuine, "webhook-id": `msg_${at}` };
      try {
        await webhook.handle({ headers, body }, { replay, handler });
      } catch (error) {
        if (error instanceof WebhookError && error.code === "signature_mismatch") refused++;
      }
    }
    return refused;
  };

  // Stack traces take a third of the time, and are gone with their errors.
  Error.stackTraceLimit = 0;
  await flood(100_000);
  const before = heapUsed();
  const { rss } = process.memoryUsage();
  const { user } = process.cpuUsage();
  assert.equal(await flood(FORGED), FORGED);
  const seconds = (process.cpuUsage().user - user) / 1e6;
  const after = heapUsed();
  const resident = (process.memoryUsage().rss - rss) / 2 ** 20;
  t.diagnostic(
    `${before.toFixed(1)} MiB before, ${after.toFixed(1)} MiB after, ${resident.toFixed(1)} MiB more resident; ${((seconds / FORGED) * 1e6).toFixed(1)} µs each`,
  );
  // A byte of each would be 0.95 MiB.
  assert.ok(after - before < 0.9, `${after - before} MiB more`);
  // What the module's own memory, the collector's slack and the like may take.
  assert.ok(resident < 100, `${resident} MiB more resident`);
  assert.equal(asked, 0);

  let ran = 0;
  await webhook.handle({ headers: genuine, body }, { replay, handler: () => void ran++ });
  assert.equal(ran, 1);
});
