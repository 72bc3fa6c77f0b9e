//! What happens to a body on its way, undone: from the bytes that we hold to those that may have been signed.

pub(crate) mod candidate;
pub(crate) mod charset;
pub(crate) mod compression;
pub(crate) mod encoded;
pub(crate) mod form;
pub(crate) mod lost;
pub(crate) mod printed;
pub(crate) mod space;
pub(crate) mod undo;
