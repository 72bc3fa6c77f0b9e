// What the bundler puts in place for each entry; see `bundle` in xtask/src/package.rs.

/** The module's bytes as text, one character for each. */
declare module "countersign-wasm" {
  const text: string;
  export default text;
}

/** One of the files of this folder. */
declare module "countersign-load" {
  export function compile(): WebAssembly.Module;
}

declare module "*/countersign_bg.wasm";
declare module "*/countersign_bg.wasm?module";
