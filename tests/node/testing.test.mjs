// countersign/testing: every sample of every provider reaches a handler, with its own type.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook, providers } from "countersign";
import { sampleDelivery, sampleEvent, sampleTypes } from "countersign/testing";
import { NOW, PROVIDERS, hmac } from "./support.mjs";

const NAMES = providers().map(({ name }) => name);

for (const { provider, options, secret, signer } of PROVIDERS) {
  const webhook = new Webhook(provider, secret, options);
  const signing = signer ? new Webhook(provider, signer, options) : webhook;

  test(`${provider} ${options?.dialect ?? ""}: each sample reaches the handler`, async () => {
    const types = sampleTypes(provider);
    for (const type of types.length > 0 ? types : [undefined]) {
      const own = type === undefined ? { body: '{"a":1}' } : { type };
      const seen = [];
      const request = new Request("http://test/hook", sampleDelivery(signing, own));
      const response = await webhook.respond(request, { handler: (event) => void seen.push(event) });
      assert.equal(response.status, 200, type);
      assert.equal(seen.length, 1);
      // GitHub names the event in a header that it does not sign.
      if (provider !== "github" && type !== undefined) assert.equal(seen[0].type, type);
      assert.notEqual(seen[0].payload, undefined);
    }
  });
}

test("a sample without a type is the provider's first", () => {
  for (const name of NAMES.filter((name) => sampleTypes(name).length > 0))
    assert.equal(sampleEvent(name).type, sampleTypes(name)[0]);
});

test("it is signed for the time and id that are given, by another implementation's word", () => {
  const secret = "whsec_jq4Jr3lHSh2nGEWb0KQmPEkVrVxxxxxxx";
  const { headers, body, method } = sampleDelivery(new Webhook("stripe", secret), { type: "invoice.paid", now: NOW });
  assert.equal(method, "POST");
  assert.equal(headers["Stripe-Signature"], `t=${NOW},v1=${hmac(secret, `${NOW}.${body}`, "hex")}`);
  assert.equal(JSON.parse(body).type, "invoice.paid");
  const svix = sampleDelivery(new Webhook("svix", "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXQ="), { id: "msg_7" });
  assert.equal(svix.headers["svix-id"], "msg_7");
});

test("what has no sample says so, and names what there is", () => {
  const webhook = new Webhook("resend", "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXQ=");
  assert.throws(() => sampleDelivery(webhook, { type: "email.bounecd" }), /no event of that type.*email\.bounced/);
  assert.throws(() => sampleEvent("acme"), /no samples for a provider of that name: pass a body/);
  assert.equal(sampleDelivery(webhook, { body: "{}" }).body, "{}");
});
