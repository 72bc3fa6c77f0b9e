//! White space at the end of a body: what else may have stood there, and what the difference is called.

use alloc::vec::Vec;

use crate::finding::Finding;
use crate::json::read::{Read, read};
use crate::limits::Limits;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// White space at the end that is tried with every candidate, after the white space that it has.
const ENDS: &[&str] =
    &["", "\n", "\r\n", " ", "\n\n", "\t", "  ", "\r\n\r\n", "\r", " \n", "   ", "\n\n\n", "  \n", "    "];

/// So much white space may have been cut off where nothing says how much, …
const LIKELY_SPACE: usize = 6;

/// … and where the length does.
const MOST_SPACE: usize = 64;

/// The white space that is tried where the candidates are many.
pub(crate) const FEW_ENDS: &[&str] = &["", "\n"];

/// The mistakes that other white space at the end shows.
pub(crate) const OF_ENDS: [CauseCode; 5] = [
    CauseCode::BodyNewlineAdded,
    CauseCode::BodyNewlineLost,
    CauseCode::BodyLineEndings,
    CauseCode::BodyTrimmed,
    CauseCode::BodyPadded,
];

pub(crate) fn few_ends() -> Vec<Vec<u8>> {
    FEW_ENDS.iter().map(|end| Vec::from(*end)).collect()
}

/// The ends to try with a body in which one mistake was undone.
pub(crate) fn usual(held: &[u8], limits: Limits) -> Vec<Vec<u8>> {
    let mut ends: Vec<Vec<u8>> = ENDS.iter().map(|end| Vec::from(*end)).collect();
    if let Read::Incomplete(Some(closers)) = read(held, limits) {
        ends.extend(["", "\n"].map(|end| {
            [held.get(held.trim_ascii_end().len()..).unwrap_or_default(), &closers, end.as_bytes()].concat()
        }));
    }
    ends
}

/// The usual ends, and as much white space as the length on the wire leaves room for.
pub(crate) fn with_more_space(usual: &[Vec<u8>], held: &[u8], length: Option<usize>) -> Vec<Vec<u8>> {
    let lost = length.and_then(|length| length.checked_sub(held.trim_ascii_end().len()));
    let lost = lost.map_or(3..=LIKELY_SPACE, |lost| lost.max(3)..=lost.min(MOST_SPACE));
    let mut ends = usual.to_vec();
    for lost in lost {
        for &(space, last) in &[(b'\n', b'\n'), (b' ', b' '), (b' ', b'\n'), (b'\n', b' ')] {
            let mut end = alloc::vec![space; lost - 1];
            end.push(last);
            ends.push(end);
        }
        ends.push(b"\r\n".iter().copied().cycle().take(lost).collect());
    }
    ends
}

/// The mistake that turned the signed end into the end that we hold.
pub(crate) fn end_finding(held: &[u8], signed: &[u8]) -> Option<Finding> {
    let is_break = |text: &[u8]| matches!(text, b"\n" | b"\r\n" | b"\r");
    let breaks_only = |text: &[u8]| text.iter().all(|b| b"\r\n".contains(b));
    let name = |text: &[u8]| match text {
        b"\n" => "LF",
        b"\r\n" => "CRLF",
        b"\r" => "CR",
        _ => "white space",
    };
    if held == signed {
        return None;
    }
    if !signed.trim_ascii().is_empty() {
        let evidence = facts! { "missing_bytes": signed.len() - held.len(), "missing": "the closing brackets" };
        return Some(Finding::new(CauseCode::BodyTruncated, evidence));
    }
    if let Some(added) = held.strip_prefix(signed) {
        let code = if breaks_only(added) { CauseCode::BodyNewlineAdded } else { CauseCode::BodyPadded };
        return Some(Finding::new(code, facts! { "where": "end", "bytes": added.len(), "what": name(added) }));
    }
    if let Some(lost) = signed.strip_prefix(held) {
        let code = if is_break(lost) { CauseCode::BodyNewlineLost } else { CauseCode::BodyTrimmed };
        return Some(Finding::new(code, facts! { "where": "end", "bytes": lost.len(), "what": name(lost) }));
    }
    if breaks_only(held) && breaks_only(signed) {
        return Some(Finding::new(
            CauseCode::BodyLineEndings,
            facts! { "signed": name(signed), "received": name(held), "where": "end" },
        ));
    }
    Some(Finding::new(CauseCode::BodyTrimmed, facts! { "where": "end", "bytes": signed.len() }))
}
