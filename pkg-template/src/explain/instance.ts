// Runs the module that explains: a new instance for each call, and nothing of it left behind.
//
// Rules: the module is compiled on first use; whatever a call did, its memory is wiped and let go, so neither a secret
// nor a body nor a broken instance outlives it.
import * as glue from "countersign-glue";
import { compile } from "countersign-load";

let module: WebAssembly.Module | undefined;

export function run(about: unknown, body: Uint8Array): unknown {
  module ??= compile();
  const { exports } = new WebAssembly.Instance(module, {
    "./countersign_explain_bg.js": glue as unknown as WebAssembly.ModuleImports,
  });
  glue.__wbg_set_wasm(exports);
  try {
    return glue.diagnose(about, body);
  } finally {
    const memory = exports["memory"] as WebAssembly.Memory;
    new Uint8Array(memory.buffer).fill(0);
    // Growing by nothing detaches the views that the glue keeps, so that it makes new ones for the next instance.
    memory.grow(0);
  }
}
