//! Builder methods of settings that are `#[non_exhaustive]`.

/// Declares methods that set one field each: its name in Rust, the value given, and what is stored.
macro_rules! builder {
    ($type:ty { $($(#[$about:meta])+ $method:ident($value:ident: $given:ty) => $field:ident = $stored:expr;)+ }) => {
        impl $type {
            $($(#[$about])+
            #[must_use]
            pub fn $method(mut self, $value: $given) -> Self {
                self.$field = $stored;
                self
            })+
        }
    };
}
pub(crate) use builder;
