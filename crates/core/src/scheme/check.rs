//! Whether a scheme contradicts itself.

use super::template::{MAX_PIECES, Piece, pieces, uses};
use super::{KeyFormat, Scheme};
use crate::crypto::Algorithm;
use crate::delivery::is_header_name;
use crate::error::{Contradiction, SchemeError};
use crate::time::TimestampFormat;

impl Scheme {
    /// Whether the scheme says one thing only. Presets always do.
    ///
    /// # Errors
    /// The sentence names the first contradiction.
    pub fn check(&self) -> Result<(), SchemeError> {
        self.contradiction().map_or(Ok(()), |found| Err(SchemeError(found)))
    }

    #[inline(never)]
    fn contradiction(&self) -> Option<Contradiction> {
        if !is_header_name(&self.signature.header) {
            return Some(Contradiction::SignatureHeader);
        }
        if self.id.as_ref().is_some_and(|id| !is_header_name(&id.header)) {
            return Some(Contradiction::IdHeader);
        }
        if let Some(time) = &self.timestamp {
            if time.header.is_empty() == time.field.is_empty() {
                return Some(Contradiction::TimestampSource);
            }
            if !time.header.is_empty() && !is_header_name(&time.header) {
                return Some(Contradiction::TimestampHeader);
            }
            if !time.field.is_empty() && self.signature.separator.is_empty() {
                return Some(Contradiction::FieldWithoutList);
            }
        }
        if !self.signature.separator.bytes().all(|b| matches!(b, b',' | b' ' | b';')) {
            return Some(Contradiction::Separator);
        }
        for template in [Some(&self.signed), self.signed_if_empty.as_ref()].into_iter().flatten() {
            let mut count = 0;
            let mut unknown = false;
            for piece in pieces(template) {
                count += 1;
                unknown |= matches!(piece, Piece::Literal(text) if text.bytes().any(|b| matches!(b, b'{' | b'}')));
            }
            if count > MAX_PIECES {
                return Some(Contradiction::TooManyPieces);
            }
            if unknown {
                return Some(Contradiction::UnknownPlaceholder);
            }
            if self.timestamp.is_none() && uses(template, Piece::Timestamp) > 0 {
                return Some(Contradiction::NoTimestamp);
            }
            if self.id.is_none() && uses(template, Piece::Id) > 0 {
                return Some(Contradiction::NoId);
            }
        }
        if uses(&self.signed, Piece::Body) != 1 {
            return Some(Contradiction::BodyNotOnce);
        }
        if let Some(template) = &self.signed_if_empty {
            let same = |piece| uses(template, piece) == uses(&self.signed, piece);
            if !same(Piece::Timestamp) || !same(Piece::Id) {
                return Some(Contradiction::EmptyDiffers);
            }
        }
        if self.id_runs_on() {
            return Some(Contradiction::IdAdjacent);
        }
        let asymmetric_key = self.key == KeyFormat::Ed25519;
        (asymmetric_key != (self.algorithm == Algorithm::Ed25519)).then_some(Contradiction::Ed25519Alone)
    }
}

impl Scheme {
    /// Whether an id could lend a part to its neighbour. ISO 8601 begins with a year of four digits, so it cannot.
    fn id_runs_on(&self) -> bool {
        let iso = self.timestamp.as_ref().is_some_and(|time| time.format == TimestampFormat::Iso8601);
        let mut previous = None;
        pieces(&self.signed).any(|piece| {
            let neighbours = (previous.replace(piece), piece);
            match neighbours {
                (Some(Piece::Id), Piece::Timestamp) => !iso,
                (Some(Piece::Id), Piece::Body | Piece::Id) | (Some(Piece::Body), Piece::Id) => true,
                _ => false,
            }
        })
    }
}
