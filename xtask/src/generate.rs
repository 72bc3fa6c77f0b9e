//! `cargo xtask generate`: writes the lists of the providers from the names of their files, then runs the generator of all
//! else, a crate of its own since it has the library inside, with every provider of the new lists.

mod lists;

use anyhow::Result;

use crate::run::Run;

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => {
            lists::write()?;
            generator().show()
        }
        [flag] if flag == "--check" => check(),
        _ => anyhow::bail!("cargo xtask generate [--check]"),
    }
}

/// Fails if a generated file is not what `cargo xtask generate` would write.
pub(crate) fn check() -> Result<()> {
    lists::check()?;
    generator().arg("--check").quiet().map(drop)
}

fn generator() -> Run {
    Run::cargo("run").args(["--quiet", "-p", "xtask-generate", "--"])
}
