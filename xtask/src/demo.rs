//! `cargo xtask demo`: a real Node receiver with the packed package, and what it makes of real deliveries, some of them
//! from the Rust dispatcher.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::run::Run;
use crate::{build, paths, scratch};

const MAIN: &str = "examples/demo/main.mjs";

const SENDER: &str = "demo-sender";

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    if !paths::root().join(MAIN).is_file() {
        bail!("{MAIN} is missing, so there is no demo to run.");
    }
    build::all()?;
    scratch::prepare()?;
    build_sender()?;
    println!();
    Run::program("node")
        .env("COUNTERSIGN_SENDER", sender())
        .arg(MAIN)
        .args(arguments)
        .in_folder(&paths::scratch())
        .show()
}

/// Makes the program that sends for Node.
pub(crate) fn build_sender() -> Result<()> {
    Run::cargo("build").args(["-p", "countersign", "--example", SENDER, "--features", "dispatch"]).quiet().map(drop)
}

/// Where that program is; the tests use it too.
pub(crate) fn sender() -> PathBuf {
    paths::target().join("debug/examples").join(format!("{SENDER}{}", std::env::consts::EXE_SUFFIX))
}
