//! Which setting of retries or pauses is out of its limits.

use core::fmt;

/// A setting of retries or pauses that is out of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryError {
    field: &'static str,
    sentence: &'static str,
}

impl RetryError {
    pub(super) const fn new(field: &'static str, sentence: &'static str) -> Self {
        Self { field, sentence }
    }

    /// The setting, such as `retry.schedule`.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// What the setting must be, as one sentence.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        self.sentence
    }
}

impl fmt::Display for RetryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.sentence)
    }
}

impl core::error::Error for RetryError {}
