// One of several receivers: `node receiver.mjs <store> <from> <to> <lease> [die]`. Receives the deliveries of these numbers
// until each is done, and prints those that its handler has run for; with `die`, kills itself inside the first handler.
import { createHmac } from "node:crypto";
import { writeSync } from "node:fs";
import { Webhook, WebhookError } from "countersign";
import { open } from "./open.mjs";

const [address, from, to, lease, die] = process.argv.slice(2);
const { store, close } = await open(address);
const webhook = new Webhook("github", "secret");
const AT_ONCE = 16;

async function deliver(number) {
  const body = JSON.stringify({ delivery: number });
  const signature = createHmac("sha256", "secret").update(body).digest("hex");
  const headers = { "x-hub-signature-256": `sha256=${signature}` };
  for (;;) {
    try {
      await webhook.handle(
        { headers, body },
        {
          replay: store,
          lease: Number(lease),
          async handler() {
            writeSync(1, `${number}\n`);
            if (die) process.kill(process.pid, "SIGKILL");
            await new Promise(setImmediate);
          },
        },
      );
      return;
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      if (error.code === "duplicate") return;
      if (error.code !== "in_progress") throw error;
      // As a sender would, but sooner.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

let next = Number(from);
const worker = async () => {
  while (next <= Number(to)) await deliver(next++);
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
await close();
