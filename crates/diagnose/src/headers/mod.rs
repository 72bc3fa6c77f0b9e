//! What happens to headers on their way, undone: names, prefixes, encodings, joins, timestamps.

pub(crate) mod form;
pub(crate) mod pieces;
pub(crate) mod readings;
pub(crate) mod said;
pub(crate) mod signatures;
pub(crate) mod times;
pub(crate) mod values;
