//! When a provider sends again what was not accepted, as data for those who send in its manner.

/// What a provider's pages say about its retries.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// How long it waits.
    pub waits: Waits,
    /// How many attempts follow the first.
    pub most: u32,
    /// Whether no other status than 200 is success.
    pub only_200: bool,
}

/// The waits before the retries, in seconds.
#[derive(Clone, Copy, Debug)]
pub enum Waits {
    /// One after the other.
    Steps(&'static [u64]),
    /// The first; each later one is twice as long as the one before it.
    Doubling(u64),
}
