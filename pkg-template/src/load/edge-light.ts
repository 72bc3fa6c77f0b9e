// How the entry for Vercel's edge runtime gets the module: compiled by the platform, which asks for `?module`.
import * as file from "./countersign_bg.wasm?module";

export function compile(): WebAssembly.Module {
  return (file as { default?: WebAssembly.Module }).default ?? (file as unknown as WebAssembly.Module);
}
