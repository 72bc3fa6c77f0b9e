//! Whether signed content says where each of its pieces ends, so that no two deliveries have the same.
//!
//! The body may hold any bytes. What stands before it must therefore show its end when it is read from the left, and what
//! stands after it when it is read from the right.

use alloc::vec::Vec;

use super::Scheme;
use super::template::{Piece, pieces};
use crate::error::Contradiction;
use crate::time::TimestampFormat;

impl Scheme {
    /// The first piece that could lend a part of itself to its neighbour, if there is one.
    pub(super) fn runs_on(&self) -> Option<Contradiction> {
        let all: Vec<Piece<'_>> = pieces(&self.signed).collect();
        let body = all.iter().position(|piece| *piece == Piece::Body)?;
        let problem = |(at, piece): (usize, &Piece<'_>)| {
            // The byte on the side of the body that is always the same.
            let end = match all.get(if at < body { at + 1 } else { at.checked_sub(1)? }) {
                Some(Piece::Literal(text)) if at < body => text.bytes().next(),
                Some(Piece::Literal(text)) => text.bytes().last(),
                _ => None,
            };
            match piece {
                // No id has that byte: see `takes_id`.
                Piece::Id if end.is_none() => Some(Contradiction::IdAdjacent),
                Piece::Timestamp if !self.time_shows_its_ends() && end.is_none_or(|byte| byte.is_ascii_digit()) => {
                    Some(Contradiction::TimeAdjacent)
                }
                _ => None,
            }
        };
        all.iter().enumerate().find_map(problem)
    }

    /// Whether no time that could be accepted is the beginning or the end of another one. ISO 8601 begins with a year and ends
    /// with a zone. Unix times of one window have the same number of digits, since none begins with a zero.
    fn time_shows_its_ends(&self) -> bool {
        self.timestamp.as_ref().is_some_and(|time| time.format == TimestampFormat::Iso8601)
            || (self.tolerance.past.is_some() && self.tolerance.future.is_some())
    }

    /// Whether a body could be signed as an empty one is. It could not where an empty one is signed as everything else is, nor
    /// where the content breaks off before the body would begin.
    pub(super) fn empty_looks_like_a_body(&self) -> bool {
        let Some(empty) = self.signed_if_empty.as_deref() else {
            return false;
        };
        let (before, after) = self.signed.split_once("{body}").unwrap_or_default();
        empty != [before, after].concat() && !before.starts_with(empty)
    }
}
