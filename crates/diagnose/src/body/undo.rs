//! Every mistake that can be undone by looking at the bytes alone.

use alloc::vec::Vec;

use crate::body::candidate::{Body, List, Told};
use crate::body::charset::charsets;
use crate::body::compression::compression;
use crate::body::encoded::{base64, encoded_text};
use crate::body::form::forms;
use crate::body::printed::byte_lists;
use crate::body::space::{leading_space, line_ends, marks};

/// The bodies in which one mistake is undone, the smallest mistake first. White space at the end is not among the
/// mistakes: the search tries it with every candidate.
pub(crate) fn undo(held: &[u8], told: Told) -> Vec<Body<'static>> {
    let mut list = List(Vec::new());
    marks(held, &mut list);
    line_ends(held, &mut list);
    leading_space(held, &mut list);
    compression(held, told, &mut list);
    base64(held, &mut list);
    encoded_text(held, &mut list);
    byte_lists(held, &mut list);
    charsets(held, &mut list);
    forms(held, told, &mut list);
    list.0
}
