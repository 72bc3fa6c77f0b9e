//! What happens to headers on their way, undone: names, prefixes, encodings, joins, timestamps.

pub(crate) mod said;
pub(crate) mod signatures;
pub(crate) mod times;
pub(crate) mod values;
