// The secrets that a caller gives, as a list; what cannot be one by its type or its keys is said.
import { onlyKeys } from "./check.js";
import { WebhookError } from "./errors.js";
import { isBytes } from "./input.js";
import type { Keyring, Secret } from "./scheme.js";
import { can, tagOf } from "./tag.js";

/** The name of a secret that was not given one; as `DEFAULT_KEY_NAME` in the core. */
const DEFAULT = "default";

export type NamedSecret = Secret & { readonly name: string };

export function secretsOf(given: Keyring, provider: string): NamedSecret[] {
  const list = (Array.isArray(given) ? given : [given]).map(secretOf);
  const names = list.map(({ name }) => name).filter((name) => name !== DEFAULT);
  if (new Set(names).size < names.length) throw new WebhookError("secret_conflict", { provider });
  return list;
}

function secretOf(one: unknown): NamedSecret {
  // An environment variable that is not set is told by the module.
  if (typeof one === "string" || isBytes(one) || one === undefined || one === null) {
    return { secret: one ?? undefined, name: DEFAULT };
  }
  wantSecret(one, "Secret" === tagOf(one) || tagOf(one) === "Object");
  const { secret, name = DEFAULT, expires } = one as Secret;
  onlyKeys("a secret", one, ["secret", "name", "expires"]);
  if (secret !== undefined && secret !== null && typeof secret !== "string" && !isBytes(secret))
    wantSecret(secret, false);
  if (typeof name !== "string") throw new TypeError("The name of a secret must be a string.");
  return { secret, name, expires };
}

function wantSecret(value: unknown, fits: boolean): void {
  if (can(value, "then")) throw new TypeError("The secret is a Promise: await it.");
  if (typeof value === "function") throw new TypeError("The secret is a function: pass what it returns.");
  if (!fits) {
    const kind = typeof value === "object" ? tagOf(value) : typeof value;
    throw new TypeError(`A secret must be a string or a Uint8Array, or { secret, name, expires }; this is a ${kind}.`);
  }
}
