//! Which texts can be an id, so that the signed content says where it ends.

use super::Scheme;
use super::template::{Piece, pieces};

impl Scheme {
    /// Whether a text can be an id: visible ASCII, and free of the characters that stand next to it in the signed content,
    /// since two different deliveries would otherwise have the same content. A comma would look like a header that is
    /// repeated.
    pub(crate) fn takes_id(&self, id: &str) -> bool {
        let mut forbidden = [b','; 3];
        let mut previous = None;
        let mut after_body = false;
        for piece in pieces(&self.signed) {
            match (previous, piece) {
                (Some(Piece::Id), Piece::Literal(text)) => forbidden[1] = text.bytes().next().unwrap_or(b','),
                // Before the body the place where an id begins is fixed; after it, only this text says where.
                (Some(Piece::Literal(text)), Piece::Id) if after_body => {
                    forbidden[2] = text.bytes().last().unwrap_or(b',')
                }
                _ => {}
            }
            after_body |= piece == Piece::Body;
            previous = Some(piece);
        }
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic() && forbidden.iter().all(|other| *other != byte))
    }
}
