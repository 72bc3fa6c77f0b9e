// As edge-light.ts, for the module that explains.
import * as file from "./countersign_explain_bg.wasm?module";

export function compile(): WebAssembly.Module {
  return (file as { default?: WebAssembly.Module }).default ?? (file as unknown as WebAssembly.Module);
}
