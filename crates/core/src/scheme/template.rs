//! Templates of signed content, taken apart.

/// A piece of the signed content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// This text.
    Literal(&'a str),
    /// The timestamp, as its header has it.
    Timestamp,
    /// The id, as its header has it.
    Id,
    /// The raw body.
    Body,
}

/// The most pieces a template may have; real providers use at most five.
pub const MAX_PIECES: usize = 8;

/// The pieces of a template, in order. Unknown placeholders stay literal text here;
/// [`Scheme::check`](super::Scheme::check) refuses them.
#[must_use]
pub const fn pieces(template: &str) -> Pieces<'_> {
    Pieces(template)
}

/// What is left of a template.
#[derive(Debug)]
pub struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    // Used in many places, never where speed counts.
    #[inline(never)]
    fn next(&mut self) -> Option<Piece<'a>> {
        for (text, piece) in [("{timestamp}", Piece::Timestamp), ("{id}", Piece::Id), ("{body}", Piece::Body)] {
            if let Some(rest) = self.0.strip_prefix(text) {
                self.0 = rest;
                return Some(piece);
            }
        }
        let mut ends = self.0.bytes().enumerate().skip(1).filter(|(_, byte)| *byte == b'{');
        let end = ends.next().map_or(self.0.len(), |(at, _)| at);
        let (literal, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!literal.is_empty()).then_some(Piece::Literal(literal))
    }
}

/// How often a template has this placeholder.
#[must_use]
#[inline(never)]
pub fn uses(template: &str, piece: Piece<'_>) -> usize {
    pieces(template).filter(|other| *other == piece).count()
}
