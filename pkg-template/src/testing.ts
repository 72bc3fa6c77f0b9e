// For tests of your own handler: deliveries of sample events, signed as the provider signs them.
import { providers, type Provider, type SignOptions, type Webhook } from "countersign";
import { own } from "./own.js";
import { sampleOf, typesOf } from "./samples.js";

/** As `fetch` takes them: from TypeScript 5.7 on a `Uint8Array<ArrayBuffer>`. */
type Bytes = ReturnType<typeof Uint8Array.of>;

/** The event to deliver, and how it is signed. */
export interface SampleOptions extends SignOptions {
  /** A body of your own instead of a sample. */
  readonly body?: string | Bytes | undefined;
}

/** What `new Request(url, …)` and `fetch(url, …)` take. */
export interface SampleDelivery {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string | Bytes;
}

/** A sample event. */
export interface SampleEvent {
  /** The provider's name for what happened. */
  readonly type: string;
  /** The body as the provider would post it. */
  readonly body: string;
}

/**
 * A delivery of a sample event, signed now: of the type in the options, else of the provider's first one.
 * @throws TypeError if the provider has no event of that type
 */
export function sampleDelivery(webhook: Webhook, options?: SampleOptions): SampleDelivery {
  const given = own(options);
  const { body, type } =
    given.body === undefined ? sampleEvent(webhook.provider, given.type) : { body: given.body, type: given.type };
  const headers = webhook.sign(body, { id: given.id, now: given.now, type });
  return { method: "POST", headers, body };
}

/**
 * The body of an event: of that type, else of the provider's first one.
 * @throws TypeError if the provider has no event of that type
 */
export function sampleEvent(provider: string, type?: string): SampleEvent {
  if (!providers().some(({ name }) => name === provider))
    throw new TypeError("There are no samples for a provider of that name: pass a body of your own.");
  const types = typesOf(provider as Provider);
  const sample = type === undefined || types.includes(type) ? sampleOf(provider as Provider, type) : undefined;
  if (!sample) throw new TypeError(`${provider} has no event of that type. It has ${types.join(", ")}.`);
  return { type: sample.type, body: sample.body };
}

/** The types of a provider that have a sample. */
export function sampleTypes(provider: Provider): string[] {
  return typesOf(provider).filter((type) => sampleOf(provider, type));
}
