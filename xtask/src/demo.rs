//! `cargo xtask demo`: what countersign does, shown by its own answers. First in Rust, which compiles in seconds; then a real
//! Node receiver with the packed package, and what it makes of real deliveries, some of them from the Rust dispatcher.

use std::path::PathBuf;
use std::thread;

use anyhow::{Result, anyhow};

use crate::run::Run;
use crate::{build, paths, prepare, scratch};

/// The crate of the demo's Rust programs.
const CRATE: &str = "countersign-demo";

const NATIVE: &str = "demo-native";

const DISPATCH: &str = "demo-dispatch";

const MAIN: &str = "examples/demo/main.mjs";

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    println!("1 of 2: in Rust, as soon as it is compiled\n");
    // Downloading takes the network, and compiling the processors.
    let tools = thread::spawn(prepare::npm_tools);
    Run::cargo("build").args(["-p", CRATE, "--bin", NATIVE]).quiet()?;
    println!();
    Run::program(&paths::program(NATIVE).to_string_lossy()).show()?;
    println!("\n2 of 2: the npm package in a Node server, and a dispatcher in Rust that sends to it.");
    println!("Both are compiled now, which takes a few minutes the first time.\n");
    join(tools)?;
    // At the same time: each has long stretches that keep one processor busy.
    let dispatch = thread::spawn(build_dispatch);
    let package = build::all().and_then(|()| scratch::prepare());
    join(dispatch)?;
    package?;
    println!();
    Run::program("node")
        .env("COUNTERSIGN_DISPATCH", dispatch_program())
        .arg(MAIN)
        .args(arguments)
        .in_folder(&paths::scratch())
        .show()
}

fn join(work: thread::JoinHandle<Result<()>>) -> Result<()> {
    work.join().map_err(|_| anyhow!("A part of this tool has panicked; its own words are above."))?
}

/// Makes the program that sends for Node.
pub(crate) fn build_dispatch() -> Result<()> {
    Run::cargo("build").args(["-p", CRATE, "--bin", DISPATCH, "--features", "send"]).quiet().map(drop)
}

/// Where that program is; the tests use it too.
pub(crate) fn dispatch_program() -> PathBuf {
    paths::program(DISPATCH)
}
