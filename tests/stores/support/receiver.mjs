// One of several receivers on the same store, as a process of its own; the test tells it what to do by its arguments.
import { Webhook } from "countersign";
import { postgresReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";
import { Redis } from "ioredis";
import pg from "pg";

const [kind, address, task, ...rest] = process.argv.slice(2);
const webhook = new Webhook("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

const client = kind === "redis" ? new Redis(address) : new pg.Pool(JSON.parse(address));
const replay = kind === "redis" ? redisReplay(client) : postgresReplay(client);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Until the test says go. */
async function told() {
  say("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
}

/** What the sender of this delivery is answered. */
async function deliver(id, options) {
  const body = JSON.stringify({ type: "order.paid", data: { id } });
  const request = new Request("https://example.com/hook", {
    method: "POST",
    body,
    headers: webhook.sign(body, { id }),
  });
  return webhook.respond(request, { replay, ...options });
}

const tasks = {
  /** Receives so many deliveries, some at a time, and says which of them its handler ran for. */
  async all(count) {
    const handled = [];
    const statuses = {};
    let next = 0;
    const handler = async ({ id }) => {
      await null;
      handled.push(id);
    };
    const some = async () => {
      while (next < Number(count)) {
        const { status } = await deliver(`msg_${next++}`, { handler });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await told();
    await Promise.all(Array.from({ length: 32 }, some));
    say({ handled, statuses });
  },

  /** Its handler begins and never ends. */
  async hang(id, lease) {
    const handler = () => {
      say("running");
      return new Promise(() => setInterval(() => {}, 1000));
    };
    await deliver(id, { handler, lease: Number(lease) });
  },

  /** Delivers as a sender does: again and again, until the answer is 200. */
  async retry(id) {
    const answers = [];
    let ran = 0;
    const handler = () => void ran++;
    await told();
    for (;;) {
      const response = await deliver(id, { handler });
      answers.push([response.status, response.headers.get("retry-after")]);
      if (response.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    answers.push([(await deliver(id, { handler })).status, null]);
    say({ answers, ran });
  },
};

await tasks[task](...rest);
await (kind === "redis" ? client.quit() : client.end());
process.exit();
