//! The fuzz targets, each for a short while, starting from the vectors.

use anyhow::{Result, ensure};

use super::done::Done;
use super::seeds;
use super::tool::Tool;
use crate::paths;
use crate::run::Run;

const FUZZ: Tool =
    Tool::nightly("fuzz", "rustup toolchain install nightly --profile minimal && cargo install cargo-fuzz --locked");

const SECONDS: u32 = 20;

pub(super) fn check() -> Result<Done> {
    if let Some(left_out) = FUZZ.missing() {
        return Ok(left_out);
    }
    let targets = Run::rust("nightly", "fuzz").arg("list").quiet()?.stdout;
    for target in targets.lines() {
        let corpus = paths::target().join("fuzz-corpus").join(target);
        let seeds = seeds::write(target, &corpus)?;
        ensure!(seeds > 0, "The fuzz target {target} has no seeds: name their source in xtask/src/check/seeds.rs.");
        println!("  {target}, from {seeds} seeds");
        let folder = paths::target().join("fuzz");
        Run::rust("nightly", "fuzz")
            .args(["run", "--target-dir"])
            .arg(folder)
            .arg(target)
            .arg(corpus)
            .args(["--", &format!("-max_total_time={SECONDS}")])
            .quiet()?;
    }
    Ok(Done::Holds)
}
