//! The WebAssembly modules: compiled for size, made free of imports, optimized and checked.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use wasmparser::{Parser, Payload};

use crate::run::Run;
use crate::stamp::Stamp;
use crate::{paths, prepare};

/// Small; Cargo.toml says how.
const PROFILE: &str = "wasm";

/// SHA-2 in SIMD; the other two are newer than some of the engines, and of no use here.
const RUSTC_FLAGS: &[&str] = &["-Ctarget-feature=+simd128,-reference-types,-multivalue"];

/// Bytes of stack. It is small because JavaScript clears all of it after each call.
const STACK: usize = 16384;

/// Ed25519 below a search that calls itself.
const STACK_TO_EXPLAIN: usize = 8 * STACK;

/// JSON is read recursively, to a depth of 128.
const STACK_FOR_JSON: usize = 16 * STACK;

/// Features are listed because `-all` uses an encoding that no engine reads.
const WASM_OPT_FLAGS: &[&str] = &[
    "-Oz",
    // Inlined, what is there once no longer looks like the rest: smaller as it is, larger when packed.
    "--one-caller-inline-max-function-size=0",
    "--converge",
    // What is alike stands together: smaller when packed.
    "--reorder-locals",
    "--reorder-functions-by-name",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-simd",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Makes the modules of the package, and the unpacker of those.
pub(crate) fn build() -> Result<()> {
    prepare::wasm_target()?;
    println!("Compiling the core to WebAssembly (cargo)");
    module("module", &compile("countersign-wasm-verify", STACK)?, &paths::module())?;
    module("unpacker", &compile("countersign-unpack", STACK)?, &paths::unpacker())?;
    println!("Compiling what explains (cargo)");
    let explain = compile("countersign-wasm-explain", STACK_TO_EXPLAIN)?;
    module("explain", &explain, &paths::explain_module())?;
    println!("Compiling the rules of sending (cargo)");
    let endpoints = compile("countersign-wasm-endpoints", STACK_FOR_JSON)?;
    module("endpoints", &endpoints, &paths::endpoints_module())
}

fn module(name: &'static str, compiled: &Path, module: &Path) -> Result<()> {
    let stamp = Stamp::new(name).this_program()?.files(compiled)?;
    let done = stamp.step(&[module.to_path_buf()], || {
        println!("Shrinking it (wasm-opt)");
        optimize(compiled, module)?;
        check(module)
    })?;
    if !done {
        println!("It is up to date");
    }
    Ok(())
}

fn compile(package: &str, stack: usize) -> Result<PathBuf> {
    Run::cargo("rustc")
        .args(["-p", package, "--lib", "--crate-type", "cdylib", "--profile", PROFILE])
        .args(["--target", "wasm32-unknown-unknown", "--"])
        .arg(format!("-Clink-arg=-zstack-size={stack}"))
        // So that JavaScript knows where the stack ends.
        .arg("-Clink-arg=--export=__stack_pointer")
        // In this form it may hold spaces and wins over a person's own settings; with --target it spares host code.
        .env("CARGO_ENCODED_RUSTFLAGS", rustc_flags()?.join("\u{1f}"))
        .quiet()?;
    Ok(paths::target().join("wasm32-unknown-unknown").join(PROFILE).join(format!("{}.wasm", package.replace('-', "_"))))
}

/// With no path of this machine in it, the module is the same wherever it is built.
fn rustc_flags() -> Result<Vec<String>> {
    let mut flags: Vec<String> = RUSTC_FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    for (path, name) in machine_paths()? {
        flags.push(format!("--remap-path-prefix={path}={name}"));
    }
    Ok(flags)
}

/// Folders of this machine, and what takes their place.
fn machine_paths() -> Result<Vec<(String, &'static str)>> {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let sysroot = Run::program("rustc").args(["--print", "sysroot"]).quiet()?.stdout;
    let mut known = vec![(text(paths::root()), "countersign"), (sysroot.trim().to_owned(), "rust")];
    let home = std::env::home_dir();
    if let Some(cargo) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home?.join(".cargo"))) {
        known.push((text(cargo.join("registry/src")), "crates"));
    }
    Ok(known)
}

fn optimize(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(paths::work())?;
    Run::tool("wasm-opt").arg(from).arg("-o").arg(to).args(WASM_OPT_FLAGS).quiet().map(drop)
}

/// What a host needs to know: nothing to pass in, nothing of this machine inside.
pub(crate) fn check(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("{} could not be read", module.display()))?;
    for payload in Parser::new(0).parse_all(&bytes) {
        if let Payload::ImportSection(imports) = payload?
            && imports.count() > 0
        {
            let names: Vec<String> =
                imports.into_imports().map(|import| Ok(import?.name.to_owned())).collect::<Result<_>>()?;
            bail!(
                "The module must have no imports but asks for {}: crates/wasm/boundary may export only numbers.",
                names.join(", ")
            );
        }
    }
    check_paths(module)
}

/// It is the same wherever it is built.
fn check_paths(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("{} could not be read", module.display()))?;
    for (path, _) in machine_paths()? {
        if bytes.windows(path.len()).any(|window| window == path.as_bytes()) {
            bail!(
                "The module contains the path {path} of this machine: add it to `machine_paths` in xtask/src/wasm.rs."
            );
        }
    }
    Ok(())
}
