// Reads a body by the tables in generated/presets.ts: what happened, and whether it is the provider's envelope.
// Says the same as serde does for the Rust types, so that a payload is valid in both languages or in neither.
import { presets, validators } from "./generated/presets.js";
import type { Check, Preset } from "./preset.js";

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

/** What happened, in the provider's own words. */
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

/** Every text that was taken apart; there are only those of generated/presets.ts. */
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
