//! Which texts can be an id, so that the signed content says where it ends.

use super::Scheme;
use super::template::{Piece, pieces};

impl Scheme {
    /// Whether a text can be an id: visible ASCII, and free of the characters that stand next to it in the signed content,
    /// since two different deliveries would otherwise have the same content. A comma would look like a header that is
    /// repeated.
    pub(crate) fn takes_id(&self, id: &str) -> bool {
        let has = |byte: Option<u8>| byte.is_some_and(|byte| id.as_bytes().contains(&byte));
        let (mut previous, mut after_body, mut runs_on) = (None, false, false);
        for piece in pieces(&self.signed) {
            runs_on |= match (previous, piece) {
                (Some(Piece::Id), Piece::Literal(text)) => has(text.bytes().next()),
                // Before the body the place where an id begins is fixed; after it, only this text says where.
                (Some(Piece::Literal(text)), Piece::Id) if after_body => has(text.bytes().last()),
                _ => false,
            };
            after_body |= piece == Piece::Body;
            previous = Some(piece);
        }
        !id.is_empty() && !runs_on && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
    }
}
