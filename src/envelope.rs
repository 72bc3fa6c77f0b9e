//! How a sender's file declares its typed payload: an open enum with a variant for each documented event type.

use alloc::collections::BTreeMap;
use alloc::string::String;

/// The fields of an object that its type does not name. They are kept, and written back.
pub type Extra = BTreeMap<String, serde_json::Value>;

/// Declares `Payload`, its `EVENTS`, and how a body finds its variant: by the event type that the preset's shapes read.
/// Types that nobody has documented yet become `Other`.
macro_rules! payload {
    ($(#[$doc:meta])* { $($variant:ident($type:ty) = $($event:literal)|+;)* } other $other:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum Payload {
            $(#[doc = concat!($("`", $event, "` "),+)] $variant($type),)*
            /// Any other event type.
            Other($other),
        }

        pub(crate) const EVENTS: &[&str] = &[$($($event),+),*];

        impl<'de> serde::Deserialize<'de> for Payload {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let body = serde_json::Value::deserialize(deserializer)?;
                let parsed = match PRESET.names(&body).event_type.as_deref() {
                    $(Some($($event)|+) => serde_json::from_value(body).map(Self::$variant),)*
                    _ => serde_json::from_value(body).map(Self::Other),
                };
                parsed.map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use payload;
