// From what a caller gives to what a webhook keeps: its headers, its keys, and the message that prepares it.
import * as boundary from "./boundary.js";
import { checkOptions, checkScheme } from "./check.js";
import { complete } from "./complete.js";
import { presets } from "./generated/presets.js";
import type { Provider } from "./generated/providers.js";
import { writeScheme, writeSecret } from "./message.js";
import { nearest } from "./nearest.js";
import { reading } from "./reading.js";
import type { Keyring, Options, Scheme } from "./scheme.js";
import { checkSecrets, takenSecrets } from "./secrets.js";
import { taken } from "./taken.js";
import { vary } from "./vary.js";

/** What verifying needs to know of a webhook on this side. */
export interface Plan {
  /** The provider's name; that of a scheme of one's own, or `custom`. */
  readonly provider: string;
  /** Where the body of a scheme of one's own says the event type and the id. */
  readonly paths: Scheme["event"];
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

export function plan(provider: Provider | Scheme, secrets: Keyring, variation: Options): Plan {
  const { scheme, given, options } = reading(typeof provider === "string" ? provider : "custom", () => ({
    scheme: typeof provider === "object" && provider !== null ? taken(provider) : undefined,
    given: takenSecrets(secrets),
    options: taken(variation),
  }));
  const preset = presets.findIndex(({ name }) => name === provider);
  const known = preset >= 0 ? presets[preset] : undefined;
  if (!known && !scheme) {
    const names = presets.map(({ name }) => name);
    if (names.some((name) => name === secrets)) {
      throw new TypeError("The arguments are swapped: the provider comes first, then the secret.");
    }
    // What was passed is not quoted: it could be the secret.
    const meant = nearest(provider, names);
    throw new TypeError(
      `The first argument must be a provider or a scheme.${meant ? ` Did you mean ${meant}?` : ""} Providers: ${names.join(", ")}.`,
    );
  }
  checkOptions(options);
  if (scheme) checkScheme(scheme);
  const { dialect, scope } = options;
  const chosen = known?.dialects.filter(({ name, auto }) => (dialect ? name === dialect : auto));
  if (chosen?.length === 0) {
    const names = known?.dialects.map(({ name }) => name).join(", ");
    throw new TypeError(`This provider has no dialect of that name; it has ${names}.`);
  }
  const { retryHorizon } = known ?? {};
  const schemes = (chosen?.map((dialect) => taken({ ...dialect.scheme, retryHorizon })) ?? [scheme as Scheme]).map(
    (one) => vary(one, options),
  );
  const wrongKinds = (known?.wrongKinds ?? []).map(([beginning]) => beginning);
  const whole = schemes.map(complete);
  const name = known?.name ?? scheme?.name ?? "custom";
  const list = checkSecrets(given, name);
  // An upper bound for the message: every text at three bytes a character.
  let room = 4096 + 3 * JSON.stringify([whole, wrongKinds, scope]).length;
  for (const { secret } of list) room += 32 + 3 * (secret?.length ?? 0);

  boundary.begin(room);
  try {
    boundary.writeText(known?.name ?? "");
    boundary.writeByte(scope === undefined ? 0 : 1);
    if (scope !== undefined) boundary.writeText(scope);
    boundary.writeByte(wrongKinds.length);
    for (const beginning of wrongKinds) boundary.writeText(beginning);
    boundary.writeByte(schemes.length);
    for (const scheme of whole) writeScheme(scheme);
    for (const entry of list) writeSecret(entry);
  } catch (error) {
    boundary.drop();
    throw error;
  }
  return {
    provider: name,
    paths: scheme?.event ?? undefined,
    preset,
    headers: headerNames(schemes),
    keys: list.map(({ name }) => name),
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
