//! A mistake as it was found, and lists of these.

use alloc::vec::Vec;

use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;

/// A mistake as it was found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) code: CauseCode,
    pub(crate) evidence: Facts,
}

impl Finding {
    pub(crate) const fn new(code: CauseCode, evidence: Facts) -> Self {
        Self { code, evidence }
    }
}

/// These findings and one more.
#[inline(never)]
pub(crate) fn with(findings: &[Finding], more: Finding) -> Vec<Finding> {
    let mut all = findings.to_vec();
    all.push(more);
    all
}

/// Puts findings before those that are there.
#[inline(never)]
pub(crate) fn put_before(findings: &mut Vec<Finding>, before: &[Finding]) {
    let mut all = before.to_vec();
    all.append(findings);
    *findings = all;
}

/// The order in which to undo them.
pub(crate) fn in_turn(findings: Vec<Finding>) -> Vec<Finding> {
    by_rank(findings.into_iter().map(|finding| (usize::from(finding.code.turn()), finding)).collect())
}

/// One finding for each code, in the order in which to undo them.
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        match all.iter_mut().find(|known| known.code == finding.code) {
            Some(known) => known.evidence.extend(finding.evidence),
            None => all.push(finding),
        }
    }
    // A program that writes JSON anew writes its escapes anew as well.
    if all.iter().any(|finding| finding.code == CauseCode::BodyReserialized) {
        all.retain(|finding| finding.code != CauseCode::BodyUnicodeEscapes);
    }
    // A program that trims cuts off the last line break as well.
    if all.iter().any(|finding| finding.code == CauseCode::BodyTrimmed) {
        all.retain(|finding| finding.code != CauseCode::BodyNewlineLost);
    }
    if all.iter().any(|finding| finding.code == CauseCode::BodyPadded) {
        all.retain(|finding| finding.code != CauseCode::BodyNewlineAdded);
    }
    in_turn(all)
}
