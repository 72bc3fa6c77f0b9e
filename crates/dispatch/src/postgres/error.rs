//! Errors of PostgreSQL, without the values in them.

use crate::error::DispatchError;

/// The server's message. Its detail may have values in it, and is thrown away.
pub(super) fn failed(error: tokio_postgres::Error) -> DispatchError {
    match error.as_db_error() {
        Some(refused) => DispatchError::store(&refused.message()),
        None => DispatchError::store(&error),
    }
}
