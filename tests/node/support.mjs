// What several test files need: one secret and one signed delivery for each provider, made by node:crypto, not by us.
import { createHmac, generateKeyPairSync } from "node:crypto";

export const NOW = 1_767_225_600;

/** 32 key bytes whose text forms all look different. */
export const KEY = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const seed = Buffer.from(privateKey.export({ format: "jwk" }).d, "base64url");
const point = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");

/** A fresh Ed25519 key in every text form, and in parts. */
export const ED25519 = {
  privateKey,
  seed,
  point,
  whsk: `whsk_${Buffer.concat([seed, point]).toString("base64")}`,
  whpk: `whpk_${point.toString("base64")}`,
  hex: point.toString("hex"),
  pem: publicKey.export({ format: "pem", type: "spki" }),
};

export const hmac = (key, content, encoding) => createHmac("sha256", key).update(content).digest(encoding);

const whsec = `whsec_${KEY.toString("base64")}`;

/**
 * Every way to sign that has a preset: provider, options, secret, and the headers written by node:crypto. `signer` signs
 * where that takes another key than verifying, `sent` are further headers of the provider.
 */
export const PROVIDERS = [
  {
    provider: "github",
    secret: "It's a Secret to Everybody",
    headers: (body) => ({ "X-Hub-Signature-256": `sha256=${hmac("It's a Secret to Everybody", body, "hex")}` }),
    sent: ["Content-Type", "X-GitHub-Event", "X-GitHub-Delivery"],
  },
  {
    provider: "plane",
    secret: "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5",
    headers: (body) => ({ "X-Plane-Signature": hmac("plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5", body, "hex") }),
    sent: ["Content-Type", "X-Plane-Event", "X-Plane-Delivery"],
  },
  {
    provider: "planeconnection",
    secret: "whsec_pc_0123456789",
    headers: (body, now) => ({
      "X-Webhook-Signature": `sha256=${hmac("whsec_pc_0123456789", body, "hex")}`,
      "X-Webhook-Timestamp": new Date(now * 1000).toISOString().replace(".000", ""),
    }),
    sent: ["Content-Type", "X-Webhook-Event", "X-Webhook-ID"],
  },
  {
    provider: "planeconnection",
    options: { dialect: "settings" },
    secret: "whsec_pc_0123456789",
    headers: (body) => ({ "X-PlaneConnection-Signature": `sha256=${hmac("whsec_pc_0123456789", body, "hex")}` }),
    sent: ["Content-Type", "X-Webhook-Event", "X-Webhook-ID"],
  },
  timed("plandocket", undefined, "X-Webhook", (now, body) => [Buffer.from(`${now}.`), body]),
  timed("planasonix", undefined, "X-Planasonix", (now, body) => [
    Buffer.from(body.length ? `${now}.` : `${now}`),
    body,
  ]),
  timed("planasonix", { dialect: "body-only" }, "X-Planasonix", (_, body) => [body]),
  {
    provider: "stripe",
    secret: "whsec_stripe_secret_text",
    headers: (body, now) => ({
      "Stripe-Signature": `t=${now},v1=${hmac("whsec_stripe_secret_text", Buffer.concat([Buffer.from(`${now}.`), body]), "hex")}`,
    }),
    sent: ["Content-Type"],
  },
  standard("standard-webhooks", "webhook"),
  standard("svix", "svix"),
  standard("resend", "svix"),
];

function timed(provider, options, prefix, content) {
  const secret = "a-shared-secret-of-some-length";
  return {
    provider,
    options,
    secret,
    headers: (body, now) => ({
      [`${prefix}-Timestamp`]: `${now}`,
      [`${prefix}-Signature`]: `v1=${hmac(secret, Buffer.concat(content(now, body)), "hex")}`,
    }),
    sent: ["Content-Type"],
  };
}

function standard(provider, prefix) {
  return {
    provider,
    secret: whsec,
    signsId: true,
    headers: (body, now, id = "msg_1") => ({
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: `${now}`,
      [`${prefix}-signature`]: `v1,${hmac(KEY, Buffer.concat([Buffer.from(`${id}.${now}.`), body]), "base64")}`,
    }),
    sent: ["Content-Type"],
  };
}

/** The error that a call throws. */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Random numbers that are the same in every run. */
export function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
