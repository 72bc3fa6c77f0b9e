// What the constructor of a webhook is given, read once into data that inherits nothing and that no caller can change.
import { isDate } from "./input.js";
import { own } from "./own.js";

/** A scheme, or options: an object of values and of objects of values. */
export function taken<T extends object>(given: T): T {
  const copy = own(given) as Record<string, unknown>;
  for (const [name, value] of Object.entries(copy)) {
    if (Array.isArray(value)) copy[name] = [...value];
    else if (typeof value === "object" && value !== null && !isDate(value)) copy[name] = own(value);
  }
  return copy as T;
}
