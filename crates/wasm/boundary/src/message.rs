//! Takes a message apart. Strings travel as a length (u32, little-endian) and bytes.
//!
//! What is cut off or not in the vocabulary reads as nothing, and so does all that follows; [`Reader::end`] then refuses
//! the message. One check at the end is a fifth of the code of one at every step.

use alloc::borrow::Cow;
use alloc::string::String;

use countersign_core::internal::crypto;

use crate::answer::BAD_MESSAGE;

/// What is left of a message.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(message: &'a [u8]) -> Self {
        Self { rest: message, broken: false }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn end(&self) -> Result<(), u32> {
        if self.broken { Err(BAD_MESSAGE) } else { Ok(()) }
    }

    #[inline(never)]
    fn take(&mut self, len: usize) -> &'a [u8] {
        match self.rest.split_at_checked(len) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => self.give_up(),
        }
    }

    fn give_up(&mut self) -> &'a [u8] {
        *self = Self { rest: &[], broken: true };
        &[]
    }

    #[inline(never)]
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let len = self.take(4).first_chunk().copied().unwrap_or_default();
        self.take(u32::from_le_bytes(len) as usize)
    }

    #[inline(never)]
    pub(crate) fn text(&mut self) -> &'a str {
        crypto::utf8(self.bytes()).unwrap_or_else(|| {
            self.give_up();
            ""
        })
    }

    #[inline(never)]
    pub(crate) fn owned(&mut self) -> Cow<'static, str> {
        Cow::Owned(String::from(self.text()))
    }

    /// A text, or nothing where it is empty.
    pub(crate) fn optional(&mut self) -> Option<Cow<'static, str>> {
        Some(self.owned()).filter(|text| !text.is_empty())
    }

    #[inline(never)]
    pub(crate) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn number(&mut self) -> f64 {
        f64::from_le_bytes(self.take(8).first_chunk().copied().unwrap_or_default())
    }

    /// Seconds; infinity switches off what they limit.
    #[inline(never)]
    pub(crate) fn limit(&mut self) -> Option<u64> {
        let seconds = self.number();
        seconds.is_finite().then_some(seconds as u64)
    }

    /// A word of a small vocabulary, by position.
    pub(crate) fn word<T: Copy>(&mut self, first: T, words: &[T]) -> T {
        let at = usize::from(self.byte());
        self.broken |= at >= words.len();
        words.get(at).copied().unwrap_or(first)
    }
}
