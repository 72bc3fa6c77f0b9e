//! `cargo xtask test`: every suite, one step each; only what fails is shown in full.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::run::{Outcome, Run};
use crate::stamp::files_below;
use crate::{build, generate, paths, scratch, sizes, wasm_suite};

/// Uses the packed npm package and nothing else.
const NODE: &str = "tests/node";

/// Uses the senders' own packages too, by a lock of its own.
const INTEROP: &str = "tests/interop";

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
        let seconds = start.elapsed().as_secs_f32();
        println!("  {} passed, {} failed ({seconds:.1} s)", count.passed, count.failed);
        total = Count { passed: total.passed + count.passed, failed: total.failed + count.failed };
        count.failed == 0
    };

    step("the crate, natively (cargo test)", &|| Ok(rust(&Run::cargo("test").args(["-p", "countersign"]).outcome()?)));
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
        if !node_tests(NODE)?.is_empty() {
            step("the npm package, in Node (node --test)", &|| node(NODE));
        }
        if !node_tests(INTEROP)?.is_empty() {
            step("beside other packages (node --test)", &|| scratch::install(INTEROP).and_then(|()| node(INTEROP)));
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

/// Test files of a folder of the copy, as paths that Node takes there.
fn node_tests(folder: &str) -> Result<Vec<PathBuf>> {
    let is_test = |path: &PathBuf| {
        let name = path.to_string_lossy();
        [".test.mjs", ".test.cjs", ".test.js"].iter().any(|end| name.ends_with(end))
    };
    Ok(files_below(&paths::root().join(folder))?.into_iter().filter(is_test).map(relative).collect())
}

fn relative(path: PathBuf) -> PathBuf {
    path.strip_prefix(paths::root()).map(PathBuf::from).unwrap_or(path)
}

fn node(folder: &str) -> Result<(Count, String)> {
    let run =
        Run::program("node").args(["--test", "--test-reporter=tap", "--test-timeout=120000"]).args(node_tests(folder)?);
    let outcome = run.in_folder(&paths::scratch()).outcome()?;
    let summary = |word: &str| {
        let line = outcome.stdout.lines().rev().find_map(|line| line.strip_prefix(word));
        line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
    };
    let count = Count { passed: summary("# pass "), failed: summary("# fail ") };
    Ok((at_least_one(count, &outcome), outcome.output))
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
