//! The Rust suite compiled to WebAssembly and run by Node.

use anyhow::{Result, bail};

use crate::run::{Outcome, Run};
use crate::{paths, prepare};

/// The crate whose program runs such tests.
const RUNNER: &str = "xtask-wasm-tests";

/// `cargo test` for wasm32, with the SIMD code that the package has.
pub(crate) fn run() -> Result<Outcome> {
    prepare::wasm_target()?;
    Run::cargo("build").args(["-p", RUNNER]).quiet()?;
    let program = paths::program(RUNNER);
    let Some(program) = program.to_str() else {
        bail!("The path {} is not UTF-8; move the repository.", program.display());
    };
    Run::cargo("test")
        .args(["-p", "countersign", "--test", "wasm", "--target", "wasm32-unknown-unknown", "--config"])
        .arg(format!("target.wasm32-unknown-unknown.runner = [{program:?}]"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+simd128")
        // Debug information would make up most of the time, and Node does not show it.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .outcome()
}

/// Whether the crate has such a suite.
pub(crate) fn exists() -> bool {
    paths::root().join("tests/wasm.rs").is_file()
}
