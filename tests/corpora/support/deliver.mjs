// Signs a body as its provider does, with node:crypto, and reads it with the packed package.
import { createHmac } from "node:crypto";
import { Webhook } from "countersign";

const KEY = "a key of thirty-two bytes, or so";
const WHSEC = `whsec_${Buffer.from(KEY).toString("base64")}`;
const NOW = 1_767_225_600;

const hex = (key, text) => createHmac("sha256", key).update(text).digest("hex");

/** The headers of the Standard Webhooks kind, which have their own names at each provider. */
const standard = (prefix) => (body) => ({
  [`${prefix}-id`]: "msg_1",
  [`${prefix}-timestamp`]: String(NOW),
  [`${prefix}-signature`]: `v1,${createHmac("sha256", KEY).update(`msg_1.${NOW}.${body}`).digest("base64")}`,
});

const SIGNED = {
  github: (body) => ({ "x-hub-signature-256": `sha256=${hex(WHSEC, body)}` }),
  planasonix: (body) => ({
    "x-planasonix-timestamp": String(NOW),
    "x-planasonix-signature": `v1=${hex(WHSEC, `${NOW}.${body}`)}`,
  }),
  plandocket: (body) => ({
    "x-webhook-timestamp": String(NOW),
    "x-webhook-signature": `v1=${hex(WHSEC, `${NOW}.${body}`)}`,
  }),
  plane: (body) => ({ "x-plane-signature": hex(WHSEC, body) }),
  planeconnection: (body) => ({ "x-planeconnection-signature": hex(WHSEC, body) }),
  resend: standard("svix"),
  "standard-webhooks": standard("webhook"),
  stripe: (body) => ({ "stripe-signature": `t=${NOW},v1=${hex(WHSEC, `${NOW}.${body}`)}` }),
  svix: standard("svix"),
};

const webhooks = Object.fromEntries(Object.keys(SIGNED).map((provider) => [provider, new Webhook(provider, WHSEC)]));

/** The event that a delivery of this body becomes. */
export function deliver(provider, body) {
  return webhooks[provider].verify({ headers: SIGNED[provider](body), body }, { now: NOW });
}
