//! The Rust suite compiled to WebAssembly and run by Node. This program is the runner that cargo calls, so the
//! runner's version is the one in Cargo.lock and nobody installs it.

use anyhow::{Result, bail};

use crate::run::{Outcome, Run};
use crate::{paths, prepare};

/// The hidden sub-command that cargo is told to run test binaries with.
pub(crate) const RUNNER: &str = "wasm-test-runner";

/// `cargo test` for wasm32, with the SIMD code that the package has.
pub(crate) fn run() -> Result<Outcome> {
    prepare::wasm_target()?;
    let program = std::env::current_exe()?;
    let Some(program) = program.to_str() else {
        bail!("The path {} is not UTF-8; move the repository.", program.display());
    };
    Run::cargo("test")
        .args(["-p", "countersign", "--test", "wasm", "--target", "wasm32-unknown-unknown", "--config"])
        .arg(format!("target.wasm32-unknown-unknown.runner = [{program:?}, {RUNNER:?}]"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+simd128")
        // Debug information would make up most of the time, and Node does not show it.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .outcome()
}

/// Whether the crate has such a suite.
pub(crate) fn exists() -> bool {
    paths::root().join("tests/wasm.rs").is_file()
}

/// Runs one test binary; the arguments are cargo's.
pub(crate) fn run_one(arguments: &[String]) -> Result<()> {
    let program = std::iter::once(RUNNER.to_owned());
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(program.chain(arguments.iter().cloned()))
}
