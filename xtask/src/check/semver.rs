//! Whether the API keeps what it has promised: compared with the newest release, by cargo-semver-checks.
//!
//! The newest tag `v…` that this commit descends from is the baseline. Until a version is tagged it is the commit in
//! xtask/semver-baseline; whoever breaks the API before that on purpose names the commit that breaks it there.

use std::fs;

use anyhow::{Context as _, Result};

use super::done::Done;
use super::packages;
use super::tool::Tool;
use crate::paths;
use crate::run::Run;

const SEMVER: Tool = Tool::cargo("semver-checks", "cargo install cargo-semver-checks --locked");

pub(super) fn check() -> Result<Done> {
    if let Some(left_out) = SEMVER.missing() {
        return Ok(left_out);
    }
    let baseline = baseline()?;
    let known = Run::program("git").args(["cat-file", "-e", &format!("{baseline}^{{commit}}")]).outcome()?.ok;
    if !known {
        return Ok(Done::LeftOut(format!("this clone has no commit {baseline}: git fetch --unshallow --tags")));
    }
    let run = Run::plain_cargo().args(["semver-checks", "check-release", "--baseline-rev", &baseline]);
    let packages = packages::published()?;
    run.args(packages.iter().flat_map(|package| ["-p", &package.name])).quiet().map(|_| Done::Holds)
}

fn baseline() -> Result<String> {
    let tag = Run::program("git").args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]).outcome()?;
    if tag.ok {
        return Ok(tag.stdout.trim().to_owned());
    }
    let file = paths::root().join("xtask/semver-baseline");
    let text = fs::read_to_string(&file).with_context(|| format!("{} could not be read", file.display()))?;
    Ok(text.trim().to_owned())
}
