// The providers' side: how each of them signs, written with node:crypto alone, so that it shares no line with countersign.
import { createHmac, createPrivateKey, sign } from "node:crypto";

const hmac = (key, ...parts) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac;
};
const hex = (key, ...parts) => hmac(key, ...parts).digest("hex");
const base64 = (key, ...parts) => hmac(key, ...parts).digest("base64");
/** The key bytes of a `whsec_` secret. */
const whsec = (secret) => Buffer.from(secret.replace(/^whsec_/, ""), "base64");
const json = { "Content-Type": "application/json" };

/** Each takes `body, secret, at` (Unix seconds) and gives the headers; those with a signed id take it last. */
export const headersOf = {
  plane: (body, secret) => ({ ...json, "X-Plane-Signature": hex(secret, body) }),

  planeconnection: (body, secret, at) => ({
    ...json,
    "X-Webhook-ID": "wh_abc123",
    "X-Webhook-Event": JSON.parse(body).type,
    "X-Webhook-Timestamp": new Date(at * 1000).toISOString(),
    "X-Webhook-Signature": `sha256=${hex(secret, body)}`,
  }),

  plandocket: (body, secret, at) => ({
    ...json,
    "X-Webhook-Timestamp": String(at),
    "X-Webhook-Signature": `v1=${hex(secret, `${at}.`, body)}`,
  }),

  planasonix: (body, secret, at) => ({
    ...json,
    "X-Planasonix-Timestamp": String(at),
    "X-Planasonix-Signature": `v1=${hex(secret, `${at}.`, body)}`,
  }),

  stripe: (body, secret, at) => ({
    "Content-Type": "application/json; charset=utf-8",
    "Stripe-Signature": `t=${at},v1=${hex(secret, `${at}.`, body)}`,
  }),

  svix: (body, secret, at, id) => ({
    ...json,
    "svix-id": id,
    "svix-timestamp": String(at),
    "svix-signature": `v1,${base64(whsec(secret), `${id}.${at}.`, body)}`,
  }),

  "standard-webhooks": (body, secret, at, id) => ({
    ...json,
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": `v1,${base64(whsec(secret), `${id}.${at}.`, body)}`,
  }),

  github: (body, secret) => ({
    ...json,
    "X-GitHub-Event": "ping",
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "X-Hub-Signature-256": `sha256=${hex(secret, body)}`,
  }),
};
headersOf.resend = headersOf.svix; // Resend sends through Svix

/** Standard Webhooks with an Ed25519 key: `seed` is its 32 bytes. */
export function ed25519HeadersOf(body, seed, at, id) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const signature = sign(null, Buffer.from(`${id}.${at}.${body}`), key).toString("base64");
  return { ...json, "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1a,${signature}` };
}
