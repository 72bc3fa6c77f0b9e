//! The crates of the workspace, as cargo knows them.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::run::Run;

/// The crate that has to compile where there is no operating system.
pub(super) const CORE: &str = "countersign-core";

/// The WebAssembly modules and what they share.
pub(super) const MODULES: &str = "countersign-wasm-*";

/// The logic of the WebAssembly modules, which is an ordinary library.
pub(super) const BOUNDARY: &str = "countersign-wasm-boundary";

/// A crate that is published.
pub(super) struct Package {
    pub(super) name: String,
    /// The `rust-version` that it promises.
    pub(super) oldest_rust: String,
}

pub(super) fn published() -> Result<Vec<Package>> {
    let said = Run::plain_cargo().args(["metadata", "--no-deps", "--format-version", "1"]).quiet()?.stdout;
    let metadata: Value = serde_json::from_str(&said)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo metadata names no packages")?;
    // An empty list stands for `publish = false`.
    let published = packages.iter().filter(|package| package.get("publish").is_none_or(Value::is_null));
    published
        .map(|package| {
            let text = |key: &str| {
                let text = package.get(key).and_then(Value::as_str).map(str::to_owned);
                text.with_context(|| format!("cargo metadata names a crate without {key}"))
            };
            Ok(Package { name: text("name")?, oldest_rust: text("rust_version")? })
        })
        .collect()
}
