// The secrets that a caller gives: read once into a list, and what cannot be one, by its type or its keys, is said.
import { bytesOf, plainView } from "./bytes.js";
import { onlyKeys } from "./check.js";
import { WebhookError } from "./errors.js";
import { own } from "./own.js";
import type { Keyring, Secret } from "./scheme.js";
import { can, tagOf } from "./tag.js";

/** The name of a secret that was not given one; as `DEFAULT_KEY_NAME` in the core. */
const DEFAULT = "default";

/** A secret as it was read, and what to say if it cannot be one. */
interface Taken {
  readonly secret: Secret;
  readonly wrong: string | undefined;
}

const NO_WORD = "A secret has a key that it cannot have; it has secret, name, expires.";

/** Every secret as an entry of a list. Reads values, and throws only what those throw. */
export function takenSecrets(secrets: Keyring): Taken[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  return Array.from(list, (one) => {
    const entry = isEntry(one) ? own(one) : own({ secret: one as Secret["secret"] });
    const bytes = bytesOf(entry.secret);
    const secret = bytes ? own({ ...entry, secret: plainView(bytes) }) : entry;
    return { secret: secret as Secret, wrong: wrongWith(secret.secret) };
  });
}

/** Whether it is `{ secret, name, expires }`, by its look. */
function isEntry(one: unknown): one is Secret {
  return tagOf(one) === "Object" && !can(one, "then");
}

/** An environment variable that is not set is told later, as `secret_empty`. */
function wrongWith(secret: unknown): string | undefined {
  if (typeof secret === "string" || bytesOf(secret) || secret === undefined || secret === null) return undefined;
  if (can(secret, "then")) return "The secret is a Promise: await it.";
  if (typeof secret === "function") return "The secret is a function: pass what it returns.";
  const kind = typeof secret === "object" ? tagOf(secret) : typeof secret;
  return `A secret must be a string or a Uint8Array, or { secret, name, expires }; this is of the type ${kind}.`;
}

export function checkSecrets(list: readonly Taken[], provider: string): (Secret & { readonly name: string })[] {
  const named = list.map(({ secret, wrong }) => {
    if (wrong) throw new TypeError(wrong);
    // A key that is no word may be a secret in the wrong place, and is not shown.
    if (Object.keys(secret).some((key) => !/^[A-Za-z]{1,16}$/.test(key))) throw new TypeError(NO_WORD);
    onlyKeys("a secret", secret, ["secret", "name", "expires"]);
    const { name = DEFAULT } = secret;
    if (typeof name !== "string") throw new TypeError("The name of a secret must be a string.");
    return own({ ...secret, name });
  });
  const names = named.map(({ name }) => name).filter((name) => name !== DEFAULT);
  if (new Set(names).size < names.length) throw new WebhookError("secret_conflict", { provider });
  return named;
}
