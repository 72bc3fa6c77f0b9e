// A route handler in Node.
import { Webhook } from "countersign";
import { SECRET } from "../../../secret.js";

const webhook = new Webhook("stripe", SECRET);

export function POST(request) {
  return webhook.respond(request, { handler: (event) => console.log(`node ${event.type} ${event.id}`) });
}
