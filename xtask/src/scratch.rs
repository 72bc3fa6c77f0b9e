//! A copy of tests, examples, benchmarks and documents beside the packed package, installed as a user would install it.
//!
//! Node looks for packages above the importing file, so what is to use the tarball has to be in its folder.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::run::Run;
use crate::stamp::{Stamp, files_below};
use crate::{paths, prepare};

/// What is copied, at the same place as in the repository, so that relative paths go on working.
const COPIED: &[&str] = &["tests", "examples", "benches/node", "docs"];

/// The same for documents at the top.
const DOCUMENTS: &[&str] = &["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

const MANIFEST: &str = r#"{ "name": "countersign-scratch", "private": true, "type": "module" }"#;

/// Brings the copy up to date and installs the package that `build` made.
pub(crate) fn prepare() -> Result<()> {
    let scratch = paths::scratch();
    fs::create_dir_all(&scratch)?;
    fs::write(scratch.join("package.json"), MANIFEST)?;
    for folder in COPIED {
        mirror(&paths::root().join(folder), &scratch.join(folder))?;
    }
    for document in DOCUMENTS {
        fs::copy(paths::root().join(document), scratch.join(document))?;
    }
    let installed = scratch.join("node_modules/countersign");
    Stamp::new("tarball").files(&paths::tarball())?.step(&[installed.join("package.json")], || {
        println!("Installing the packed package into {}", scratch.display());
        let _ = fs::remove_dir_all(scratch.join("node_modules"));
        Run::npm()
            .args(["install", "--no-save", "--no-package-lock", "--offline", "--no-audit", "--no-fund"])
            .arg(paths::tarball())
            .in_folder(&scratch)
            .quiet()
            .map(drop)
    })?;
    Ok(())
}

/// Installs what a folder of the copy needs by its own lock.
pub(crate) fn install(folder: &str) -> Result<()> {
    prepare::install(&paths::scratch().join(folder), &format!("what {folder} needs"))
}

/// Makes `to` hold the same files as `from`; what npm installed in `to` stays.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    for old in files_below(to)? {
        if !from.join(old.strip_prefix(to)?).is_file() {
            fs::remove_file(old)?;
        }
    }
    for file in files_below(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        let content = fs::read(&file)?;
        if fs::read(&copy).is_ok_and(|present| present == content) {
            continue;
        }
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(copy, content)?;
    }
    Ok(())
}
