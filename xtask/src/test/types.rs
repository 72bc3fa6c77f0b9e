//! The types of the npm package, as programs that import it see them.

use std::path::PathBuf;

use anyhow::Result;

use super::count::Found;
use crate::paths;
use crate::run::Run;
use crate::stamp::files_below;

/// A way to find a package's types: its name, and what tsc needs to be told.
pub(super) const CHECKS: &[(&str, &[&str])] = &[
    ("node16", &["--module", "node16", "--moduleResolution", "node16"]),
    ("nodenext", &["--module", "nodenext", "--moduleResolution", "nodenext"]),
    ("bundler", &["--module", "esnext", "--moduleResolution", "bundler"]),
];

/// Files in tests/types; `import x = require()` in a .cts file is not for bundlers.
pub(super) fn tests(resolution: &[&str]) -> Result<Vec<PathBuf>> {
    let for_bundlers = resolution.contains(&"bundler");
    let mut files = files_below(&paths::root().join("tests/types"))?;
    files.retain(|path| path.extension().is_some_and(|end| end == "ts" || (end == "cts" && !for_bundlers)));
    Ok(files.into_iter().map(paths::relative).collect())
}

pub(super) fn check(resolution: &[&str]) -> Found {
    let outcome = Run::tool("tsc")
        .args(["--noEmit", "--strict", "--target", "es2022", "--types", "node", "--typeRoots"])
        .arg(paths::root().join("node_modules/@types"))
        .args(resolution)
        .args(tests(resolution)?)
        .in_folder(&paths::scratch())
        .outcome()?;
    Ok((outcome.ok.into(), outcome.output))
}
