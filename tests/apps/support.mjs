// Starts an example app as its first lines say, and sends it what a provider and an attacker would.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { headersOf } from "../../examples/demo/providers.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

export const tool = (name) => path(`node_modules/.bin/${name}`);

/** The same folder elsewhere: here it finds what this folder's lock installed, and the packed package above that. */
export function copy(name, at = "running") {
  const folder = path(`${at}/${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path(`../../examples/${name}`), folder, { recursive: true });
  return folder;
}

/** Runs a command to the end of the test. */
export function run(t, command, args, { cwd, env = {} }) {
  // A group of its own, so that what the command starts ends with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
  const end = once(child, "close").then(([code, signal]) => (text += `[ended: ${code ?? signal}]`));
  t.after(async () => {
    if (child.exitCode === null) process.kill(-child.pid);
    await end;
  });
  return {
    /** What it has printed so far. */
    said: () => text,
    async until(condition) {
      for (let waited = 0; waited < 60_000 && child.exitCode === null; waited += 50) {
        if (await condition()) return;
        await sleep(50);
      }
      assert.fail(`The app did not get that far. It said:\n${text}`);
    },
  };
}

/** Whether something listens there. */
export const answers = (url) =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** What is sent: the fields that each provider documents. */
export const bodies = {
  invoice: JSON.stringify({
    id: "evt_1",
    object: "event",
    api_version: "2026-07-29.dahlia",
    created: 1767225580,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type: "invoice.paid",
    data: { object: { id: "in_7", object: "invoice", amount_paid: 4900 } },
  }),
  issue: JSON.stringify({
    event: "issue",
    action: "create",
    webhook_id: "5dcb4a3e-1b6b-4e41-94a5-1f2a1c6a7c11",
    workspace_id: "8a1d3c2b-0f9e-4d7a-b6c5-2e3f4a5b6c7d",
    data: { id: "0d7e6f5a-4b3c-2d1e-9f8a-7b6c5d4e3f2a", name: "Fix the login" },
    activity: null,
  }),
  bounce: JSON.stringify({
    type: "email.bounced",
    created_at: "2026-01-01T00:00:00.000Z",
    data: {
      email_id: "56761188-7520-42d8-8898-ff6fc54ce618",
      created_at: "2025-12-31T23:59:00.000Z",
      from: "Ops <ops@example.com>",
      to: ["zoë@example.com"],
      subject: "Trip – confirmée",
      bounce: { message: "There is no such mailbox.", subType: "Suppressed", type: "Permanent" },
    },
  }),
  trip: JSON.stringify({
    id: "evt_006",
    type: "trip.created",
    workspace_id: "ws_skyline",
    timestamp: "2025-12-31T23:59:50Z",
    data: {
      trip_id: "trip_7",
      trip_type: "charter",
      status: "draft",
      origin: "KTEB",
      destination: "KMIA",
      departure_date: "2026-01-05",
      aircraft_id: "ac_n123ab",
      created_by: "usr_jane",
    },
  }),
};

const now = () => Math.floor(Date.now() / 1000);

/**
 * Sends deliveries of this provider. Whatever the app prints for the genuine one, `handled`, must be there once.
 * @param send takes { method, headers, body } and gives the status and the text of the answer
 */
export async function exchange({ provider, secret, body, stale, send, said, handled }) {
  let id = 0;
  const signed = (text, { at = now(), key = secret, name = `msg_${process.pid}_${++id}` } = {}) => ({
    method: "POST",
    headers: headersOf[provider](text, key, at, name),
    body: text,
  });
  const name = `msg_${process.pid}_genuine`;
  const expect = async (what, request, status) => {
    const answer = await send(request).catch((error) => ({ text: String(error.cause ?? error) }));
    assert.equal(answer.status, status, `${what}: ${answer.text}\n${said()}`);
    return answer;
  };
  const genuine = signed(body, { name });
  const times = () => said().split(handled).length - 1;

  await expect("a genuine delivery", genuine, 200);
  await expect("the very same again", genuine, 200);
  await expect("the provider's next attempt, signed anew", signed(body, { name, at: now() + 1 }), 200);
  const refusals = [
    await expect("a tampered one", { ...signed(body), body: body.replace(/.(?=..$)/, "~") }, 401),
    await expect("one of another secret", signed(body, { key: `${secret.slice(0, -4)}AAAA` }), 401),
  ];
  // Some providers sign no time.
  if (stale !== undefined) refusals.push(await expect("a stale one", signed(body, { at: now() - stale }), 401));
  // The caller learns nothing from it: which of the checks failed is for the log.
  assert.equal(new Set(refusals.map(({ text }) => text)).size, 1);
  await sleep(100);
  assert.equal(times(), 1, `the handler runs once; the app said:\n${said()}`);
}

/** Over HTTP. */
export function over(url) {
  return async (request) => {
    const response = await fetch(url, request);
    return { status: response.status, text: await response.text() };
  };
}

/** What a reader installs by copying the folder is what is tested here. */
export function checkManifest(name) {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(path(`../../examples/${name}/package.json`), "utf8"),
  );
  const tested = JSON.parse(readFileSync(path("package.json"), "utf8")).dependencies;
  const { version } = JSON.parse(readFileSync(join(path("../.."), "node_modules/countersign/package.json"), "utf8"));
  // wrangler needs a newer Node than these tests; they run its workerd.
  const { wrangler, ...all } = { ...dependencies, ...devDependencies };
  for (const [dependency, wanted] of Object.entries(all)) {
    assert.equal(wanted, dependency === "countersign" ? version : tested[dependency], `${name} wants ${dependency}`);
  }
}
