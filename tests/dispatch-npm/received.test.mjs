// The npm package receives what the dispatcher in Rust sends, for every sender and dialect: over TLS, from its own client.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { providers, Webhook } from "countersign";
import { ED25519, KEY, PROVIDERS } from "../node/support.mjs";

// Made by `cargo test` with the feature `dispatch`, which `cargo xtask test` runs before.
const DISPATCH = process.env.COUNTERSIGN_DISPATCH;
const BODIES = ["", '{"type":"invoice.paid","event":"issue","amount":1.0}', "\ufeffключ 🔑\r\n", "x".repeat(200_000)];
const ED25519_PROVIDERS = [["planasonix", { dialect: "ed25519" }], ["standard-webhooks"], ["svix"]];
const ACME = {
  signature: { header: "X-Acme-Signature", prefix: "v1=", separator: ",", encoding: "hex" },
  timestamp: { header: "X-Acme-Timestamp" },
  signed: "{timestamp}.{body}",
  key: "utf8",
};

/** Each way to sign: what the sender signs with, and what the receiver verifies with. */
const WAYS = [
  ...PROVIDERS.map(({ provider, options, secret }) => ({ provider, options, signs: secret, verifies: secret })),
  ...ED25519_PROVIDERS.map(([provider, options]) => ({
    provider,
    options,
    signs: ED25519.whsk,
    verifies: ED25519.whpk,
  })),
  { provider: ACME, signs: "an-acme-secret-of-some-length", verifies: "an-acme-secret-of-some-length" },
];

const nameOf = ({ provider, options, signs }) =>
  [provider.signature ? "custom" : provider, options?.dialect ?? "", signs === ED25519.whsk ? "whsk" : ""]
    .filter(Boolean)
    .join("-");

/** Sends these jobs to this receiver; what the dispatcher's log says of each, by id. */
async function send(jobs, receive) {
  const sender = spawn(DISPATCH, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: sender.stdout })[Symbol.asyncIterator]();
  const { certificate, key } = JSON.parse((await lines.next()).value);
  const server = createServer({ cert: certificate, key }, (request, response) => {
    receive(request).then(
      (status) => response.writeHead(status).end(),
      (error) => response.writeHead(400).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = (id) => `https://127.0.0.1:${server.address().port}/${id}`;
  const orders = jobs.map(({ endpoint, ...job }) => ({
    ...job,
    endpoint: { ...endpoint, url: url(job.id), events: ["*"], retry: { max_retries: 0 } },
  }));
  sender.stdin.end(`${JSON.stringify(orders)}\n`);
  const log = new Map();
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { delivery, status, error } = JSON.parse(line.value);
    log.set(jobs[delivery].id, { status, error });
  }
  server.closeAllConnections();
  server.close();
  return log;
}

test("every sender and dialect there is has its way here", () => {
  const all = providers().flatMap(({ name, dialects }) =>
    dialects.map((dialect) => `${name} ${dialect.name ?? dialect}`),
  );
  const first = new Map(providers().map(({ name, dialects }) => [name, dialects[0].name ?? dialects[0]]));
  const here = WAYS.filter(({ provider }) => first.has(provider)).map(
    ({ provider, options }) => `${provider} ${options?.dialect ?? first.get(provider)}`,
  );
  assert.deepEqual([...new Set(here)].sort(), all.sort());
});

test("what dispatch sends verifies in Node, for every sender, dialect and body", async (t) => {
  const jobs = WAYS.flatMap((way) =>
    BODIES.map((body, at) => ({
      id: `${nameOf(way)}-${at}`,
      event_type: "invoice.paid",
      body,
      endpoint: {
        signing: way.provider.signature ? way.provider : { provider: way.provider, ...way.options },
        secrets: [{ secret: way.signs }],
      },
    })),
  );
  const seen = new Set();
  const log = await send(jobs, async (request) => {
    const id = request.url.slice(1);
    const way = WAYS.find((way) => id.replace(/-\d+$/, "") === nameOf(way));
    const body = await buffer(request);
    assert.equal(body.toString(), BODIES[id.match(/\d+$/)[0]]);
    const webhook = new Webhook(way.provider, way.verifies, way.options);
    const event = webhook.verify({ headers: request.headers, body });
    if (event.authenticated.id) assert.equal(event.id, id);
    // Another secret, or another body, and it does not.
    const wrong = { headers: request.headers, body: Buffer.concat([body, Buffer.from(" ")]) };
    assert.throws(() => webhook.verify(wrong), { code: "signature_mismatch" });
    seen.add(id);
    return 200;
  });
  for (const { id } of jobs) assert.deepEqual(log.get(id), { status: "success", error: null }, id);
  assert.equal(seen.size, jobs.length);
  t.diagnostic(`${WAYS.length} ways, ${jobs.length} deliveries`);
});

test("while secrets rotate, receivers of either one accept, where the header has room for both", async () => {
  const other = (secret) =>
    secret.startsWith("whsec_") && secret.length > 40
      ? `whsec_${KEY.toString("base64").replace(/^./, "A")}`
      : `${secret}-old`;
  const rotates = ["stripe", "standard-webhooks", "svix", "resend", ACME];
  const ways = WAYS.filter(({ provider, signs }) => rotates.includes(provider) && signs !== ED25519.whsk);
  assert.equal(ways.length, rotates.length);
  const jobs = ways.map((way) => ({
    id: nameOf(way),
    event_type: "invoice.paid",
    body: BODIES[1],
    endpoint: {
      signing: way.provider.signature ? way.provider : { provider: way.provider },
      secrets: [{ secret: way.signs }, { secret: other(way.signs), expires: 4_000_000_000 }],
    },
  }));
  const log = await send(jobs, async (request) => {
    const way = ways.find((way) => nameOf(way) === request.url.slice(1));
    const body = await buffer(request);
    for (const secret of [way.verifies, other(way.verifies)]) {
      new Webhook(way.provider, secret).verify({ headers: request.headers, body });
    }
    return 200;
  });
  for (const { id } of jobs) assert.deepEqual(log.get(id), { status: "success", error: null }, id);
});
