//! What a suite's outcome counts as.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;

use anyhow::Result;

use crate::run::Outcome;

/// What a step found, and what it said.
pub(super) type Found = Result<(Count, String)>;

/// How a step went. A step that only holds or not counts as one.
#[derive(Default, Clone, Copy)]
pub(super) struct Count {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Count {
    /// A run that broke off, or that ran nothing, has failed.
    pub(super) fn at_least_one(mut self, outcome: &Outcome) -> Self {
        if self.failed == 0 && (!outcome.ok || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl From<bool> for Count {
    fn from(ok: bool) -> Self {
        Self { passed: ok.into(), failed: (!ok).into() }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What tests left out, and what would have to be there: Rust's say it like this, Node's in TAP.
pub(super) fn left_out(said: &str) -> BTreeSet<String> {
    let from_line = |line: &str| {
        if line.starts_with("skipped: ") {
            return Some(line.to_owned());
        }
        let (test, why) = line.trim().strip_prefix("ok ")?.split_once(" # SKIP ")?;
        Some(format!("skipped: {}: {why}", test.split_once(" - ").map_or(test, |(_, name)| name)))
    };
    said.lines().filter_map(from_line).collect()
}
