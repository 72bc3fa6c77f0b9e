//! Where things are.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A path as it is written from the top of the repository.
pub(crate) fn relative(path: PathBuf) -> PathBuf {
    path.strip_prefix(root()).map(PathBuf::from).unwrap_or(path)
}

/// Cargo's target folder; everything made here goes inside.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A program that cargo has built here, unoptimized.
pub(crate) fn program(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The hand-written part of the npm package.
pub(crate) fn template() -> PathBuf {
    root().join("pkg-template")
}

/// The npm package, unpacked.
pub(crate) fn package() -> PathBuf {
    target().join("npm")
}

/// The npm package as npm would publish it.
pub(crate) fn tarball() -> PathBuf {
    package().join(format!("countersign-{VERSION}.tgz"))
}

/// What is made on the way to the npm package.
pub(crate) fn work() -> PathBuf {
    target().join("npm-build")
}

/// The finished WebAssembly module.
pub(crate) fn module() -> PathBuf {
    work().join("countersign_bg.wasm")
}

/// What unpacks it in the files that have it inside.
pub(crate) fn unpacker() -> PathBuf {
    work().join("unpack.wasm")
}

/// The finished module that explains.
pub(crate) fn explain_module() -> PathBuf {
    work().join("countersign_explain_bg.wasm")
}

/// The finished module of `countersign/endpoints`.
pub(crate) fn endpoints_module() -> PathBuf {
    work().join("countersign_endpoints_bg.wasm")
}

/// Tests, demo and benchmarks run in a copy here, where only the packed package is installed.
pub(crate) fn scratch() -> PathBuf {
    target().join("scratch")
}

/// The version that the crate, this tool and the npm package share.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
