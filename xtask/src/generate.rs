//! `cargo xtask generate`: runs the generator, a crate of its own since it has the library inside.

use anyhow::Result;

use crate::run::Run;

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    generator().args(arguments).show()
}

/// Fails if a generated file is not what `cargo xtask generate` would write.
pub(crate) fn check() -> Result<()> {
    generator().arg("--check").quiet().map(drop)
}

fn generator() -> Run {
    Run::cargo("run").args(["-p", "xtask-generate", "--"])
}
