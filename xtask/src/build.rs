//! `cargo xtask build`: the npm package, unpacked in target/npm/ and packed as target/npm/*.tgz.

use anyhow::Result;

use crate::{package, paths, prepare, sizes, wasm};

pub(crate) fn command(_: &[String]) -> Result<()> {
    all()?;
    println!();
    sizes::print()?;
    println!("\n{}", paths::tarball().display());
    Ok(())
}

/// Makes the package, or what of it has changed.
pub(crate) fn all() -> Result<()> {
    prepare::npm_tools()?;
    wasm::build()?;
    package::build()
}
