//! Suites that Node runs, in the copy beside the packed package.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::count::{Count, Found};
use crate::run::Run;
use crate::stamp::files_below;
use crate::{demo, paths, progress, scratch, worker};

/// Folders of tests with test files; what one needs beside the packed package it has by a lock of its own.
pub(super) fn suites() -> Result<BTreeSet<String>> {
    let files = files_below(&paths::root().join("tests"))?;
    let folders = files.into_iter().filter(|path| is_test(path)).map(paths::relative).filter_map(|path| {
        let folder = path.parent()?;
        (folder.components().count() == 2).then(|| folder.to_string_lossy().into_owned())
    });
    Ok(folders.collect())
}

/// Runs the test files of a folder; those in folders below are for the tests to use.
pub(super) fn suite(folder: &str) -> Found {
    if paths::root().join(folder).join("package-lock.json").exists() {
        scratch::install(folder)?;
    }
    let mut files = files_below(&paths::root().join(folder))?;
    files.retain(|path| is_test(path) && path.parent() == Some(&paths::root().join(folder)));
    run(files.into_iter().map(paths::relative))
}

/// Runs one test file, of a folder that needs nothing beside the packed package.
pub(super) fn file(file: &str) -> Found {
    run([PathBuf::from(file)])
}

fn is_test(path: &Path) -> bool {
    let name = path.to_string_lossy();
    [".test.mjs", ".test.cjs"].iter().any(|end| name.ends_with(end))
}

fn run(files: impl IntoIterator<Item = PathBuf>) -> Found {
    let outcome = Run::program("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000"])
        .args(files)
        .env("COUNTERSIGN_DISPATCH", demo::dispatch_program())
        .env("COUNTERSIGN_WASM_OPT", paths::root().join("node_modules/binaryen/bin/wasm-opt"))
        .env("COUNTERSIGN_WORKER", worker::folder())
        .in_folder(&paths::scratch())
        .outcome()?;
    let summary = |word: &str| {
        let line = outcome.stdout.lines().rev().find_map(|line| line.strip_prefix(word));
        line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
    };
    let mut count = Count { passed: summary("# pass "), failed: summary("# fail ") };
    if progress::nothing_may_be_left_out() {
        count.failed += summary("# skipped ");
    }
    Ok((count.at_least_one(&outcome), outcome.output))
}
