//! How a provider's file declares its typed payload: open enums, so that nothing a provider adds is ever an error.
//!
//! Rules: unknown event types, fields and words are kept; null and absent are the same; ids are text.
//! `cargo xtask generate` reads these declarations and writes the same types for TypeScript.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde_json::Value;

/// The fields of an object that its type does not name. They are kept, and written back.
pub type Extra = BTreeMap<String, Value>;

/// Declares `Payload`, its `EVENTS`, and how a body finds its variant: by the event type that the preset's shapes read.
/// An event type that is not listed becomes `Other`. So does one that is listed after `other`: it is documented, but
/// its payload has nothing that the type of `Other` does not have.
macro_rules! payload {
    ($(#[$doc:meta])* { $($variant:ident($type:ty) = $($event:literal)|+;)* } other $other:ty $(= $($listed:literal)|+)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)] // parsed once and matched at once: a box would only be in the way
        pub enum Payload {
            $(#[doc = concat!($("`", $event, "` "),+)] $variant($type),)*
            /// Any other event type.
            Other($other),
        }

        pub(crate) const EVENTS: &[&str] = &[$($($event,)+)* $($($listed),+)?];

        impl<'de> serde::Deserialize<'de> for Payload {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = |body: &serde_json::Value| match ABOUT.names(body).event_type.as_deref() {
                    $(Some($($event)|+) => <$type>::deserialize(body).map(Self::$variant),)*
                    Some(_) | None => <$other>::deserialize(body).map(Self::Other),
                };
                let body = serde_json::Value::deserialize(deserializer)?;
                // Most bodies fit as they are, and making numbers whole copies the body.
                read(&body).or_else(|_| read(&$crate::envelope::whole(body))).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use payload;

/// Declares an open set of words: any other text is kept as `Other`.
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "alloc::string::String", into = "alloc::string::String")]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $(#[$about])* $variant,)+
            /// Any other word, as sent.
            Other(alloc::string::String),
        }

        impl $name {
            /// The word as sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<alloc::string::String> for $name {
            fn from(text: alloc::string::String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(text),
                }
            }
        }

        impl From<$name> for alloc::string::String {
            fn from(word: $name) -> Self {
                word.as_str().into()
            }
        }
    };
}

/// Declares the type of a field that always holds this very text.
macro_rules! literal {
    ($(#[$doc:meta])* $name:ident = $text:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "alloc::string::String", into = "&'static str")]
        pub struct $name;

        impl TryFrom<alloc::string::String> for $name {
            type Error = &'static str;

            fn try_from(text: alloc::string::String) -> Result<Self, Self::Error> {
                if text == $text { Ok(Self) } else { Err(concat!("not ", $text)) }
            }
        }

        impl From<$name> for &'static str {
            fn from(_: $name) -> Self {
                $text
            }
        }
    };
}
pub(crate) use literal;

/// The same JSON with `1.0` written as `1`: JavaScript cannot tell them apart, so both count as whole numbers here too.
pub(crate) fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            #[allow(clippy::cast_possible_truncation)]
            Some(float) if number.is_f64() && float % 1.0 == 0.0 && (-EDGE..EDGE).contains(&float) => {
                Value::from(float as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, whole(field))).collect(),
        other => other,
    }
}

/// Where `i64` ends: 2^63.
const EDGE: f64 = 9_223_372_036_854_775_808.0;
