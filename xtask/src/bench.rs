//! `cargo xtask bench`: the packed package beside others in Node, then the Rust crate beside others, then the dispatcher.

use anyhow::Result;

use crate::run::Run;
use crate::{build, paths, scratch};

const NODE: &str = "benches/node";

/// Its bundlers are those of the tests.
const BUNDLERS: &str = "tests/bundlers";

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    if paths::root().join(NODE).join("package.json").is_file() {
        build::all()?;
        scratch::prepare()?;
        scratch::install(NODE)?;
        scratch::install(BUNDLERS)?;
        println!();
        Run::npm()
            .args(["run", "--silent", "bench", "--"])
            .args(arguments)
            .in_folder(&paths::scratch().join(NODE))
            .show()?;
    } else {
        println!("There is no {NODE}, so only the Rust crate is measured");
    }
    println!();
    for bin in ["countersign-bench", "dispatch"] {
        let bench = ["--release", "--quiet", "-p", "countersign-bench", "--bin", bin, "--"];
        Run::cargo("run").args(bench).args(arguments).show()?;
        println!();
    }
    Ok(())
}
