//! What happens to a secret between the provider's page and this program, undone.

pub(crate) mod certain;
pub(crate) mod keys;
pub(crate) mod spellings;
