//! What a call says: a number, and beside it numbers and a text.

use alloc::vec::Vec;

use countersign_core::Code;

/// The answer to a call that was done. A refused delivery or secret is answered by the position of its [`Code`] in
/// [`Code::ALL`] plus one, and the rest by the numbers below.
pub const DONE: u32 = 0;

/// The slot holds no webhook of this stamp any more: prepare it again.
pub const STALE: u32 = 1000;

/// The scheme is not possible; the first number of the answer says why.
pub const BAD_SCHEME: u32 = 1001;

/// It cannot be signed; the first number of the answer says why.
pub const BAD_SIGNING: u32 = 1002;

/// The message cannot be read, which only a mistake in the other half can cause.
pub const BAD_MESSAGE: u32 = 1003;

/// How many numbers an answer has.
pub const NUMBERS: usize = 8;

/// The number that says how large the buffer is.
pub const ROOM: usize = 5;

/// The number that says where the buffer begins.
pub const START: usize = 6;

/// The number that says how many bytes of text the answer has.
pub const TEXT: usize = 7;

/// An answer in the making.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) text: Vec<u8>,
    pub(crate) numbers: [f64; NUMBERS],
}

/// A code as a number.
pub(crate) fn position(code: Code) -> u32 {
    Code::ALL.iter().position(|c| *c == code).map_or(BAD_MESSAGE, |at| at as u32 + 1)
}
