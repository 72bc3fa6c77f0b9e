//! What a diagnosis may take: counted work and memory. There is no clock in it, so that the same delivery always gets the
//! same answer.

/// The work of effort 1. A unit is a byte that is hashed: about 4 ns in WebAssembly.
const WORK: usize = 16 << 20;

/// What may be held beside the body, where the body is smaller than that.
const MEMORY: usize = 1 << 20;

/// The longest JSON that is taken apart.
const JSON: usize = 256 << 10;

/// The most parts of a JSON text, such as keys, numbers and brackets. Each takes as much memory as a line of text.
const PARTS: usize = 1 << 15;

/// What a diagnosis may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// The work, in bytes that are hashed; other work is counted as so many bytes.
    pub(crate) work: usize,
    /// The bytes that may be written beside the body, in one text or in all that are kept.
    pub(crate) memory: usize,
    /// The longest JSON that is taken apart, …
    pub(crate) json: usize,
    /// … and the most parts of it.
    pub(crate) parts: usize,
}

impl Limits {
    /// The limits for a body of this length.
    pub(crate) const fn of(effort: u32, body: usize) -> Self {
        let effort = if effort == 0 { 1 } else { effort as usize };
        Self {
            work: WORK.saturating_mul(effort),
            memory: (if body > MEMORY { body } else { MEMORY }).saturating_mul(effort),
            json: JSON.saturating_mul(effort),
            parts: PARTS.saturating_mul(effort),
        }
    }
}

/// The limits for short texts, such as secrets.
pub(crate) const SHORT: Limits = Limits::of(1, 0);
