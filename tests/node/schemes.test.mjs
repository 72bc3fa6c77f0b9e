// Schemes described as data: which mistakes are refused at start-up, by the table that Rust is tested by too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Webhook } from "countersign";
import { diagnose } from "countersign/diagnose";
import { NOW, thrown } from "./support.mjs";

const table = JSON.parse(readFileSync(new URL("../schemes/cases.json", import.meta.url), "utf8"));

function schemeOf(change) {
  const scheme = { ...table.scheme, ...change };
  for (const [part, value] of Object.entries(scheme)) if (value === null) delete scheme[part];
  return scheme;
}

const secretOf = ({ key }) => (key === "whsec" ? "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "s3cr3t");

for (const { what, change } of table.taken) {
  test(`a scheme is taken: ${what}`, () => {
    const scheme = schemeOf(change);
    const webhook = new Webhook(scheme, secretOf(scheme));
    assert.equal(webhook.provider, scheme.name ?? "custom");
    const body = '{"id":"1"}';
    const headers = webhook.sign(body, { now: NOW });
    const event = webhook.verify({ headers, body }, { now: NOW });
    assert.equal(event.provider, scheme.name ?? "custom");
    assert.equal(event.expires, NOW + (scheme.retryHorizon ?? 7 * 86_400));
    assert.equal(diagnose(scheme, secretOf(scheme), { headers, body }, { now: NOW }).code, "valid");
  });
}

for (const { mistake, change, says } of table.refused) {
  test(`a mistake in a scheme is a TypeError with a sentence: ${mistake}`, () => {
    const scheme = schemeOf(change);
    const error = thrown(() => new Webhook(scheme, secretOf(scheme)));
    assert.equal(error.constructor, TypeError, error.stack);
    assert.ok(error.message.includes(says), error.message);
    assert.doesNotMatch(error.message, /s3cr3t/);
    const { code, summary } = diagnose(scheme, secretOf(scheme), { headers: {}, body: "{}" }, { now: NOW });
    assert.match(code, /^(scheme|arguments)_invalid$/, summary);
    assert.ok(summary.includes(says), summary);
  });
}

test("the scope of a webhook is a text, and part of its replay keys", () => {
  const body = '{"id":"evt_1","object":"event","type":"a"}';
  const key = (options) => {
    const webhook = new Webhook("stripe", "whsec_stripe_secret_text", options);
    return webhook.verify({ headers: webhook.sign(body, { now: NOW }), body }, { now: NOW }).replayKey;
  };
  assert.equal(key({}), "stripe:id:evt_1");
  assert.equal(key({ scope: undefined }), "stripe:id:evt_1");
  assert.equal(key({ scope: "a:id:b" }), "stripe@a%3Aid%3Ab:id:evt_1");
  for (const scope of ["", null, 7, {}, "\ud800"]) {
    const error = thrown(() => key({ scope }));
    assert.equal(error.constructor, TypeError);
    assert.match(error.message, /^scope must be a text/);
  }
});

test("a retry horizon is a number of seconds", () => {
  for (const retryHorizon of ["3600", -1, NaN, Infinity, {}]) {
    const error = thrown(() => new Webhook({ ...table.scheme, retryHorizon }, "s3cr3t"));
    assert.equal(error.constructor, TypeError);
    assert.match(error.message, /^retryHorizon must be a number of seconds\./);
  }
});
