//! `cargo xtask test`: every suite, one step each; only what fails is shown in full. With `--quick`, the inner loop: the core
//! natively, and its vectors through the npm package in Node.

mod count;
mod made_up;
mod node;
mod rust;
mod types;

use std::time::Instant;

use anyhow::{Result, bail};

use self::count::{Count, Found};
use crate::progress::Progress;
use crate::{build, debugger, demo, generate, scratch, sizes, wasm_suite, worker};

/// One suite.
struct Step {
    name: String,
    run: Box<dyn Fn() -> Found>,
}

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let (native, package) = match arguments {
        [] => (native(), package()?),
        [flag] if flag == "--quick" => (quick_native(), quick_package()),
        _ => bail!("cargo xtask test [--quick]"),
    };
    let builds = step("the npm package builds", || holds(build::all().and_then(|()| scratch::prepare())));
    let mut progress = Progress::of(native.len() + 1 + package.len());
    let mut total = Count::default();
    for step in native {
        total += show(&mut progress, &step);
    }
    let built = show(&mut progress, &builds);
    total += built;
    if built.failed == 0 {
        for step in package {
            total += show(&mut progress, &step);
        }
    } else {
        println!("{} suites that use the npm package are left out", progress.left());
    }
    println!("\n{total}");
    if total.failed > 0 {
        bail!("What failed is shown above, under its step.");
    }
    Ok(())
}

/// Every suite that needs no npm package.
fn native() -> Vec<Step> {
    let mut steps = vec![
        step("the crate, natively (cargo test)", || {
            rust::test(&["--features", "diagnose,dispatch-postgres,http,memory,redis"])
        }),
        step("the axum and actix-web examples (cargo test)", || {
            rust::test(&["-p", "example-axum", "-p", "example-actix"])
        }),
        step("generated files are up to date", || holds(generate::check())),
    ];
    if wasm_suite::exists() {
        steps.push(step("the crate, as WebAssembly in Node (cargo test)", || Ok(rust::read(&wasm_suite::run()?))));
    }
    steps
}

/// Every suite that uses the npm package.
fn package() -> Result<Vec<Step>> {
    let mut steps = vec![step("its size", || sizes::within_limit().map(|(kept, said)| (kept.into(), said)))];
    for (name, resolution) in types::CHECKS {
        if !types::tests(resolution)?.is_empty() {
            steps.push(step(&format!("its types, {name} (tsc)"), || types::check(resolution)));
        }
    }
    steps.push(step("a provider is one file and its vectors", made_up::follows));
    steps.push(step("the browser debugger builds", || holds(debugger::site())));
    steps.push(step("the Worker written in Rust builds (cargo build)", || holds(worker::build())));
    steps.push(step("what sends for Node builds (cargo build)", || holds(demo::build_dispatch())));
    for suite in node::suites()? {
        steps.push(step(&format!("{suite} (node --test)"), move || node::suite(&suite)));
    }
    Ok(steps)
}

fn quick_native() -> Vec<Step> {
    vec![step("the core, natively (cargo test)", || rust::test(&["-p", "countersign"]))]
}

fn quick_package() -> Vec<Step> {
    vec![step("the vectors, in Node (node --test)", || node::file("tests/node/vectors.test.mjs"))]
}

fn step(name: &str, run: impl Fn() -> Found + 'static) -> Step {
    Step { name: name.into(), run: Box::new(run) }
}

fn holds(outcome: Result<()>) -> Found {
    outcome.map(|()| (Count::from(true), String::new()))
}

/// Runs it and prints how it went.
fn show(progress: &mut Progress, step: &Step) -> Count {
    progress.begin(&step.name);
    let start = Instant::now();
    let (count, said) = (step.run)().unwrap_or_else(|error| (Count::from(false), format!("{error:#}")));
    if count.failed > 0 {
        println!("{}", said.trim_end());
    }
    for line in count::left_out(&said) {
        println!("  {line}");
    }
    println!("  {count} ({:.1} s)", start.elapsed().as_secs_f32());
    count
}
