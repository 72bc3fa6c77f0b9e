//! Gets what a step needs and the machine may lack: the wasm target, Node, the npm tools.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::paths;
use crate::run::Run;

/// The target of WebAssembly without a system.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

const OLDEST_NODE: u32 = 20;

/// The standard library for WebAssembly.
pub(crate) fn wasm_target() -> Result<()> {
    target(WASM)
}

/// The standard library, or what there is of it, for that target.
pub(crate) fn target(name: &str) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let rustc = rustc.to_string_lossy().into_owned();
    let libraries = Run::program(&rustc).args(["--print", "target-libdir", "--target", name]).quiet()?.stdout;
    if !Path::new(libraries.trim()).exists() {
        println!("Adding the Rust target {name} (rustup)");
        Run::program("rustup").args(["target", "add", name]).quiet()?;
    }
    Ok(())
}

/// Node itself, new enough.
pub(crate) fn node() -> Result<()> {
    let version = Run::program("node").arg("--version").quiet()?.stdout;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node.js {} is too old. Install Node.js {OLDEST_NODE} or later.", version.trim());
    }
    Ok(())
}

/// The tools in package-lock.json: wasm-opt, esbuild, terser, tsc.
pub(crate) fn npm_tools() -> Result<()> {
    node()?;
    install(&paths::root(), "the build tools")
}

/// `npm ci`, unless exactly this lock is what was installed last.
pub(crate) fn install(folder: &Path, what: &str) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let Ok(wanted) = fs::read(&lock) else {
        bail!("{} is missing. Run `npm install` in that folder once and commit the file.", lock.display());
    };
    // Inside the folder that npm empties first, so that an installation broken off half-way is not taken for done.
    let installed = folder.join("node_modules/.installed-by-xtask");
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    println!("Installing {what} (npm ci)");
    Run::npm().args(["ci", "--no-audit", "--no-fund"]).in_folder(folder).quiet()?;
    fs::write(installed, wanted)?;
    Ok(())
}
