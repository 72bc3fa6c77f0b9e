//! Every mistake that can be undone by looking at the bytes alone.

use alloc::vec::Vec;

use crate::body::candidate::{Body, List, Told};
use crate::body::charset::charsets;
use crate::body::compression::compression;
use crate::body::encoded::{base64, encoded_text};
use crate::body::form::forms;
use crate::body::printed::byte_lists;
use crate::body::space::{leading_space, line_ends, marks};
use crate::limits::Limits;
use crate::report::cause::CauseCode;

/// A look at the body for one kind of mistake.
struct Look {
    /// Its cost, in bytes that are hashed; `None` where the body is too large to be taken apart.
    cost: fn(&[u8], Limits) -> Option<usize>,
    /// The mistakes that it undoes.
    undoes: &'static [CauseCode],
    run: for<'h> fn(&'h [u8], Told, &mut List<'h>),
}

/// Every look, the smallest mistake first. White space at the end is not among the mistakes: the search tries it with
/// every candidate.
const LOOKS: &[Look] = &[
    Look {
        cost: |_, _| Some(0),
        undoes: &[CauseCode::BodyBomAdded, CauseCode::BodyBomLost],
        run: |held, _, list| marks(held, list),
    },
    Look {
        cost: |held, _| Some(held.len()),
        undoes: &[CauseCode::BodyLineEndings],
        run: |held, _, list| line_ends(held, list),
    },
    Look {
        cost: |_, _| Some(0),
        undoes: &[CauseCode::BodyPadded, CauseCode::BodyTrimmed],
        run: |held, _, list| leading_space(held, list),
    },
    Look { cost: |held, _| Some(held.len() / 4), undoes: &[CauseCode::BodyCompressed], run: compression },
    Look { cost: decoded, undoes: &[CauseCode::BodyBase64], run: |held, _, list| base64(held, list) },
    Look {
        cost: taken_apart,
        undoes: &[CauseCode::BodyDoubleEncoded, CauseCode::BodyReserialized],
        run: |held, _, list| encoded_text(held, list),
    },
    Look { cost: taken_apart, undoes: &[CauseCode::BodyReserialized], run: |held, _, list| byte_lists(held, list) },
    Look { cost: decoded_text, undoes: &[CauseCode::BodyCharset], run: |held, _, list| charsets(held, list) },
    Look { cost: taken_apart, undoes: &[CauseCode::BodyFormDecoded], run: forms },
];

/// The characters of the body are decoded and encoded, if there are others than ASCII.
const fn decoded_text(held: &[u8], _: Limits) -> Option<usize> {
    Some(if held.is_ascii() { 0 } else { 4 * held.len() })
}

/// The body is decoded, if all of its beginning can be: decoding takes constant time.
fn decoded(held: &[u8], _: Limits) -> Option<usize> {
    let encoded = held.iter().take(64).all(|b| b.is_ascii_alphanumeric() || b"+/-_=:;,\r\n".contains(b));
    Some(if encoded { 4 * held.len() } else { 0 })
}

/// The body is taken apart, or written several times.
const fn taken_apart(held: &[u8], limits: Limits) -> Option<usize> {
    if held.len() <= limits.json { Some(held.len()) } else { None }
}

/// The bodies in which one mistake is undone, and the mistakes that were not looked for, or whose bodies were too large.
/// `may_look` says whether the budget allows a look of that cost.
pub(crate) fn undo<'h>(
    held: &'h [u8],
    told: Told,
    limits: Limits,
    mut may_look: impl FnMut(usize) -> bool,
) -> (Vec<Body<'h>>, Vec<CauseCode>) {
    let mut list = List::new(limits);
    for look in LOOKS {
        if (look.cost)(held, limits).is_some_and(&mut may_look) {
            (look.run)(held, told, &mut list);
        } else {
            list.refused.extend_from_slice(look.undoes);
        }
    }
    (list.found, list.refused)
}
