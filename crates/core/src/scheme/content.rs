//! The signed content of a delivery: the template of its scheme, filled in.

use super::Scheme;
use super::template::{MAX_PIECES, Piece, pieces};

impl Scheme {
    /// The parts whose concatenation is signed. They are borrowed, since joining them would copy the body.
    #[doc(hidden)]
    pub fn signed_content<'p, 'b>(
        &'b self,
        parts: &'p mut [&'b [u8]; MAX_PIECES],
        timestamp: &'b [u8],
        id: &'b str,
        body: &'b [u8],
    ) -> &'p [&'b [u8]] {
        let template = match &self.signed_if_empty {
            Some(template) if body.is_empty() => template,
            _ => &self.signed,
        };
        let mut count = 0;
        for (slot, piece) in parts.iter_mut().zip(pieces(template)) {
            *slot = match piece {
                Piece::Literal(text) => text.as_bytes(),
                Piece::Timestamp => timestamp,
                Piece::Id => id.as_bytes(),
                Piece::Body => body,
            };
            count += 1;
        }
        parts.get(..count).unwrap_or_default()
    }
}
