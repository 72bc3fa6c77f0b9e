//! The search: candidates in order of their number of mistakes, one MAC each, under a fixed budget.

pub(crate) mod choose;
pub(crate) mod ends;
pub(crate) mod engine;
pub(crate) mod inside;
pub(crate) mod json;
pub(crate) mod key_sets;
pub(crate) mod lost;
pub(crate) mod orders;
pub(crate) mod permute;
pub(crate) mod restyle;
pub(crate) mod rewrite;
pub(crate) mod stages;
