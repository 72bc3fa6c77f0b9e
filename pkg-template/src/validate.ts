// Reads a body by the tables in generated.ts: what happened, and whether it is the sender's envelope.
// Says the same as serde does for the Rust types, so that a payload is valid in both languages or in neither.
import { presets, validators, type Provider } from "./generated.js";
import type { Scheme } from "./options.js";

/**
 * What a value must be. A word: `s` text, `i` a whole number, `n` a number, `b` true or false, `o` an object, `a`
 * anything, `=x` this very text. A number: that entry of `validators`. A list of one: a list of it; a list of more: one
 * of them. Else an object with fields, listed by what they must be: in `s:id,name i?:created` two are text and one is a
 * whole number; `?` marks fields that may be missing or null, and `*` is every field. No other field is looked at.
 */
export type Check = string | number | readonly Check[];

/** A sender, as its file in `src/providers` describes it. */
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
  /** Beginnings of texts that are not this sender's secret, and what to say about them. */
  readonly wrongKinds: readonly (readonly [beginning: string, sentence: string])[];
  /** Whether the signature header alone tells that this is the sender. */
  readonly detectable: boolean;
  /** Seconds after the first attempt in which retries may come. */
  readonly retryHorizon: number;
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

/** A part of an event's name: the text in a field, with older words replaced, or `=` and a text. */
export type Part = string | readonly [field: string, renamed: { readonly [word: string]: string }];

/** What the signed body says about itself. */
export interface Names {
  readonly type: string | null;
  readonly id: string | null;
}

/** Whether the value is what the check says. */
export function validate(value: unknown, check: Check): boolean {
  if (typeof check === "number") return validate(value, validators[check]!);
  if (typeof check === "string") {
    if (check === "a") return true;
    if (check === "s") return typeof value === "string";
    if (check === "b") return typeof value === "boolean";
    if (check === "n") return typeof value === "number";
    if (check === "o") return isObject(value);
    // The same edges as i64.
    if (check === "i") return Number.isInteger(value) && (value as number) >= -(2 ** 63) && (value as number) < 2 ** 63;
    if (!check.includes(":")) return value === check.slice(1);
    if (!isObject(value)) return false;
    for (const [field, names, optional] of groups(check)) {
      for (const name of names[0] === "*" ? Object.keys(value) : names) {
        const found = own(value, name);
        if (!(found === undefined || (optional && found === null) ? optional : validate(found, field))) return false;
      }
    }
    return true;
  }
  if (check.length > 1) return check.some((one) => validate(value, one));
  return Array.isArray(value) && value.every((item) => validate(item, check[0]!));
}

/** What happened, in the sender's own words. */
export function names({ shapes }: Pick<Preset, "shapes">, body: unknown): Names {
  const shape = shapes.find(([requires]) => validate(body, requires));
  if (!shape || !isObject(body)) return { type: null, id: null };
  const [, parts, ...ids] = shape;
  const texts = parts.map((part) => {
    if (typeof part === "string" && part.startsWith("=")) return part.slice(1);
    const [field, renamed] = typeof part === "string" ? [part, {}] : part;
    const text = own(body, field);
    return typeof text === "string" ? (own(renamed, text) ?? text) : undefined;
  });
  const type = texts.includes(undefined) ? "" : texts.join("");
  const id = ids.map((field) => own(body, field)).find((text) => typeof text === "string" && text !== "");
  return { type: type || null, id: (id as string | undefined) ?? null };
}

/** The check of the payload of this event type. */
export function payloadOf(preset: number, type: string | null): Check {
  const { payloads, other } = presets[preset]!;
  const found = groups(payloads).find(([, types]) => type !== null && types.includes(type));
  return found?.[0] ?? other;
}

type Group = readonly [check: Check, names: readonly string[], optional: boolean];

/** Every text that was taken apart; there are only those of generated.ts. */
const taken = new Map<string, readonly Group[]>();

/** `4:a,b s?:c` as the check 4 with `a` and `b`, and `s` with `c`, which is optional. */
function groups(text: string): readonly Group[] {
  let found = taken.get(text);
  if (!found) {
    found = text.split(" ").map((group): Group => {
      const [key = "", names] = group.split(":");
      const check = key.replace("?", "");
      return [/^\d/.test(check) ? Number(check) : check, names?.split(",") ?? [], check !== key];
    });
    taken.set(text, found);
  }
  return found;
}

function isObject(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of its own: `constructor` and the like are not there unless the body has them. */
function own<T>(object: { readonly [field: string]: T }, field: string): T | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}
