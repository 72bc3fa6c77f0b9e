//! How a check that did not fail ended.

pub(super) enum Done {
    Holds,
    /// Why, and what to do about it.
    LeftOut(String),
}
