//! Whether a scheme contradicts itself.

use core::time::Duration;

use super::paths::problem;
use super::template::{MAX_PIECES, Piece, pieces, uses};
use super::{KeyFormat, Scheme};
use crate::crypto::Algorithm;
use crate::delivery::is_header_name;
use crate::error::{Contradiction, SchemeError};

/// The longest window. What is longer is milliseconds that somebody took for seconds; no known provider needs more.
const LONGEST_TOLERANCE: Duration = Duration::from_secs(86_400);

/// The longest time in which a provider may still retry, likewise.
const LONGEST_RETRY_HORIZON: Duration = Duration::from_secs(366 * 86_400);

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
        if !self.has_good_name() {
            return Some(Contradiction::Name);
        }
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
            if time.field.contains(['=', ',', ';', ' ']) {
                return Some(Contradiction::FieldName);
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
            if template.contains("${") {
                return Some(Contradiction::PlaceholderOfOtherLanguage);
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
        if self.empty_looks_like_a_body() {
            return Some(Contradiction::EmptyLikeBody);
        }
        if self.adjacent.as_deref().is_some_and(|reason| reason.trim().is_empty()) {
            return Some(Contradiction::AdjacentWhy);
        }
        if self.adjacent.is_none()
            && let Some(found) = self.runs_on()
        {
            return Some(found);
        }
        if [self.tolerance.past, self.tolerance.future].into_iter().flatten().any(|side| side > LONGEST_TOLERANCE) {
            return Some(Contradiction::ToleranceTooLong);
        }
        if self.retry_horizon.is_some_and(|length| length > LONGEST_RETRY_HORIZON) {
            return Some(Contradiction::HorizonTooLong);
        }
        if let Some(found) =
            [&self.event.event_type, &self.event.id].into_iter().flatten().find_map(|path| problem(path))
        {
            return Some(found);
        }
        let asymmetric_key = self.key == KeyFormat::Ed25519;
        (asymmetric_key != (self.algorithm == Algorithm::Ed25519)).then_some(Contradiction::Ed25519Alone)
    }
}
