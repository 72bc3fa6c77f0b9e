// Text as UTF-8 and back. What does it is made on first use, so that an import works where the globals are missing.

let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;
let strict: TextDecoder | undefined;

export function utf8Encoder(): TextEncoder {
  encoder ??= made("TextEncoder", () => new TextEncoder());
  return encoder;
}

/** Writes U+FFFD for what is no UTF-8. */
export function utf8Decoder(): TextDecoder {
  decoder ??= made("TextDecoder", () => new TextDecoder());
  return decoder;
}

/** Throws where the bytes are no UTF-8. */
export function strictDecoder(): TextDecoder {
  strict ??= made("TextDecoder", () => new TextDecoder("utf-8", { fatal: true }));
  return strict;
}

function made<T>(name: "TextEncoder" | "TextDecoder", make: () => T): T {
  if (typeof globalThis[name] === "function") return make();
  throw new Error(`countersign: ${name} is missing here. Set globalThis.${name} first; in Node, node:util has it.`);
}
