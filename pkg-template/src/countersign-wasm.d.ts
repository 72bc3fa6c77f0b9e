// Put in place by the bundler: the module's bytes as text, one character for each; see `inline` in xtask/src/package.rs.
declare module "countersign-wasm" {
  const text: string;
  export default text;
}
