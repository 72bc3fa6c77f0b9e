// What platforms have and the language has not, looked for at first use: so an import works where it is missing, as in
// some test environments, and a copy that is set later counts.

/** A global, such as `Response`. */
export function platform<N extends "crypto" | "Response" | "TextDecoder" | "TextEncoder">(
  name: N,
): (typeof globalThis)[N] {
  const found = globalThis[name];
  // Not of the type's opinion: it says that all of them are there.
  if ((found as unknown) === undefined || found === null) {
    throw new Error(
      `countersign: ${name} is missing here. Set globalThis.${name} first; Node has it ${HOME[name]}, but some test environments hide it.`,
    );
  }
  return found;
}

const HOME = {
  crypto: "as webcrypto in node:crypto",
  Response: "as a global",
  TextDecoder: "in node:util",
  TextEncoder: "in node:util",
};
