// A webhook for a provider by name or as data; which of them makes a difference to the types only.
import { Webhook, type Options, type Provider, type Scheme, type Secret } from "countersign";

export function webhookOf(provider: Provider | Scheme, secrets: Secret[], options: Options): Webhook {
  return new Webhook(provider as Scheme, secrets, options) as unknown as Webhook;
}
