// How this entry gets the module: compiled from bytes inside the file, so there is nothing to fetch, read or configure.
// The other files of this folder are for platforms that refuse to compile from bytes.
import { text } from "countersign-wasm";

/** How far a character is from its byte, round the end of a byte; see `shifted` in xtask/src/package.rs. */
const SHIFT = 41;

export function compile(): WebAssembly.Module {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) - SHIFT;
  // A module begins with "\0asm", whose letters are not ASCII in the text.
  if (bytes[1] !== 0x61) {
    throw new Error('countersign: this script was not read as UTF-8. Begin the page with <meta charset="utf-8">.');
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new Error(
      "This place refuses to compile WebAssembly. A page must allow script-src 'wasm-unsafe-eval'; for Workers and edge " +
        "functions, bundle with the condition workerd or edge-light, and import countersign rather than require it; " +
        "Node must run without --jitless.",
      { cause },
    );
  }
}
