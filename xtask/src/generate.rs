//! `cargo xtask generate`: writes the lists of the providers from the names of their files, then runs the generator of all
//! else, a crate of its own since it has the library inside, with every provider of the new lists.

mod lists;

use std::path::Path;

use anyhow::{Result, bail};

use crate::paths;
use crate::run::Run;

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => write(&paths::root(), &paths::target()),
        [flag] if flag == "--check" => check(),
        _ => bail!("cargo xtask generate [--check]"),
    }
}

/// Writes everything that is generated in a repository: this one, or a copy of it, which needs a target folder of its own:
/// Cargo tells the crates of two workspaces apart by their places within them.
pub(crate) fn write(root: &Path, target: &Path) -> Result<()> {
    lists::write(root)?;
    let wrote = generator(target).in_folder(root).quiet()?.stdout;
    print!("{wrote}");
    Ok(())
}

/// Fails if a generated file is not what `cargo xtask generate` would write.
pub(crate) fn check() -> Result<()> {
    lists::check(&paths::root())?;
    generator(&paths::target()).arg("--").arg("--check").quiet().map(drop)
}

fn generator(target: &Path) -> Run {
    Run::plain_cargo().args(["run", "-p", "xtask-generate", "--target-dir"]).arg(target)
}
