// Put in place by the bundler: the module's bytes as base64.
declare module "countersign-wasm" {
  const base64: string;
  export default base64;
}
