//! Values that stay out of the log of tokio-postgres.

use core::error::Error;
use core::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value that tokio-postgres does not write to its own log, as it does with all others.
pub(super) struct Unlogged<T>(pub(super) T);

impl<T> fmt::Debug for Unlogged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<T: ToSql> ToSql for Unlogged<T> {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql(column, out)
    }

    fn accepts(column: &Type) -> bool {
        T::accepts(column)
    }

    to_sql_checked!();
}
