//! `cargo xtask check`: what holds without running a suite: formatting, lints, documents, features, licences, promises.
//!
//! A check whose tool is not installed is left out, in one line that says how to install it. Names after the command choose
//! checks: `cargo xtask check fmt clippy`.

mod done;
mod fuzz;
mod packages;
mod seeds;
mod semver;
mod tool;

use std::time::Instant;

use anyhow::{Result, bail, ensure};

use self::done::Done;
use self::tool::Tool;
use crate::progress::{self, Progress};
use crate::run::Run;
use crate::{paths, prepare};

struct Check {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Done>,
}

const CHECKS: &[Check] = &[
    Check { name: "fmt", about: "Rust is formatted (cargo fmt)", run: fmt },
    Check { name: "clippy", about: "no lint objects, native and WebAssembly (cargo clippy)", run: clippy },
    Check { name: "biome", about: "TypeScript and JavaScript are formatted, and no lint objects (Biome)", run: biome },
    Check { name: "docs", about: "the documentation of the crates builds (cargo doc)", run: docs },
    Check { name: "tree", about: "a program that only verifies carries nothing else along (cargo tree)", run: tree },
    Check { name: "no-std", about: "the core compiles where there is no operating system (thumbv7em)", run: no_std },
    Check { name: "features", about: "every two features compile together (cargo hack)", run: features },
    Check { name: "msrv", about: "the oldest Rust that Cargo.toml promises compiles it", run: msrv },
    Check { name: "deny", about: "licences and origins of what is used (cargo deny)", run: deny },
    Check { name: "papers", about: "every crate is published with the texts of its licences", run: papers },
    Check { name: "semver", about: "the API keeps what it has promised (cargo semver-checks)", run: semver::check },
    Check { name: "miri", about: "the boundary of the WebAssembly modules, in an interpreter (Miri)", run: miri },
    Check { name: "fuzz", about: "each fuzz target for 20 seconds (cargo fuzz)", run: fuzz::check },
];

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let chosen: Vec<&Check> =
        CHECKS.iter().filter(|check| arguments.is_empty() || arguments.iter().any(|name| name == check.name)).collect();
    if let Some(unknown) = arguments.iter().find(|name| !CHECKS.iter().any(|check| check.name == name.as_str())) {
        let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        bail!("There is no check `{unknown}`. There are: {}.", names.join(", "));
    }
    let mut progress = Progress::of(chosen.len());
    let (mut hold, mut fail, mut left_out) = (0, 0, 0);
    for check in chosen {
        progress.begin(&format!("{}: {}", check.name, check.about));
        let start = Instant::now();
        let outcome = (check.run)();
        let seconds = start.elapsed().as_secs_f32();
        match outcome {
            Ok(Done::Holds) => {
                hold += 1;
                println!("  holds ({seconds:.1} s)");
            }
            Ok(Done::LeftOut(why)) => {
                left_out += 1;
                println!("  left out: {why}");
            }
            Err(error) => {
                fail += 1;
                println!("{error:#}\n  FAILS ({seconds:.1} s)");
            }
        }
    }
    println!("\n{hold} hold, {fail} fail, {left_out} left out");
    if fail > 0 {
        bail!("What fails is shown above, under its check.");
    }
    if left_out > 0 && progress::nothing_may_be_left_out() {
        bail!("Nothing may be left out here.");
    }
    Ok(())
}

/// It holds if the program succeeds; else everything that it said is the error.
fn holds(run: Run) -> Result<Done> {
    run.quiet().map(|_| Done::Holds)
}

fn fmt() -> Result<Done> {
    Run::plain_cargo().args(["fmt", "--all", "--check"]).quiet()?;
    // A workspace of its own.
    holds(Run::plain_cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn clippy() -> Result<Done> {
    prepare::target(prepare::WASM)?;
    let warnings = ["--", "-D", "warnings"];
    let native = ["--workspace", "--all-targets", "--features", "countersign-demo/send", "--features"];
    let features =
        "diagnose,dispatch-postgres,http,js,memory,redis".split(',').map(|name| format!("countersign/{name}"));
    let features = features.collect::<Vec<_>>().join(",");
    Run::cargo("clippy").args(native).arg(features).args(warnings).quiet()?;
    let wasm = ["-p", packages::MODULES, "--lib", "--target", prepare::WASM];
    holds(Run::cargo("clippy").args(wasm).args(warnings))
}

fn biome() -> Result<Done> {
    prepare::npm_tools()?;
    holds(Run::tool("biome").args(["ci", "--colors=off"]))
}

fn docs() -> Result<Done> {
    let features = ["--no-deps", "--features", "diagnose,dispatch-postgres,http,js,memory,redis"];
    holds(Run::cargo("doc").args(features).env("RUSTDOCFLAGS", "-D warnings"))
}

/// What explaining, the rules of sending and the stores bring along.
const NOT_FOR_VERIFYING: &[&str] =
    &["countersign-diagnose", "countersign-dispatch", "countersign-endpoint", "miniz_oxide", "redis", "tokio", "url"];

fn tree() -> Result<Done> {
    let tree = ["tree", "-p", "countersign", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = Run::plain_cargo().args(tree).quiet()?.stdout;
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    ensure!(names.contains(&"countersign-core"), "cargo tree shows no countersign-core: this check looks at nothing.");
    for name in NOT_FOR_VERIFYING {
        ensure!(!names.contains(name), "countersign without features depends on {name}.");
    }
    Ok(Done::Holds)
}

fn no_std() -> Result<Done> {
    const BARE: &str = "thumbv7em-none-eabi";
    prepare::target(BARE)?;
    holds(Run::cargo("check").args(["-p", packages::CORE, "--lib", "--target", BARE]))
}

fn features() -> Result<Done> {
    const HACK: Tool = Tool::cargo("hack", "cargo install cargo-hack --locked");
    if let Some(left_out) = HACK.missing() {
        return Ok(left_out);
    }
    // It passes on to cargo what it does not know, and knows no target folder.
    let run = Run::plain_cargo().args(["hack", "check", "--feature-powerset", "--depth", "2", "--target-dir"]);
    let run = run.arg(paths::target());
    holds(run.args(packages::published()?.iter().flat_map(|package| ["-p".to_owned(), package.name.clone()])))
}

fn msrv() -> Result<Done> {
    for package in packages::published()? {
        let oldest = package.oldest_rust;
        let install = format!("rustup toolchain install {oldest} --profile minimal");
        if let Some(left_out) = Tool::rust(&oldest, &install).missing() {
            return Ok(left_out);
        }
        let folder = paths::target().join("oldest-rust");
        Run::rust(&oldest, "check")
            .args(["--locked", "-p", &package.name, "--all-features", "--target-dir"])
            .arg(folder)
            .quiet()?;
    }
    Ok(Done::Holds)
}

fn deny() -> Result<Done> {
    const DENY: Tool = Tool::cargo("deny", "cargo install cargo-deny --locked");
    if let Some(left_out) = DENY.missing() {
        return Ok(left_out);
    }
    // Advisories need the network, and appear without any change here: the workflow asks for them every week.
    holds(Run::plain_cargo().args(["deny", "--workspace", "--all-features", "check", "bans", "licenses", "sources"]))
}

fn papers() -> Result<Done> {
    for package in packages::published()? {
        let files = ["package", "--list", "--allow-dirty", "--offline", "-p", &package.name];
        let files = Run::plain_cargo().args(files).quiet()?.stdout;
        for paper in ["LICENSE-APACHE", "LICENSE-MIT"] {
            ensure!(files.lines().any(|file| file == paper), "{} would be published without {paper}.", package.name);
        }
    }
    Ok(Done::Holds)
}

fn miri() -> Result<Done> {
    const MIRI: Tool = Tool::nightly("miri", "rustup component add miri rust-src --toolchain nightly");
    if let Some(left_out) = MIRI.missing() {
        return Ok(left_out);
    }
    let folder = paths::target().join("miri");
    holds(Run::rust("nightly", "miri").args(["test", "-p", packages::BOUNDARY, "--target-dir"]).arg(folder))
}
