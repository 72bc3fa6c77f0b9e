//! How a provider's file declares its typed payload: open enums, so that nothing a provider adds is ever an error.
//!
//! Rules: an object requires only what its types need to narrow; every other field may be missing, null, or of another
//! form, and is then in `extra` as it was sent. Unknown event types, fields and words are kept; null and absent are the
//! same; ids are text.
//! `cargo xtask generate` reads these declarations and writes the same types for TypeScript.

/// Declares an object. Fields under `required` are refused where they are missing or of another form; those under `always`
/// hold objects, which are empty where no object was sent; all others are optional. `part` is an object whose fields stand
/// beside these; without one, what nobody names is in `extra`. The first field under `required` tells the object from
/// others.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident $(<$parameter:ident>)? {
        $(#[$part_doc:meta])* part $part:ident: $whole:ty;
        $($fields:tt)*
    }) => {
        $crate::envelope::object! {
            @declare $(#[$doc])* $name $(<$parameter>)? { $($fields)* } rest $(#[$part_doc])* $part: $whole, part
        }
    };
    ($(#[$doc:meta])* $name:ident $(<$parameter:ident>)? { $($fields:tt)* }) => {
        $crate::envelope::object! {
            @declare $(#[$doc])* $name $(<$parameter>)? { $($fields)* }
            rest
            /// Every other field, and those of another form than their type here.
            extra: $crate::fields::Extra, rest
        }
    };
    (@declare $(#[$doc:meta])* $name:ident $(<$parameter:ident>)? {
        $(required { $($(#[$required_doc:meta])* $required:ident $(as $required_key:literal)?: $required_type:ty,)+ })?
        $(always { $($(#[$always_doc:meta])* $always:ident $(as $always_key:literal)?: $always_type:ty,)+ })?
        $(optional { $($(#[$optional_doc:meta])* $optional:ident $(as $optional_key:literal)?: $optional_type:ty,)+ })?
    } rest $(#[$rest_doc:meta])* $rest:ident: $rest_type:ty, $take:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name $(<$parameter>)? {
            $($($(#[$required_doc])* pub $required: $required_type,)+)?
            $($($(#[$always_doc])* pub $always: $always_type,)+)?
            $($($(#[$optional_doc])* pub $optional: Option<$optional_type>,)+)?
            $(#[$rest_doc])*
            pub $rest: $rest_type,
        }

        impl<'de $(, $parameter: serde::de::DeserializeOwned)?> serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<Input: serde::Deserializer<'de>>(input: Input) -> Result<Self, Input::Error> {
                #[allow(unused_mut)] // an object may name no field
                let mut fields = $crate::fields::Fields::deserialize(input)?;
                let mut read = || {
                    Ok(Self {
                        $($($required: fields.required($crate::envelope::object!(@key $required $($required_key)?))?,)+)?
                        $($($always: fields.always($crate::envelope::object!(@key $always $($always_key)?))?,)+)?
                        $($($optional: fields.optional($crate::envelope::object!(@key $optional $($optional_key)?))?,)+)?
                        $rest: core::mem::take(&mut fields).$take()?,
                    })
                };
                read().map_err(|difference: $crate::difference::Difference| serde::de::Error::custom(difference))
            }
        }

        impl<$($parameter: serde::Serialize)?> $crate::fields::Entries
            for $name $(<$parameter>)?
        {
            fn entries<Map: serde::ser::SerializeMap>(&self, map: &mut Map) -> Result<(), Map::Error> {
                $($(map.serialize_entry($crate::envelope::object!(@key $required $($required_key)?), &self.$required)?;)+)?
                $($(if !$crate::fields::is_empty(&self.$always) {
                    map.serialize_entry($crate::envelope::object!(@key $always $($always_key)?), &self.$always)?;
                })+)?
                $($(if let Some(value) = &self.$optional {
                    map.serialize_entry($crate::envelope::object!(@key $optional $($optional_key)?), value)?;
                })+)?
                self.$rest.entries(map)
            }
        }

        impl<$($parameter: serde::Serialize)?> serde::Serialize
            for $name $(<$parameter>)?
        {
            fn serialize<Output: serde::Serializer>(&self, output: Output) -> Result<Output::Ok, Output::Error> {
                let mut map = output.serialize_map(None)?;
                $crate::fields::Entries::entries(self, &mut map)?;
                serde::ser::SerializeMap::end(map)
            }
        }

        impl<$($parameter: serde::de::DeserializeOwned)?> $crate::fields::Tells for $name $(<$parameter>)? {
            fn tells(value: &serde_json::Value) -> bool {
                $crate::fields::begins_with(value, &[$($((
                    $crate::envelope::object!(@key $required $($required_key)?),
                    $crate::fields::fits::<$required_type> as fn(&serde_json::Value) -> bool,
                ),)+)?])
            }
        }
    };
    (@key $name:ident) => { stringify!($name).trim_start_matches("r#") };
    (@key $name:ident $key:literal) => { $key };
}
pub(crate) use object;

/// Declares a value of one of several types. The first whose own mark the value has is its type; else it is the last.
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident $(<$parameter:ident>)? {
        $($(#[$about:meta])* $variant:ident($type:ty),)+
    } else {
        $(#[$last_about:meta])* $last:ident($last_type:ty),
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum $name $(<$parameter>)? {
            $($(#[$about])* $variant($type),)+
            $(#[$last_about])* $last($last_type),
        }

        impl<'de $(, $parameter: serde::de::DeserializeOwned)?> serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<Input: serde::Deserializer<'de>>(input: Input) -> Result<Self, Input::Error> {
                let strict = !input.is_human_readable();
                let value = &serde_json::Value::deserialize(input)?;
                let reader = $crate::reader::Reader { value, strict };
                $(if <$type as $crate::fields::Tells>::tells(value) {
                    return <$type>::deserialize(reader).map(Self::$variant).map_err(serde::de::Error::custom);
                })+
                <$last_type>::deserialize(reader).map(Self::$last).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use one_of;

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
                let strict = !deserializer.is_human_readable();
                let value = &serde_json::Value::deserialize(deserializer)?;
                let reader = $crate::reader::Reader { value, strict };
                match ABOUT.names(value).event_type.as_deref() {
                    $(Some($($event)|+) => <$type>::deserialize(reader).map(Self::$variant),)*
                    Some(_) | None => <$other>::deserialize(reader).map(Self::Other),
                }
                .map_err(serde::de::Error::custom)
            }
        }

        /// What the first field of another form is, where the body has one.
        pub(crate) fn difference(body: &serde_json::Value) -> Option<$crate::difference::Difference> {
            let reader = |strict| $crate::reader::Reader { value: body, strict };
            let read = |strict| <Payload as serde::Deserialize>::deserialize(reader(strict)).err();
            read(false).or_else(|| read(true))
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
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(into = "&'static str")]
        pub struct $name;

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<Input: serde::Deserializer<'de>>(input: Input) -> Result<Self, Input::Error> {
                let found = serde_json::Value::deserialize(input)?;
                if found == $text {
                    return Ok(Self);
                }
                Err($crate::difference::other(&found, concat!("the text ", $text)))
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
