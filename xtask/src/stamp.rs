//! Skips a step whose inputs are the same as when it last succeeded.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::paths;

/// A fingerprint of everything that a step depends on.
pub(crate) struct Stamp {
    name: &'static str,
    hasher: DefaultHasher,
}

impl Stamp {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, hasher: DefaultHasher::new() }
    }

    /// A setting, such as the arguments of a tool.
    pub(crate) fn value(mut self, value: impl std::hash::Hash) -> Self {
        value.hash(&mut self.hasher);
        self
    }

    /// A file's content, or that of every file below a folder; one that does not exist counts as empty.
    pub(crate) fn files(mut self, path: &Path) -> Result<Self> {
        for file in files_below(path)? {
            file.hash(&mut self.hasher);
            fs::read(&file).with_context(|| format!("{} could not be read", file.display()))?.hash(&mut self.hasher);
        }
        Ok(self)
    }

    /// This program: a step done by older code is done again.
    pub(crate) fn this_program(self) -> Result<Self> {
        let about = fs::metadata(std::env::current_exe()?)?;
        Ok(self.value((about.len(), about.modified()?)))
    }

    /// Does the step unless its inputs are unchanged and all it makes is there. Says whether it did.
    pub(crate) fn step(self, makes: &[PathBuf], work: impl FnOnce() -> Result<()>) -> Result<bool> {
        let stamp = paths::target().join("xtask-stamps").join(self.name);
        let current = format!("{:016x}", self.hasher.finish());
        let unchanged = fs::read_to_string(&stamp).is_ok_and(|previous| previous == current);
        if unchanged && makes.iter().all(|path| path.exists()) {
            return Ok(false);
        }
        // Gone while the work is on, so that a failure half-way is not taken for done.
        let _ = fs::remove_file(&stamp);
        work()?;
        fs::create_dir_all(paths::target().join("xtask-stamps"))?;
        fs::write(stamp, current)?;
        Ok(true)
    }
}

/// Every file at or below a path, in a fixed order, without what npm installed.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() && path.file_name().is_none_or(|name| name != "node_modules") {
        let mut inside = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        inside.sort();
        for path in inside {
            files.extend(files_below(&path)?);
        }
    }
    Ok(files)
}
