//! `cargo xtask test`: every suite, one step each; only what fails is shown in full.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::run::{Outcome, Run};
use crate::stamp::files_below;
use crate::{build, debugger, demo, generate, paths, scratch, sizes, wasm_suite};

/// Set where everything is installed: what is left out there has failed.
const NO_SKIP: &str = "COUNTERSIGN_NO_SKIP";

/// How a step went. A step that only holds or not counts as one.
#[derive(Default, Clone, Copy)]
struct Count {
    passed: u32,
    failed: u32,
}

impl From<bool> for Count {
    fn from(ok: bool) -> Self {
        Self { passed: ok.into(), failed: (!ok).into() }
    }
}

pub(crate) fn command(_: &[String]) -> Result<()> {
    let mut total = Count::default();
    let mut step = |name: &str, run: &dyn Fn() -> Result<(Count, String)>| {
        println!("- {name}");
        let start = Instant::now();
        let (count, said) = run().unwrap_or_else(|error| (Count::from(false), format!("{error:#}")));
        if count.failed > 0 {
            println!("{}", said.trim_end());
        }
        for line in skipped(&said) {
            println!("  {line}");
        }
        let seconds = start.elapsed().as_secs_f32();
        println!("  {} passed, {} failed ({seconds:.1} s)", count.passed, count.failed);
        total = Count { passed: total.passed + count.passed, failed: total.failed + count.failed };
        count.failed == 0
    };

    step("the crate, natively (cargo test)", &|| {
        cargo_test(&["--features", "diagnose,dispatch-postgres,http,memory,redis"])
    });
    step("the axum example (cargo test)", &|| cargo_test(&["-p", "countersign-axum"]));
    step("generated files are up to date", &|| holds(generate::check()));
    if wasm_suite::exists() {
        step("the crate, as WebAssembly in Node (cargo test)", &|| Ok(rust(&wasm_suite::run()?)));
    }
    if step("the npm package builds", &|| holds(build::all().and_then(|()| scratch::prepare()))) {
        step("its size", &|| sizes::within_limit().map(|(kept, said)| (kept.into(), said)));
        for (name, resolution) in TYPE_CHECKS {
            if !type_tests(resolution)?.is_empty() {
                step(&format!("its types, {name} (tsc)"), &|| types(resolution));
            }
        }
        step("the browser debugger builds", &|| holds(debugger::site()));
        for suite in node_suites()? {
            step(&format!("{suite} (node --test)"), &|| node(&suite));
        }
    } else {
        println!("- the suites that use the npm package are left out");
    }

    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("What failed is shown above, under its step.");
    }
    Ok(())
}

fn holds(outcome: Result<()>) -> Result<(Count, String)> {
    outcome.map(|()| (Count::from(true), String::new()))
}

fn cargo_test(args: &[&str]) -> Result<(Count, String)> {
    Ok(rust(&Run::cargo("test").args(args).outcome()?))
}

/// Reads lines like `test result: ok. 12 passed; 0 failed; …`, which wasm-bindgen's runner writes too.
fn rust(outcome: &Outcome) -> (Count, String) {
    let mut count = Count::default();
    for line in outcome.stdout.lines().filter(|line| line.starts_with("test result: ")) {
        count.passed += number_before(line, " passed");
        count.failed += number_before(line, " failed");
    }
    (at_least_one(count, outcome), outcome.output.clone())
}

fn number_before(line: &str, word: &str) -> u32 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// A run that broke off, or that ran nothing, has failed.
fn at_least_one(mut count: Count, outcome: &Outcome) -> Count {
    if count.failed == 0 && (!outcome.ok || count.passed == 0) {
        count.failed = 1;
    }
    count
}

/// Folders of tests with test files; what one needs beside the packed package it has by a lock of its own.
fn node_suites() -> Result<BTreeSet<String>> {
    let files = files_below(&paths::root().join("tests"))?;
    let folders = files.into_iter().filter(|path| is_node_test(path)).map(relative).filter_map(|path| {
        let folder = path.parent()?;
        (folder.components().count() == 2).then(|| folder.to_string_lossy().into_owned())
    });
    Ok(folders.collect())
}

fn is_node_test(path: &Path) -> bool {
    let name = path.to_string_lossy();
    [".test.mjs", ".test.cjs"].iter().any(|end| name.ends_with(end))
}

fn relative(path: PathBuf) -> PathBuf {
    path.strip_prefix(paths::root()).map(PathBuf::from).unwrap_or(path)
}

/// Runs the test files of a folder of the copy; those in folders below are for the tests to use.
fn node(suite: &str) -> Result<(Count, String)> {
    if paths::root().join(suite).join("package-lock.json").exists() {
        scratch::install(suite)?;
    }
    let mut files = files_below(&paths::root().join(suite))?;
    files.retain(|path| is_node_test(path) && path.parent() == Some(&paths::root().join(suite)));
    let files = files.into_iter().map(relative);
    let run = Run::program("node").args(["--test", "--test-reporter=tap", "--test-timeout=120000"]).args(files);
    // `cargo test` has made it.
    let run = run.env("COUNTERSIGN_SENDER", demo::sender());
    let outcome = run.in_folder(&paths::scratch()).outcome()?;
    let summary = |word: &str| {
        let line = outcome.stdout.lines().rev().find_map(|line| line.strip_prefix(word));
        line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
    };
    let mut count = Count { passed: summary("# pass "), failed: summary("# fail ") };
    if std::env::var_os(NO_SKIP).is_some() {
        count.failed += summary("# skipped ");
    }
    Ok((at_least_one(count, &outcome), outcome.output))
}

/// What tests left out, and what would have to be there: Rust's say it like this, Node's in TAP.
fn skipped(said: &str) -> BTreeSet<String> {
    let from_line = |line: &str| {
        if line.starts_with("skipped: ") {
            return Some(line.to_owned());
        }
        let (test, why) = line.trim().strip_prefix("ok ")?.split_once(" # SKIP ")?;
        Some(format!("skipped: {}: {why}", test.split_once(" - ").map_or(test, |(_, name)| name)))
    };
    said.lines().filter_map(from_line).collect()
}

/// A way to find a package's types: its name, and what tsc needs to be told.
const TYPE_CHECKS: &[(&str, &[&str])] = &[
    ("node16", &["--module", "node16", "--moduleResolution", "node16"]),
    ("nodenext", &["--module", "nodenext", "--moduleResolution", "nodenext"]),
    ("bundler", &["--module", "esnext", "--moduleResolution", "bundler"]),
];

/// Files in tests/types; `import x = require()` in a .cts file is not for bundlers.
fn type_tests(resolution: &[&str]) -> Result<Vec<PathBuf>> {
    let for_bundlers = resolution.contains(&"bundler");
    let mut files = files_below(&paths::root().join("tests/types"))?;
    files.retain(|path| path.extension().is_some_and(|end| end == "ts" || (end == "cts" && !for_bundlers)));
    Ok(files.into_iter().map(relative).collect())
}

fn types(resolution: &[&str]) -> Result<(Count, String)> {
    let outcome = Run::tool("tsc")
        .args(["--noEmit", "--strict", "--target", "es2022", "--types", "node", "--typeRoots"])
        .arg(paths::root().join("node_modules/@types"))
        .args(resolution)
        .args(type_tests(resolution)?)
        .in_folder(&paths::scratch())
        .outcome()?;
    Ok((outcome.ok.into(), outcome.output))
}
