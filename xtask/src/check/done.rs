//! How a check ends that does not fail.

pub(super) enum Done {
    Holds,
    /// Why, and what to do about it.
    LeftOut(String),
}
