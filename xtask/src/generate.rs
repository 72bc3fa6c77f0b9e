//! `cargo xtask generate`: writes the lists of the providers from the names of their files, then runs the generator of all
//! else, a crate of its own since it has the library inside, with every provider of the new lists.

mod lists;

use std::path::Path;

use anyhow::{Result, bail};

use crate::paths;
use crate::run::Run;

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => write(&paths::root()),
        [flag] if flag == "--check" => check(),
        _ => bail!("cargo xtask generate [--check]"),
    }
}

/// Writes everything that is generated in a repository: this one, or a copy of it.
pub(crate) fn write(root: &Path) -> Result<()> {
    lists::write(root)?;
    let wrote = generator().in_folder(root).quiet()?.stdout;
    print!("{wrote}");
    Ok(())
}

/// Fails if a generated file is not what `cargo xtask generate` would write.
pub(crate) fn check() -> Result<()> {
    lists::check(&paths::root())?;
    generator().arg("--check").quiet().map(drop)
}

fn generator() -> Run {
    Run::cargo("run").args(["-p", "xtask-generate", "--"])
}
