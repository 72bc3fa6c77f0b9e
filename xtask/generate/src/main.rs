//! `cargo xtask generate`: what is written twice is written by this program the second time.
//!
//! `cargo xtask generate` writes the lists of the providers first, without the library. All else is written here, from the
//! library as data, and from the source of its types, which is read as Rust, so that the library needs no annotation for it.
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
use std::process::ExitCode;

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
    let expected = outputs::all()?;
    let mut stale = left_over(&expected)?;
    stale.extend(expected.into_iter().filter(|output| !output.is_written()).map(|output| output.path));
    let stale: Vec<String> = stale.iter().map(|path| short(path)).collect();
    ensure!(stale.is_empty(), "stale: {}. Run `cargo xtask generate`.", stale.join(", "));
    Ok(())
}

fn write() -> Result<()> {
    let outputs = outputs::all()?;
    outputs.iter().try_for_each(save)?;
    for path in left_over(&outputs)? {
        std::fs::remove_file(&path)?;
        println!("removed {}", short(&path));
    }
    Ok(())
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
