// A route handler in the edge runtime, which has the module by another entry.
import { Webhook } from "countersign";
import { SECRET } from "../../../secret.js";

export const runtime = "edge";

const webhook = new Webhook("stripe", SECRET);

export function POST(request) {
  return webhook.respond(request, { handler: (event) => console.log(`edge ${event.type} ${event.id}`) });
}
