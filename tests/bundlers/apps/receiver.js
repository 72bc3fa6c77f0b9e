// The app that each bundler gets: a receiver, written as the README shows it. The test calls `answer` with deliveries.
import { Webhook } from "countersign";
import { SECRET } from "./secret.js";

const webhook = new Webhook("stripe", SECRET);

globalThis.answer = async ({ headers, body }) => {
  let type;
  const request = new Request("https://app.example/webhooks", { method: "POST", headers, body });
  const response = await webhook.respond(request, {
    handler: (event) => {
      type = event.type;
    },
  });
  return type === undefined ? `${response.status}` : `${response.status} ${type}`;
};
