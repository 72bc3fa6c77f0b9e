// Where a body is not what its types say, and what was found there, as crates/core/src/difference.rs says it: no value is
// quoted, since it may be personal, or secret.
import type { Check } from "./preset.js";

/** A place in a body where something else was found than the types say. */
export class Difference {
  /** The place, such as `data.object.amount` or `data.to[0]`; empty for the body itself. */
  readonly path: string;
  /** What was found there, such as `a text`. */
  readonly found: string;
  /** What the types say, such as `a number`. */
  readonly expected: string;

  constructor(path: string, found: string, expected: string) {
    this.path = path;
    this.found = found;
    this.expected = expected;
  }

  /** The same, seen from the object that has the place in this field. */
  inField(name: string): Difference {
    // Keys of other forms are often data: an address, a name of a person.
    return this.#in(/^[A-Za-z_][\w-]{0,63}$/.test(name) ? name : "*");
  }

  /** The same, seen from the list that has the place in this item. */
  inItem(at: number): Difference {
    return this.#in(`[${at}]`);
  }

  #in(outer: string): Difference {
    const dot = this.path === "" || this.path.startsWith("[") ? "" : ".";
    return new Difference(`${outer}${dot}${this.path}`, this.found, this.expected);
  }

  toString(): string {
    return `${this.path || "the body"}: ${this.found} where ${this.expected} belongs`;
  }
}

/** That this value stands where something else belongs. */
export function found(value: unknown, expected: string): Difference {
  return new Difference("", kind(value, expected), expected);
}

function kind(value: unknown, expected: string): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return expected.startsWith("the text ") ? "another text" : "a text";
  if (typeof value === "boolean") return "true or false";
  if (typeof value !== "number") return "an object";
  if (expected !== "a whole number") return "a number";
  return Number.isInteger(value) ? "a number beyond 64 bits" : "a number with a fraction";
}

/** What a check says that belongs there. */
export function expectedBy(check: Check, validators: readonly Check[]): string {
  if (typeof check === "number") return expectedBy(validators[check]!, validators);
  if (typeof check !== "string") return check.length > 1 ? expectedBy(check[check.length - 1]!, validators) : "a list";
  if (check.includes(":")) return "an object";
  if (check.startsWith("=")) return `the text ${check.slice(1)}`;
  return WORDS[check] ?? "a value";
}

const WORDS: Readonly<Record<string, string>> = {
  s: "a text",
  b: "true or false",
  n: "a number",
  i: "a whole number",
  o: "an object",
};
