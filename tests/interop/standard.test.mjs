// svix, standardwebhooks and resend: one scheme under two names, both ways.
//
// svix 2.x asks for Node 22 in its manifest; its Webhook class runs on Node 20 as well, which this file shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resend } from "resend";
import * as standard from "standardwebhooks";
import * as svix from "svix";
import { Webhook } from "countersign";
import { KEY } from "../node/support.mjs";
import { bodies, isJson, tally } from "./bodies.mjs";

const secret = `whsec_${KEY.toString("base64")}`;
// None of the three takes a clock.
const NOW = Math.floor(Date.now() / 1000);
const DATE = new Date(NOW * 1000);
const resend = new Resend("re_x");
const StandardWebhook = standard.Webhook ?? standard.default.Webhook;

const PEERS = [
  {
    name: "svix",
    provider: "svix",
    prefix: "svix",
    sign: (id, payload) => new svix.Webhook(secret).sign(id, DATE, payload),
    // Since 2.0 it gives back nothing.
    verify: (payload, headers) => new svix.Webhook(secret).verify(payload, headers),
    parses: false,
  },
  {
    name: "standardwebhooks",
    provider: "standard-webhooks",
    prefix: "webhook",
    sign: (id, payload) => new StandardWebhook(secret).sign(id, DATE, payload),
    verify: (payload, headers) => new StandardWebhook(secret).verify(payload, headers),
    parses: true,
  },
  {
    name: "standardwebhooks with a raw key",
    provider: "standard-webhooks",
    prefix: "webhook",
    secret: new Uint8Array(KEY),
    sign: (id, payload) => new StandardWebhook(new Uint8Array(KEY), { format: "raw" }).sign(id, DATE, payload),
    verify: (payload, headers) => new StandardWebhook(new Uint8Array(KEY), { format: "raw" }).verify(payload, headers),
    parses: true,
  },
  {
    name: "resend",
    provider: "resend",
    prefix: "svix",
    sign: (id, payload) => new svix.Webhook(secret).sign(id, DATE, payload),
    verify: (payload, headers) => {
      const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
      return resend.webhooks.verify({ payload, headers: { id, timestamp, signature }, webhookSecret: secret });
    },
    parses: true,
    textOnly: true,
  },
];

for (const { name, provider, prefix, sign, verify, parses, textOnly, secret: own = secret } of PEERS) {
  const webhook = new Webhook(provider, own);

  test(`${name} signs, we verify`, (t) => {
    const count = tally(t);
    for (const [at, payload] of ["", ...bodies(3, 500)].entries()) {
      const id = `msg_${at}`;
      const headers = {
        [`${prefix}-id`]: id,
        [`${prefix}-timestamp`]: `${NOW}`,
        [`${prefix}-signature`]: sign(id, payload),
      };
      for (const body of [payload, Buffer.from(payload)]) {
        assert.equal(webhook.verify({ headers, body }, { now: NOW }).id, id);
        count.add("verified");
      }
      assert.throws(() => webhook.verify({ headers, body: `${payload} ` }, { now: NOW }), {
        code: "signature_mismatch",
      });
      const several = { ...headers, [`${prefix}-signature`]: `v1,AAAA v9,x ${headers[`${prefix}-signature`]}` };
      assert.equal(webhook.verify({ headers: several, body: payload }, { now: NOW }).id, id);
    }
    count.report();
  });

  test(`we sign, ${name} verifies`, (t) => {
    const count = tally(t);
    for (const [at, payload] of ["", ...bodies(4, 500)].entries()) {
      const id = `msg_${at}`;
      const headers = webhook.sign(payload, { id, now: NOW });
      assert.equal(headers[`${prefix}-signature`], sign(id, payload));
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      for (const body of textOnly ? [payload] : [payload, Buffer.from(payload)]) {
        if (parses && payload !== "" && !isJson(payload)) {
          // Verified, and then it parses whatever was sent.
          assert.throws(() => verify(body, lower), SyntaxError);
          count.add("verified, then not JSON");
          continue;
        }
        const result = verify(body, lower);
        if (parses && payload !== "") assert.deepEqual(result, webhook.verify({ headers, body }, { now: NOW }).json());
        count.add("verified");
      }
      assert.throws(() => verify(`${payload} `, lower), /No matching signature/);
    }
    assert.ok(count.of("verified") > 300);
    count.report();
  });

  test(`${name}: bytes that are not UTF-8`, (t) => {
    const body = Buffer.from([0xff, 0xfe, 0x00]);
    const headers = webhook.sign(body, { now: NOW });
    assert.equal(webhook.verify({ headers, body }, { now: NOW }).raw, body);
    assert.throws(() => verify(body, headers), /No matching signature/);
    t.diagnostic("left out: it turns such bytes into U+FFFD before it computes the signature");
  });
}

test("svix takes the webhook-* headers too, and so does our standard-webhooks", () => {
  const headers = new Webhook("standard-webhooks", secret).sign("{}", { id: "msg_1", now: NOW });
  assert.doesNotThrow(() => new svix.Webhook(secret).verify("{}", headers));
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = headers;
  const renamed = { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature };
  assert.equal(new Webhook("svix", secret).verify({ headers: renamed, body: "{}" }, { now: NOW }).id, "msg_1");
});

test("secrets that both refuse", () => {
  for (const bad of ["", "whsec_", "whsec_!!!!", `${secret}\n`, ` ${secret}`, secret.replace("=", "-")]) {
    assert.throws(() => new StandardWebhook(bad), undefined, bad);
    assert.throws(() => new Webhook("standard-webhooks", bad), { name: "WebhookError" }, bad);
  }
});
