// Pages router.
import { Webhook } from "countersign";
import { nextPagesWebhook } from "countersign/next-pages";

export const config = { api: { bodyParser: false } };

let receive;

export default function handler(req, res) {
  const { secret, options } = globalThis.box;
  receive ??= nextPagesWebhook(new Webhook("standard-webhooks", secret), options);
  return receive(req, res);
}
