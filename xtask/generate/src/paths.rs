//! Where things are.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The providers, one file each.
pub(crate) fn providers() -> PathBuf {
    root().join("crates/core/src/providers")
}

/// The scripts of the store in Redis.
pub(crate) fn redis_scripts() -> PathBuf {
    root().join("src/once/redis")
}

/// The rules of sending.
pub(crate) fn sending() -> PathBuf {
    root().join("crates/endpoint/src")
}

/// What is generated of the npm package: nothing else is in there.
pub(crate) fn generated() -> PathBuf {
    root().join("pkg-template/src/generated")
}
