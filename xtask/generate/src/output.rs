//! A file that this program writes.

use std::path::PathBuf;

/// Where it is, and what is in it.
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl Output {
    pub(crate) fn new(path: PathBuf, text: impl Into<String>) -> Self {
        Self { path, text: text.into() }
    }

    /// Whether the file has this very text already.
    pub(crate) fn is_written(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|text| text == self.text)
    }
}
