//! The second WebAssembly module, which explains: compiled like the first, with the JavaScript that wasm-bindgen makes.

use std::path::{Path, PathBuf};

use anyhow::Result;
use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

use crate::stamp::Stamp;
use crate::{paths, wasm};

/// The stem of its files.
const NAME: &str = "countersign_explain";

/// Makes `paths::explain_module()` and `paths::explain_glue()`.
pub(crate) fn build() -> Result<()> {
    println!("Compiling what explains to WebAssembly (cargo)");
    let compiled = wasm::compile("countersign-explain", "wasm-explain", &[])?;
    let (module, glue) = (paths::explain_module(), paths::explain_glue());
    let stamp = Stamp::new("explain").this_program()?.files(&compiled)?;
    let done = stamp.step(&[module.clone(), glue], || {
        println!("Shrinking it (wasm-bindgen, wasm-opt)");
        wasm::optimize(&bind(&compiled)?, &module)?;
        wasm::check_paths(&module)
    })?;
    if !done {
        println!("It is up to date");
    }
    Ok(())
}

/// The module and, beside it, its JavaScript.
fn bind(compiled: &Path) -> Result<PathBuf> {
    let folder = paths::bindgen();
    let mut module = ModuleConfig::new().generate_name_section(false).parse_file(compiled)?;
    // The prebuilt parts of Rust announce reference types, which wasm-bindgen would then use: not every engine has them.
    module.customs.remove_raw("target_features");
    Bindgen::new()
        .input_module(NAME, module)
        .bundler(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(NAME)
        .generate(&folder)?;
    Ok(folder.join(format!("{NAME}_bg.wasm")))
}
