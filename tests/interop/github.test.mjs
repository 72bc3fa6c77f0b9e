// @octokit/webhooks-methods, both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sign, verify, verifyWithFallback } from "@octokit/webhooks-methods";
import { Webhook } from "countersign";
import { bodies, tally } from "./bodies.mjs";

const HEADER = "X-Hub-Signature-256";
const secrets = ["It's a Secret to Everybody", "ключ 🔑", "x".repeat(200)];

for (const secret of secrets) {
  const webhook = new Webhook("github", secret);

  test(`octokit signs, we verify; we sign, octokit verifies (secret of ${secret.length} characters)`, async (t) => {
    const count = tally(t);
    for (const payload of bodies(5, 400)) {
      const theirs = await sign(secret, payload);
      const ours = webhook.sign(payload)[HEADER];
      assert.equal(ours, theirs);
      for (const body of [payload, Buffer.from(payload)]) {
        assert.equal(webhook.verify({ headers: { [HEADER]: theirs }, body }).key, "default");
        count.add("verified by us");
      }
      assert.equal(await verify(secret, payload, ours), true);
      assert.equal(await verify(secret, `${payload} `, ours), false);
      assert.throws(() => webhook.verify({ headers: { [HEADER]: theirs }, body: `${payload} ` }), {
        code: "signature_mismatch",
      });
      count.add("verified by octokit");
    }
    count.report();
  });
}

test("a rotation: our keyring and verifyWithFallback take the same", async () => {
  const keyring = new Webhook(
    "github",
    secrets.map((secret, at) => ({ name: `k${at}`, secret })),
  );
  for (const payload of bodies(6, 60)) {
    for (const [at, secret] of secrets.entries()) {
      const signature = await sign(secret, payload);
      assert.equal(await verifyWithFallback(secrets[0], payload, signature, secrets.slice(1)), true);
      assert.equal(keyring.verify({ headers: { [HEADER]: signature }, body: payload }).key, `k${at}`);
    }
    const foreign = await sign("foreign", payload);
    assert.equal(await verifyWithFallback(secrets[0], payload, foreign, secrets.slice(1)), false);
    assert.throws(() => keyring.verify({ headers: { [HEADER]: foreign }, body: payload }), {
      code: "signature_mismatch",
    });
  }
});

test("what octokit cannot do: no body, bytes, upper case", async () => {
  const webhook = new Webhook("github", secrets[0]);
  const empty = webhook.sign("");
  assert.equal(webhook.verify({ headers: empty, body: "" }).raw.length, 0);
  await assert.rejects(verify(secrets[0], "", empty[HEADER]), TypeError);
  const body = Buffer.from([0xff, 0x00]);
  assert.equal(webhook.verify({ headers: webhook.sign(body), body }).raw, body);
  await assert.rejects(sign(secrets[0], body), TypeError);
  const upper = `sha256=${webhook.sign("{}")[HEADER].slice(7).toUpperCase()}`;
  assert.equal(webhook.verify({ headers: { [HEADER]: upper }, body: "{}" }).key, "default");
  assert.equal(await verify(secrets[0], "{}", upper), false);
});
