// A provider as data: how it signs, and what its bodies say. `generated/presets.ts` has one for each.
import type { Provider } from "./generated/providers.js";
import type { Scheme } from "./scheme.js";

/**
 * What a value must be. A word: `s` text, `i` a whole number, `n` a number, `b` true or false, `o` an object, `a`
 * anything, `=x` this very text. A number: that entry of `validators`. A list of one: a list of it; a list of more: one
 * of them. Else an object with fields, listed by what they must be: in `s:id,name i?:created` two are text and one is a
 * whole number; `?` marks fields that may be missing, null, or of another form, `!` objects that are empty then, and `*`
 * is every field. No other field is looked at. Of several checks the first counts whose first field is as it says, or the
 * last.
 */
export type Check = string | number | readonly Check[];

/** A provider, as its Rust file describes it. */
export interface Preset {
  readonly name: Provider;
  readonly title: string;
  readonly docs: string;
  readonly dialects: readonly {
    readonly name: string;
    /** Whether it is chosen when its signature header is there. */
    readonly auto: boolean;
    readonly scheme: Scheme;
  }[];
  /** Beginnings of texts that are not this provider's secret, and what to say about them; see `WrongKind` in the core. */
  readonly wrongKinds: readonly (readonly [beginning: string, sentence: string])[];
  /** What may be there where the signature header is not, and what to say about it. */
  readonly instead: readonly (readonly [header: string, beginning: string, sentence: string])[];
  /** Whether it signs every delivery, and not only those of webhooks with a secret. */
  readonly signsAlways: boolean;
  /** Whether the signature header alone tells that this is the provider. */
  readonly detectable: boolean;
  /** Seconds after the first attempt in which retries may come. */
  readonly retryHorizon: number;
  /** The largest body that the provider sends, in bytes. */
  readonly largestBody: number;
  /** The field of a form that holds the JSON, where the provider may also send it as a form. */
  readonly form?: string;
  /** Where the body says what happened; the first shape whose check passes counts, and the first id that is text. */
  readonly shapes: readonly (readonly [requires: Check, type: readonly Part[], ...ids: string[]])[];
  /** The headers beside signature, timestamp and id. */
  readonly sends: readonly (readonly [
    name: string,
    kind: "fixed" | "field" | "id" | "deliveryId" | "type",
    text: string,
  ])[];
  /** The event types by the check of their payload, where that is not `other`: `4:email.sent,email.opened 7:…`. */
  readonly payloads: string;
  /** The payload's check for every other event type. */
  readonly other: Check;
}

/** A part of an event type: the text in a field, with older words replaced, or `=` and a text. */
export type Part = string | readonly [field: string, renamed: { readonly [word: string]: string }];
