//! Runs one test binary that is WebAssembly, in Node: wasm-bindgen's own test runner, in the version of Cargo.lock, so that
//! nobody has to install it. The arguments are those that cargo gives to a runner.
//!
//! A program of its own, because it takes long to compile and only `cargo xtask test` needs it.

use anyhow::Result;

fn main() -> Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args())
}
