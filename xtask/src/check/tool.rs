//! Tools that a machine may lack, and how each is asked whether it is there.

use super::done::Done;
use crate::run::Run;

/// A tool: whose it is, its name, and the command that installs it.
pub(super) struct Tool<'t> {
    of: Of<'t>,
    install: &'t str,
}

enum Of<'t> {
    /// A subcommand of the cargo in use.
    Cargo(&'t str),
    /// A subcommand of the nightly cargo.
    Nightly(&'t str),
    /// A Rust toolchain that rustup keeps.
    Rust(&'t str),
}

impl<'t> Tool<'t> {
    pub(super) const fn cargo(name: &'t str, install: &'t str) -> Self {
        Self { of: Of::Cargo(name), install }
    }

    pub(super) const fn nightly(name: &'t str, install: &'t str) -> Self {
        Self { of: Of::Nightly(name), install }
    }

    pub(super) const fn rust(toolchain: &'t str, install: &'t str) -> Self {
        Self { of: Of::Rust(toolchain), install }
    }

    /// What the check that needs it says where it is missing.
    pub(super) fn missing(&self) -> Option<Done> {
        let (ask, name) = match self.of {
            Of::Cargo(name) => (Run::plain_cargo().args([name, "--version"]), format!("cargo {name}")),
            Of::Nightly(name) => (Run::rust("nightly", name).arg("--version"), format!("cargo +nightly {name}")),
            Of::Rust(toolchain) => (Run::rust(toolchain, "--version"), format!("Rust {toolchain}")),
        };
        let there = ask.outcome().is_ok_and(|outcome| outcome.ok);
        (!there).then(|| Done::LeftOut(format!("{name} is not installed: {}", self.install)))
    }
}
