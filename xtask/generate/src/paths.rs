//! Where things are.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The Rust library's source.
pub(crate) fn source() -> PathBuf {
    root().join("src")
}

/// The providers, one file each.
pub(crate) fn providers() -> PathBuf {
    source().join("providers")
}

/// What is generated of the npm package: nothing else is in there.
pub(crate) fn generated() -> PathBuf {
    root().join("pkg-template/src/generated")
}
