// The npm package receives what the dispatcher in Rust sends, for every sender and dialect: over TLS, from its own client.
import assert from "node:assert/strict";
import { spawnSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { after, test } from "node:test";
import { providers, Webhook } from "countersign";
import { ED25519, KEY, SENDERS } from "../node/support.mjs";

const SENDER = process.env.COUNTERSIGN_DISPATCH_SENDER;
const BODIES = ["", '{"type":"invoice.paid","amount":1.0}', "\ufeffключ 🔑\r\n", "x".repeat(200_000)];

const custom = {
  signature: { header: "X-Acme-Signature", format: { kind: "single", prefix: "sha256=", encoding: "hex" } },
};

/** Each way to sign: what the sender signs with, and what the receiver verifies with. */
const WAYS = [
  ...SENDERS.map(({ provider, options, secret }) => ({ provider, options, signs: secret, verifies: secret })),
  ...["planasonix", "standard-webhooks", "svix", "resend"].map((provider) => ({ provider, signs: ED25519.whsk, verifies: ED25519.whpk })),
];
