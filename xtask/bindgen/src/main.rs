//! `bindgen IN.wasm OUT_DIR NAME`: wasm-bindgen's generator for bundlers. Writes OUT_DIR/NAME_bg.wasm and its JavaScript.
//!
//! A program of its own, because it takes a minute and a half to compile: `cargo xtask` runs it by cargo where a module is
//! made, and whoever only tests or generates Rust never waits for it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

/// Where a module says what the compiler was allowed to use. The prebuilt standard library allows reference types and
/// several results, so every module says so, though ours are compiled without; wasm-bindgen would believe it and look for
/// functions that are not there.
const TARGET_FEATURES: &str = "target_features";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let [module, folder, name] = arguments else {
        bail!("bindgen IN.wasm OUT_DIR NAME");
    };
    generate(Path::new(module), Path::new(folder), name)
}

fn generate(module: &Path, folder: &Path, name: &str) -> Result<()> {
    // The compiler's own output is valid.
    let mut parsed = ModuleConfig::new()
        .strict_validate(false)
        .parse_file(module)
        .with_context(|| format!("{} could not be read as WebAssembly", module.display()))?;
    parsed.customs.remove_raw(TARGET_FEATURES);
    Bindgen::new()
        .input_module(name, parsed)
        .bundler(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen did not accept {}", module.display()))
}
