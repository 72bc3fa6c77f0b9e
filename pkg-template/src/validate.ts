// Reads a body by the tables in generated/presets.ts: what happened, and the provider's envelope as its types say.
// Says the same as crates/core/src/envelope.rs for the Rust types, so that a payload is valid in both languages or in neither.
import { expectedBy, found, Difference } from "./difference.js";
import { presets, validators } from "./generated/presets.js";
import type { Check, Preset } from "./preset.js";

/** What the signed body says about itself. */
export interface Names {
  readonly type: string | null;
  readonly id: string | null;
}

/**
 * The value, if it is what the check says; else what is different. Where a field that may be missing is of another form,
 * it is the value without that field, and `left` is told.
 */
export function read(value: unknown, check: Check, left: Difference[]): unknown {
  if (typeof check === "number") return read(value, validators[check]!, left);
  if (typeof check === "string") {
    if (check.includes(":")) return isObject(value) ? readFields(value, check, left) : found(value, "an object");
    return isWord(value, check) ? value : found(value, expectedBy(check, validators));
  }
  if (check.length > 1) {
    return read(value, check.find((one, at) => at === check.length - 1 || tells(value, one))!, left);
  }
  if (!Array.isArray(value)) return found(value, "a list");
  let items: unknown[] = value;
  for (const [at, item] of value.entries()) {
    const before = left.length;
    const fitting = read(item, check[0]!, left);
    if (fitting instanceof Difference) return fitting.inItem(at);
    for (let i = before; i < left.length; i++) left[i] = left[i]!.inItem(at);
    if (fitting === item) continue;
    if (items === value) items = [...value];
    items[at] = fitting;
  }
  return items;
}

function readFields(object: Fields, check: string, left: Difference[]): unknown {
  let fields = object;
  const change = (): Fields => {
    if (fields === object) fields = { ...object };
    return fields;
  };
  for (const [field, names, mark] of groups(check)) {
    for (const name of names[0] === "*" ? Object.keys(object) : names) {
      const value = own(object, name);
      const before = left.length;
      let fitting: unknown = value;
      if (value === undefined ? mark === "" : value !== null || mark === "") {
        fitting =
          value === undefined ? new Difference("", "nothing", expectedBy(field, validators)) : read(value, field, left);
      }
      if (fitting instanceof Difference) {
        if (mark === "") return fitting.inField(name);
        left.length = before;
        left.push(fitting.inField(name));
        delete (change() as { [name: string]: unknown })[name];
        fitting = undefined;
      } else {
        for (let i = before; i < left.length; i++) left[i] = left[i]!.inField(name);
        if (fitting !== value) define(change(), name, fitting, true);
      }
      // Not to be listed: it was not sent.
      if (mark === "!" && (fitting === undefined || fitting === null)) {
        define(change(), name, read({}, field, []), false);
      }
    }
  }
  return fields;
}

/** Also where the name is `__proto__`. */
function define(object: Fields, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, name, {
    __proto__: null,
    value,
    enumerable,
    configurable: true,
    writable: true,
  } as PropertyDescriptor);
}

/** Whether a value is of a type that stands beside others: by the first field that the type needs. */
function tells(value: unknown, check: Check): boolean {
  if (typeof check === "number") return tells(value, validators[check]!);
  if (typeof check !== "string") return Array.isArray(value);
  if (!check.includes(":")) return isWord(value, check);
  if (!isObject(value)) return false;
  const [[field, names, mark]] = groups(check) as [Group];
  const first = own(value, names[0]!);
  return mark !== "" || names[0] === "*" || (first !== undefined && fits(first, field));
}

/** Every place in a body where something else stands than the check says. */
export function differences(body: unknown, check: Check): Difference[] {
  const left: Difference[] = [];
  const fitting = read(body, check, left);
  return fitting instanceof Difference ? [fitting] : left;
}

/** Whether the value is what the check says. */
function fits(value: unknown, check: Check): boolean {
  return !(read(value, check, []) instanceof Difference);
}

function isWord(value: unknown, check: string): boolean {
  if (check === "a") return true;
  if (check === "s") return typeof value === "string";
  if (check === "b") return typeof value === "boolean";
  if (check === "n") return typeof value === "number";
  if (check === "o") return isObject(value);
  // The same edges as i64.
  if (check === "i") return Number.isInteger(value) && (value as number) >= -(2 ** 63) && (value as number) < 2 ** 63;
  return value === check.slice(1);
}

/** What happened, in the provider's own words. */
export function names({ shapes }: Pick<Preset, "shapes">, body: unknown): Names {
  const shape = shapes.find(([requires]) => fits(body, requires));
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

/** Its mark is `?` for fields that may be missing, `!` for objects that are empty where none was sent, or nothing. */
type Group = readonly [check: Check, names: readonly string[], mark: string];

/** Every text that was taken apart; there are only those of generated/presets.ts. */
const taken = new Map<string, readonly Group[]>();

/** `4:a,b s?:c` as the check 4 with `a` and `b`, and `s` with `c`, which is optional. */
function groups(text: string): readonly Group[] {
  let found = taken.get(text);
  if (!found) {
    found = text.split(" ").map((group): Group => {
      const [key = "", names] = group.split(":");
      const mark = /[?!]$/.exec(key)?.[0] ?? "";
      const check = key.slice(0, key.length - mark.length);
      return [/^\d/.test(check) ? Number(check) : check, names?.split(",") ?? [], mark];
    });
    taken.set(text, found);
  }
  return found;
}

type Fields = { readonly [field: string]: unknown };

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of its own: `constructor` and the like are not there unless the body has them. */
function own<T>(object: { readonly [field: string]: T }, field: string): T | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}
