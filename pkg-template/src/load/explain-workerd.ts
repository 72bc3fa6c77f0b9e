// As workerd.ts, for the module that explains.
import * as file from "./countersign_explain_bg.wasm";

export function compile(): WebAssembly.Module {
  return (file as { default?: WebAssembly.Module }).default ?? (file as unknown as WebAssembly.Module);
}
