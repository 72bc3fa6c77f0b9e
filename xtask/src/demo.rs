//! `cargo xtask demo`: a real Node receiver with the packed package, and what it makes of real deliveries.

use anyhow::{Result, bail};

use crate::run::Run;
use crate::{build, paths, scratch};

const MAIN: &str = "examples/demo/main.mjs";

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    if !paths::root().join(MAIN).is_file() {
        bail!("{MAIN} is missing, so there is no demo to run.");
    }
    build::all()?;
    scratch::prepare()?;
    println!();
    Run::program("node").arg(MAIN).args(arguments).in_folder(&paths::scratch()).show()
}
