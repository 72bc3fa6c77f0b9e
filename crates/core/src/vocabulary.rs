//! The closed vocabularies of schemes: each word once, for JSON, for digests and for sentences.

/// Declares an enum whose variants are words. What is none of them is refused with all of them, and is not quoted: people
/// put secrets where the form of a key belongs.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident of $part:literal { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word, as JSON has it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or_else(|| {
                    let words: alloc::vec::Vec<&str> = Self::ALL.iter().map(|one| one.as_str()).collect();
                    serde::de::Error::custom([$part, " must be one of ", &words.join(", "), "."].concat())
                })
            }
        }
    };
}
pub(crate) use vocabulary;
