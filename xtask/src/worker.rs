//! The example of a Worker written in Rust: compiled, and its exports made, for the test that runs it in workerd.

use std::path::PathBuf;

use anyhow::Result;

use crate::run::Run;
use crate::{paths, prepare, wasm};

/// Where its module and its JavaScript are: `worker_bg.wasm` and `worker_bg.js`.
pub(crate) fn folder() -> PathBuf {
    paths::target().join("worker-rust")
}

/// It is a workspace of its own, so that nothing else compiles what it needs.
pub(crate) fn build() -> Result<()> {
    prepare::wasm_target()?;
    let manifest = paths::root().join("examples/worker-rust/Cargo.toml");
    Run::cargo("build")
        .args(["--release", "--locked", "--target", "wasm32-unknown-unknown", "--manifest-path"])
        .arg(manifest)
        .quiet()?;
    let compiled = paths::target().join("wasm32-unknown-unknown/release/countersign_example_worker.wasm");
    wasm::bindgen("worker", &compiled, &folder()).map(drop)
}
