// What the bundler puts in place for each entry; see `bundle` in xtask/src/package.rs.

declare module "countersign-wasm" {
  /** A small module that unpacks, one character for each byte. */
  export const unpacker: string;
  /** The module, packed. */
  export const packed: string;
  /** Its size when it is unpacked. */
  export const size: number;
}

/** One of the files of this folder. */
declare module "countersign-load" {
  export function compile(): WebAssembly.Module;
}

declare module "*/countersign_bg.wasm";
declare module "*/countersign_bg.wasm?module";
