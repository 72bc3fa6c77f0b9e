//! What arrived: the headers, and the body as the raw bytes that crossed the wire.

use alloc::vec::Vec;
use core::fmt;

use crate::error::Code;

/// The longest value of a header that is looked at, in bytes. Servers take less, and what providers write is shorter by far.
pub const LONGEST_HEADER: usize = 1 << 16;

/// One received delivery, borrowed: its headers, from any collection, and its raw body.
#[derive(Clone)]
pub struct Delivery<'a> {
    headers: Vec<(&'a [u8], &'a [u8])>,
    body: &'a [u8],
}

/// A header name with its value, as HTTP libraries hand them out. Only pairs are: a collection of your own iterates
/// over pairs.
pub trait HeaderPair<'a>: sealed::Pair {
    /// The pair as bytes.
    fn bytes(self) -> (&'a [u8], &'a [u8]);
}

impl<'a, N: AsRef<[u8]> + ?Sized, V: AsRef<[u8]> + ?Sized> HeaderPair<'a> for (&'a N, &'a V) {
    fn bytes(self) -> (&'a [u8], &'a [u8]) {
        (self.0.as_ref(), self.1.as_ref())
    }
}

impl<'a, N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderPair<'a> for &'a (N, V) {
    fn bytes(self) -> (&'a [u8], &'a [u8]) {
        (self.0.as_ref(), self.1.as_ref())
    }
}

mod sealed {
    /// Keeps [`HeaderPair`](super::HeaderPair) to what stands here, so that it can grow.
    pub trait Pair {}

    impl<N: ?Sized, V: ?Sized> Pair for (&N, &V) {}
    impl<N, V> Pair for &(N, V) {}
}

impl<'a> Delivery<'a> {
    /// A delivery from its headers (`&http::HeaderMap`, `&HashMap<String, String>`, a slice of pairs, …) and raw body.
    ///
    /// ```
    /// # use countersign::Delivery;
    /// let headers = [("X-Plane-Signature", "…")];
    /// let delivery = Delivery::new(&headers, b"{}");
    /// ```
    pub fn new<H>(headers: H, body: &'a (impl AsRef<[u8]> + ?Sized)) -> Self
    where
        H: IntoIterator,
        H::Item: HeaderPair<'a>,
    {
        Self { headers: headers.into_iter().map(HeaderPair::bytes).collect(), body: body.as_ref() }
    }

    /// From headers that are bytes already.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_pairs(headers: Vec<(&'a [u8], &'a [u8])>, body: &'a [u8]) -> Self {
        Self { headers, body }
    }

    /// The raw body.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Every value of a header, in any letter case of its name.
    #[doc(hidden)]
    pub fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let mut from = 0;
        core::iter::from_fn(move || self.value_from(name, &mut from))
    }

    // Headers are read in many places: inlined, this would be in the module as often.
    #[inline(never)]
    fn value_from(&self, name: &str, from: &mut usize) -> Option<&'a [u8]> {
        loop {
            let (known, value) = *self.headers.get(*from)?;
            *from += 1;
            if known.eq_ignore_ascii_case(name.as_bytes()) {
                return Some(value);
            }
        }
    }

    /// Every header, as it came.
    #[doc(hidden)]
    pub fn pairs(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.headers.iter().copied()
    }

    /// The value of a header that may be repeated only with the same value.
    #[doc(hidden)]
    pub fn value(&self, name: &str) -> Result<Option<&'a [u8]>, Code> {
        if self.values(name).any(|value| value.len() > LONGEST_HEADER) {
            return Err(Code::HeaderMalformed);
        }
        let mut values = self.values(name);
        let first = values.next();
        match values.all(|other| Some(other) == first) {
            true => Ok(first),
            false => Err(Code::HeaderConflict),
        }
    }

    /// The same as [`value`](Self::value) for a header whose value never contains a comma: repeats that an HTTP library
    /// has joined with commas are taken apart again, so that the answer does not depend on the library.
    #[doc(hidden)]
    pub fn plain_value(&self, name: &str) -> Result<Option<&'a [u8]>, Code> {
        let Some(value) = self.value(name)? else {
            return Ok(None);
        };
        unjoin(value).map(Some)
    }
}

/// Takes `a, a` apart into `a`.
///
/// # Errors
/// `header_conflict` for `a, b`.
pub fn unjoin(value: &[u8]) -> Result<&[u8], Code> {
    let mut parts = value.split(|byte| *byte == b',');
    let first = parts.next().unwrap_or_default();
    let after_comma = |part: &[u8]| part.strip_prefix(b" ").unwrap_or(part) == first;
    match parts.all(after_comma) {
        true => Ok(first),
        false => Err(Code::HeaderConflict),
    }
}

/// Whether a text is a header name (RFC 9110, 5.1).
#[must_use]
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        })
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers may hold signatures and the body may hold personal data: only how many and how long is shown.
        f.debug_struct("Delivery").field("headers", &self.headers.len()).field("body_bytes", &self.body.len()).finish()
    }
}
