//! What a diagnosis says: plain data with stable words, safe to log and to show.

pub(crate) mod cause;
pub(crate) mod diagnosis;
pub(crate) mod facts;
pub(crate) mod frameworks;
pub(crate) mod summary;
pub(crate) mod untried;
