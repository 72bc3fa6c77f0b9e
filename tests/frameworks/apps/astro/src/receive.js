// What both routes do; made at the first request, since a build has no box.
import { Webhook } from "countersign";

let webhook;

export function receive({ request }) {
  webhook ??= new Webhook("standard-webhooks", globalThis.box.secret);
  return webhook.respond(request, globalThis.box.options);
}
