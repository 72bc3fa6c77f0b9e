// Text as UTF-8 and back. What does it is made on first use, so that an import works where the globals are missing.
import { own } from "./own.js";
import { platform } from "./platform.js";

let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;
let strict: TextDecoder | undefined;

export function utf8Encoder(): TextEncoder {
  encoder ??= new (platform("TextEncoder"))();
  return encoder;
}

/** Writes U+FFFD for what is no UTF-8. */
export function utf8Decoder(): TextDecoder {
  decoder ??= new (platform("TextDecoder"))();
  return decoder;
}

/** Throws where the bytes are no UTF-8. */
export function strictDecoder(): TextDecoder {
  strict ??= new (platform("TextDecoder"))("utf-8", own({ fatal: true }));
  return strict;
}
