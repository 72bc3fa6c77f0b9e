//! `Debug` of settings that keep fields which nobody here knows.

/// Writes `Debug` for settings: without `extra`, since nobody knows what is in it.
macro_rules! debug_without_extra {
    ($type:ident: $($field:ident),+) => {
        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))+.finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use debug_without_extra;
