//! JSON as text: taken apart, and written again as other programs write it.

pub(crate) mod decimal;
pub(crate) mod document;
pub(crate) mod double;
pub(crate) mod notation;
pub(crate) mod numbers;
pub(crate) mod read;
pub(crate) mod style;
pub(crate) mod units;
pub(crate) mod write;
