// A provider's scheme with what the options of a webhook say differently.
import { own } from "./own.js";
import { taken } from "./taken.js";
import type { Options, Scheme } from "./scheme.js";

export function vary(scheme: Scheme, { headers, encoding, key, tolerance }: Options): Scheme {
  const { signature, timestamp, id } = scheme;
  for (const [name, text] of Object.entries(headers ?? {})) {
    if (text !== undefined && typeof text !== "string") throw new TypeError(`headers.${name} must be a string.`);
  }
  const { past = scheme.tolerance?.past, future = scheme.tolerance?.future } = own(tolerance);
  return taken({
    ...scheme,
    signature: {
      ...signature,
      header: headers?.signature || signature.header,
      encoding: encoding ?? signature.encoding,
    },
    // A field of the signature header stays one.
    timestamp: timestamp
      ? { ...timestamp, header: timestamp.header && (headers?.timestamp || timestamp.header) }
      : undefined,
    id: id ? { header: headers?.id || id.header } : undefined,
    key: key ?? scheme.key,
    tolerance: { past, future },
  });
}
