// What the bundler puts in place for each entry; see `bundle` in xtask/src/package.rs.

declare module "countersign-wasm" {
  /** The module, one character for each byte. */
  export const text: string;
}

/** One of the files of this folder. */
declare module "countersign-load" {
  export function compile(): WebAssembly.Module;
}

declare module "*/countersign_bg.wasm";
declare module "*/countersign_bg.wasm?module";
