//! The second WebAssembly module, which explains: the core's boundary as in the first, and one call more.

use anyhow::Result;

use crate::stamp::Stamp;
use crate::{paths, wasm};

/// Ed25519 below a search that calls itself needs more than the first module has; all of the memory is wiped after a call.
const STACK: &str = "-Clink-arg=-zstack-size=131072";

/// Makes `paths::explain_module()`.
pub(crate) fn build() -> Result<()> {
    println!("Compiling what explains to WebAssembly (cargo)");
    let compiled = wasm::compile_with("countersign", "wasm-explain", &["--features", "wasm,explain"], STACK)?;
    let module = paths::explain_module();
    let stamp = Stamp::new("explain").this_program()?.files(&compiled)?;
    let done = stamp.step(std::slice::from_ref(&module), || {
        println!("Shrinking it (wasm-opt)");
        wasm::optimize(&compiled, &module)?;
        wasm::check(&module)
    })?;
    if !done {
        println!("It is up to date");
    }
    Ok(())
}
