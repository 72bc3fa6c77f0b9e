// From what a caller gives to what a webhook keeps: its headers, its keys, and the message that prepares it.
import * as boundary from "./boundary.js";
import { checkOptions, checkScheme } from "./check.js";
import { presets } from "./generated/presets.js";
import type { Provider } from "./generated/providers.js";
import { isBytes } from "./input.js";
import { writeScheme, writeSecret } from "./message.js";
import type { Keyring, Options, Scheme, Secret } from "./scheme.js";
import { vary } from "./vary.js";

/** What verifying needs to know of a webhook on this side. */
export interface Plan {
  /** The provider's place in `presets`, or -1 for a scheme of one's own. */
  readonly preset: number;
  /** The lower-case names of the headers to pass on. */
  readonly headers: readonly string[];
  /** The names of the keys. */
  readonly keys: readonly string[];
  /** Whether signing needs an id. */
  readonly signsId: boolean;
  /** Everything the module needs to prepare the webhook again. Holds the secrets. */
  readonly setup: Uint8Array;
}

export function plan(provider: Provider | Scheme, secrets: Keyring, options: Options): Plan {
  const preset = presets.findIndex(({ name }) => name === provider);
  const known = presets[preset];
  if (!known && (!provider || typeof provider !== "object")) {
    throw new TypeError(
      // Not quoted: where arguments are swapped, it is the secret.
      `The first argument must be a provider or a scheme. Providers: ${presets.map(({ name }) => name).join(", ")}.`,
    );
  }
  checkOptions(options);
  if (!known) checkScheme(provider as Scheme);
  const { dialect, scope } = options;
  const chosen = known?.dialects.filter(({ name, auto }) => (dialect ? name === dialect : auto));
  if (chosen?.length === 0) throw new TypeError("This provider has no dialect of that name.");
  const { retryHorizon } = known ?? {};
  const schemes = (chosen?.map(({ scheme }) => ({ ...scheme, retryHorizon })) ?? [provider as Scheme]).map((scheme) =>
    vary(scheme, options),
  );
  const wrongKinds = (known?.wrongKinds ?? []).map(([beginning]) => beginning);
  const list: readonly Secret[] = (Array.isArray(secrets) ? secrets : [secrets]).map((one) =>
    typeof one === "string" || isBytes(one) ? { secret: one } : (one ?? { secret: undefined }),
  );
  // An upper bound for the message: every text at three bytes a character.
  let room = 4096 + 3 * JSON.stringify([schemes, wrongKinds, scope]).length;
  for (const { secret } of list) room += 32 + 3 * (secret?.length ?? 0);

  boundary.begin(room);
  try {
    boundary.writeText(known?.name ?? "");
    boundary.writeByte(scope === undefined ? 0 : 1);
    if (scope !== undefined) boundary.writeText(scope);
    boundary.writeByte(wrongKinds.length);
    for (const beginning of wrongKinds) boundary.writeText(beginning);
    boundary.writeByte(schemes.length);
    for (const scheme of schemes) writeScheme(scheme);
    for (const entry of list) writeSecret(entry);
  } catch (error) {
    boundary.drop();
    throw error;
  }
  return {
    preset,
    headers: headerNames(schemes),
    keys: list.map(({ name }) => name ?? "default"),
    signsId: schemes[0]!.signed.includes("{id}"),
    setup: boundary.take(),
  };
}

function headerNames(schemes: readonly Scheme[]): string[] {
  const names = new Set<string>();
  for (const { signature, timestamp, id } of schemes) {
    for (const name of [signature.header, timestamp?.header, id?.header]) if (name) names.add(name.toLowerCase());
  }
  return [...names];
}
