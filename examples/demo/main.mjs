// The demo: starts the receiver, sends it real deliveries over HTTP, and shows what became of each.
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import { createRequire } from "node:module";
import { MAX_BYTES, dispatched, failsOn, providers, webhooks } from "./cases.mjs";
import { dispatch } from "./dispatch.mjs";
import { createListener } from "./receiver.mjs";
import { print } from "./table.mjs";

const started = performance.now();
const { version } = createRequire(import.meta.url)("countersign/package.json");

let handled = 0;
let failedOnce = false;

/** The application: reads the typed payload, which is checked on reading. */
function handle(event) {
  if (event.id === failsOn && !failedOnce) {
    failedOnce = true;
    throw new Error("the database is down");
  }
  void event.payload;
  handled += 1;
}

let seen; // what the receiver says about the request at hand
const receiver = createServer(
  createListener({ webhooks, handle, log: (entry) => (seen = entry), maxBytes: MAX_BYTES }),
);
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const { port } = receiver.address();
const agent = new Agent({ keepAlive: true });

/** Posts one delivery, headers and body exactly as given, and resolves to the status. */
async function post({ path, method = "POST", headers, body }) {
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const bytes = Buffer.from(body);
  if (method === "POST") sent["Content-Length"] = bytes.length;
  const outgoing = request({
    host: "127.0.0.1",
    port,
    path,
    method,
    headers: sent,
    agent,
    signal: AbortSignal.timeout(5000),
  });
  outgoing.end(bytes);
  const [response] = await once(outgoing, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

print.head(`countersign ${version}: a webhook receiver, and what it makes of what it gets`, [
  `http://127.0.0.1:${port} is a Node server that uses the packed npm package. Each line is a delivery`,
  "posted to it: captured from its provider, or signed just now with node:crypto, or wrong in a way that",
  "happens in practice. A check mark means that the answer, be it a refusal, is the right one.",
]);

let passed = 0;
let failed = 0;
for (const { title, rows } of providers) {
  print.provider();
  for (const { sent, delivery, status, outcome, key } of rows) {
    seen = {};
    const handledBefore = handled;
    const answer = await post(delivery).catch((error) => error.code ?? error.message);
    const { event, error } = seen;
    const got = event ? event.type : (error?.code ?? "handler failed");
    const right =
      answer === status && got === outcome && event?.key === key && handled - handledBefore === (event ? 1 : 0);
    if (right) passed += 1;
    else failed += 1;
    print.row({ right, title, sent, answer, event: event !== undefined, got, key: event?.key });
    if (!right) print.expected(`${status} ${outcome}${key ? ` by key ${key}` : ""}`, error);
  }
}

print.section(
  "And the other way round: deliveries that countersign's own dispatcher (Rust) signs, sends and, where need",
  "be, sends again, over TLS.",
);
for (const { right, ...shown } of await dispatch(dispatched, { webhooks, maxBytes: MAX_BYTES })) {
  if (right) passed += 1;
  else failed += 1;
  print.row({ right, ...shown });
  if (!right) print.expected(shown.expected, shown.error);
}

print.foot(passed, failed, performance.now() - started);
agent.destroy();
receiver.close();
process.exitCode = failed === 0 ? 0 : 1;
