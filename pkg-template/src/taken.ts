// What the constructor of a webhook is given, read once into data that inherits nothing and that no caller can change.
import { bytesOf, plainView } from "./bytes.js";
import { own } from "./own.js";
import type { Keyring, Secret } from "./scheme.js";

/** A scheme, or options: an object of values and of objects of values. */
export function taken<T extends object>(given: T): T {
  const copy = own(given) as Record<string, unknown>;
  for (const [name, value] of Object.entries(copy)) {
    if (typeof value === "object" && value !== null) copy[name] = own(value);
  }
  return copy as T;
}

/** Every secret as an entry of a list. */
export function takenSecrets(secrets: Keyring): Secret[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  return Array.from(list, (one) => {
    const bytes = bytesOf(one);
    const entry = own((typeof one === "string" || bytes ? { secret: bytes ?? one } : one) as Secret);
    const inside = bytesOf(entry.secret);
    return inside ? own({ ...entry, secret: plainView(inside) }) : entry;
  });
}
