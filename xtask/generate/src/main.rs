//! `cargo xtask generate`: what is written twice is written by this program the second time.
//!
//! Two lists of Rust modules come from the names of the providers' files; a program built before a file was added does
//! not know the provider yet, so it builds and runs itself again once they are written. All else comes from the library
//! as data, and from the source of its types, which is read as Rust, so that the library needs no annotation for it.
//! With `--check` nothing is written: it fails and names the files that are stale.

mod model;
mod names;
mod output;
mod outputs;
mod paths;
mod text;
mod types;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, anyhow, ensure};

use output::Output;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [] => write(),
        [flag] if flag == "--check" => check(),
        _ => Err(anyhow!("cargo xtask generate [--check]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Fails if a generated file is not what `cargo xtask generate` would write.
fn check() -> Result<()> {
    let modules = names::modules()?;
    let mut expected = outputs::lists(&modules);
    let mut stale = Vec::new();
    if modules == built_with() {
        expected.extend(outputs::rest()?);
        stale = left_over(&expected)?;
    }
    stale.extend(expected.into_iter().filter(|output| !output.is_written()).map(|output| output.path));
    let stale: Vec<String> = stale.iter().map(|path| short(path)).collect();
    ensure!(stale.is_empty(), "stale: {}. Run `cargo xtask generate`.", stale.join(", "));
    Ok(())
}

fn write() -> Result<()> {
    let modules = names::modules()?;
    outputs::lists(&modules).iter().try_for_each(save)?;
    if modules != built_with() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let again = ["run", "--package", "xtask-generate"];
        let status = Command::new(cargo).args(again).current_dir(paths::root()).status()?;
        ensure!(status.success(), "cargo xtask generate did not work with the new list of providers");
        return Ok(());
    }
    let outputs = outputs::rest()?;
    outputs.iter().try_for_each(save)?;
    for path in left_over(&outputs)? {
        std::fs::remove_file(&path)?;
        println!("removed {}", short(&path));
    }
    Ok(())
}

/// The modules of the providers that this program has inside.
fn built_with() -> Vec<String> {
    countersign::Provider::ALL.iter().map(|provider| names::module_of(provider.name())).collect()
}

fn save(output: &Output) -> Result<()> {
    if output.is_written() {
        return Ok(());
    }
    let path = &output.path;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, &output.text).with_context(|| path.display().to_string())?;
    println!("wrote {}", short(path));
    Ok(())
}

/// Files in the folder of generated files that none of these is.
fn left_over(outputs: &[Output]) -> Result<Vec<PathBuf>> {
    let known: BTreeSet<&Path> = outputs.iter().map(|output| output.path.as_path()).collect();
    let mut found = Vec::new();
    let mut folders = vec![paths::generated()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !known.contains(path.as_path()) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// A path as people name it.
fn short(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}
