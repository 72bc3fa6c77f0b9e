// The demo's other half: lets the Rust dispatcher send to the receiver over TLS, and says what arrived.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import { createInterface } from "node:readline";
import { failsOn } from "./cases.mjs";
import { createListener } from "./receiver.mjs";

/** Sends them all; resolves to a row of the table for each. `COUNTERSIGN_DISPATCH` is the program that sends. */
export async function dispatch(deliveries, { webhooks, maxBytes }) {
  const dispatcher = spawn(process.env.COUNTERSIGN_DISPATCH, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(dispatcher, "close");
  const lines = createInterface({ input: dispatcher.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { certificate, key } = await next();

  // Deliveries come at the same time: each has a path of its own.
  const paths = Object.fromEntries(deliveries.map(({ path }, number) => [`/${number}`, webhooks[path]]));
  const seen = new Map();
  let failed = false;
  const handle = (event) => {
    if (event.id === failsOn && !failed) {
      failed = true;
      throw new Error("the database is down");
    }
    void event.payload;
  };
  const log = (entry) => seen.set(entry.path, entry);
  const receiver = createServer({ cert: certificate, key }, createListener({ webhooks: paths, handle, log, maxBytes }));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = (number) => `https://127.0.0.1:${receiver.address().port}/${number}`;
  const retry = { schedule: { steps_seconds: [0] }, max_retries: 1 };
  const orders = deliveries.map(({ signing, secret, eventType, body }, number) => ({
    id: `msg_sent_${number}`,
    event_type: eventType,
    body,
    endpoint: { url: url(number), events: ["*"], signing, secrets: [{ secret }], retry },
  }));
  dispatcher.stdin.end(`${JSON.stringify(orders)}\n`);

  const rows = [];
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const entry = JSON.parse(line.value);
    rows[entry.delivery] = rowOf(deliveries[entry.delivery], entry, seen.get(`/${entry.delivery}`));
  }
  await ended;
  receiver.close();
  return deliveries.map((delivery, number) => rows[number] ?? rowOf(delivery, { error: "never logged" }));
}

function rowOf({ title, sent, type, key, attempts }, logged, { event, error } = {}) {
  const right = logged.status === "success" && logged.attempt === attempts && event?.type === type && event.key === key;
  return {
    right,
    title,
    sent,
    answer: logged.response_status ?? "-",
    event: event !== undefined,
    got: event ? event.type : (error?.code ?? logged.error),
    key: event?.key,
    expected: `${type} by key ${key} at attempt ${attempts}; the log says: ${JSON.stringify(logged)}`,
    error,
  };
}
