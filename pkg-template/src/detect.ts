// Says to which provider headers belong, by a look at names and prefixes; as crates/core/src/detect.rs. Nothing is verified.
import { own } from "./own.js";
import { presets } from "./generated/presets.js";
import type { Provider } from "./generated/providers.js";
import { pickHeaders, type HeadersInput } from "./input.js";
import type { Scheme } from "./scheme.js";

/**
 * The provider whose signature header is there in the form it writes, or null. Nothing is verified.
 * Resend sends through Svix with the very same headers, so its deliveries are reported as `svix`.
 */
export function detectProvider(headers: HeadersInput): Provider | null {
  const detectable = presets.filter((preset) => preset.detectable);
  const wanted = new Set<string>();
  for (const { dialects } of detectable)
    for (const { scheme } of dialects) wanted.add(scheme.signature.header.toLowerCase());
  const found: [name: string, value: string][] = [];
  pickHeaders(headers, [...wanted], "", (name, value) => found.push([name, value]));
  const provider = detectable.find(({ dialects }) =>
    dialects.some(({ auto, scheme: { signature } }) =>
      found.some(
        ([name, value]) => auto && name === signature.header.toLowerCase() && isWritten(own(signature), value),
      ),
    ),
  );
  return provider?.name ?? null;
}

/** Whether an item of the header begins as this provider's signatures do. */
function isWritten(
  { prefix = "", prefixOptional, ed25519Prefix, separator }: Scheme["signature"],
  value: string,
): boolean {
  // Only commas, semicolons and spaces separate, so they are no special characters in a set.
  const items = separator ? value.split(new RegExp(`[${separator}]`)) : [value];
  return items.some((item) => {
    const text = item.replace(/^[\t\n\f\r ]+/, "");
    return prefixOptional || text.startsWith(prefix) || (ed25519Prefix !== undefined && text.startsWith(ed25519Prefix));
  });
}
