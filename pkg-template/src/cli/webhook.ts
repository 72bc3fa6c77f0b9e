// A webhook for a sender by name or as data; which of them makes a difference to the types only.
import { Webhook, type Options, type Provider, type Scheme, type Secret } from "countersign";

export function webhookOf(sender: Provider | Scheme, secrets: Secret[], options: Options): Webhook {
  return new Webhook(sender as Scheme, secrets, options) as unknown as Webhook;
}
