// A provider's scheme with what the options of a webhook say differently.
import { own } from "./own.js";
import { taken } from "./taken.js";
import type { Options, Scheme } from "./scheme.js";

export function vary(scheme: Scheme, { headers, encoding, key, tolerance }: Options): Scheme {
  const { signature, timestamp, id } = scheme;
  if (typeof signature !== "object" || signature === null || !(encoding ?? signature.encoding)) {
    throw new TypeError("signature must say which header the signature is in, and its encoding.");
  }
  wantObject("timestamp must say which header or field the time is in.", timestamp);
  for (const one of [tolerance, scheme.tolerance]) {
    wantObject("tolerance must be an object such as { past: 300, future: 300 }.", one);
  }
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

/** Objects may be left out. */
function wantObject(what: string, value: unknown): void {
  if (typeof (value ?? {}) !== "object") throw new TypeError(what);
}
