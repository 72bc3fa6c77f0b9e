// How the entry for Cloudflare Workers gets the module: compiled by the platform, which refuses to compile from bytes.
import * as file from "./countersign_bg.wasm";

export function compile(): WebAssembly.Module {
  // A bundler that follows the proposal for importing modules has it under `default`, others are it.
  return (file as { default?: WebAssembly.Module }).default ?? (file as unknown as WebAssembly.Module);
}
