//! Suites that cargo runs.

use super::count::{Count, Found};
use crate::run::{Outcome, Run};

pub(super) fn test(args: &[&str]) -> Found {
    Ok(read(&Run::cargo("test").args(args).outcome()?))
}

/// Reads lines like `test result: ok. 12 passed; 0 failed; …`, which wasm-bindgen's runner writes too.
pub(super) fn read(outcome: &Outcome) -> (Count, String) {
    let mut count = Count::default();
    for line in outcome.stdout.lines().filter(|line| line.starts_with("test result: ")) {
        count.passed += number_before(line, " passed");
        count.failed += number_before(line, " failed");
    }
    (count.at_least_one(outcome), outcome.output.clone())
}

fn number_before(line: &str, word: &str) -> u32 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
