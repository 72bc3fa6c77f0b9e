// What the constructor of a webhook is given, read once into data that inherits nothing and that no caller can change.
import { bytesOf, plainView } from "./bytes.js";
import { isDate } from "./input.js";
import { own } from "./own.js";
import type { Keyring, Secret } from "./scheme.js";

/** A scheme, or options: an object of values and of objects of values. */
export function taken<T extends object>(given: T): T {
  const copy = own(given) as Record<string, unknown>;
  for (const [name, value] of Object.entries(copy)) {
    if (typeof value === "object" && value !== null && !isDate(value)) copy[name] = own(value);
  }
  return copy as T;
}

/** Every secret as an entry of a list. */
export function takenSecrets(secrets: Keyring): Secret[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  return Array.from(list, (one) => {
    const bytes = bytesOf(one);
    const entry = own((typeof one === "string" || bytes ? { secret: bytes ?? one } : one) as Secret);
    const { secret } = entry;
    const inside = typeof secret === "string" ? secret : bytesOf(secret);
    return own({ ...entry, secret: typeof inside === "object" ? plainView(inside) : inside });
  });
}
