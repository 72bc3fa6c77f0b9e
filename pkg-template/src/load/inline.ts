// How this entry gets the module: compiled from bytes inside the file, so there is nothing to fetch, read or configure.
// The other files of this folder are for platforms that refuse to compile from bytes.
import { packed, size, unpacker } from "countersign-wasm";

/** How far a character is from its byte, round the end of a byte; see `shifted` in xtask/src/package.rs. */
const SHIFT = 41;

/** The unpacker of unpack/src/lib.rs; its memory is free from `__heap_base` on. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global<"i32">;
  run(text: number, length: number, out: number, size: number): void;
}

export function compile(): WebAssembly.Module {
  const bytes = new Uint8Array(unpacker.length);
  for (let i = 0; i < unpacker.length; i++) bytes[i] = unpacker.charCodeAt(i) - SHIFT;
  // A module begins with "\0asm", whose letters are not ASCII in the text.
  if (bytes[1] !== 0x61)
    throw new Error('countersign: this script was not read as UTF-8. Begin the page with <meta charset="utf-8">.');
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new Error(
      "This place refuses to compile WebAssembly. A page must allow script-src 'wasm-unsafe-eval'; " +
        "for Workers and edge functions, bundle with the condition workerd or edge-light.",
      { cause },
    );
  }
  const { memory, __heap_base, run } = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  const text = __heap_base.value;
  const out = text + packed.length;
  memory.grow((out + size) >>> 16);
  new TextEncoder().encodeInto(packed, new Uint8Array(memory.buffer, text));
  run(text, packed.length, out, size);
  return new WebAssembly.Module(new Uint8Array(memory.buffer, out, size));
}
