//! Where a body is not what a type says, and what was found there. Never quotes a value: it may be personal, or secret.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Error, Expected, Unexpected};
use serde_json::Value;

/// A place in a body where something else was found than the type says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place, such as `data.object.amount` or `data.to[0]`; empty for the body itself.
    pub(crate) path: String,
    /// What was found there, such as `a text`; empty until the value there is known.
    pub(crate) found: Cow<'static, str>,
    /// What the type says, such as `a number`; empty where all that is known is that it did not take the value.
    pub(crate) expected: Cow<'static, str>,
}

/// What was found where a field is missing.
pub(crate) const NOTHING: &str = "nothing";

impl Difference {
    /// The place, such as `data.object.amount` or `data.to[0]`; empty for the body itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was found there, such as `a text`.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What the type says, such as `a number`.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    fn new(found: impl Into<Cow<'static, str>>, expected: impl Into<Cow<'static, str>>) -> Self {
        Self { path: String::new(), found: found.into(), expected: expected.into() }
    }

    /// The same, seen from the object that has the place in this field.
    pub(crate) fn in_field(self, name: &str) -> Self {
        let name = if is_plain(name) { name } else { "*" };
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("{name}{dot}{}", self.path), ..self }
    }

    /// The same, seen from the list that has the place in this item.
    pub(crate) fn in_item(self, at: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("[{at}]{dot}{}", self.path), ..self }
    }

    /// The same, of this value, where that is not known yet.
    pub(crate) fn of(mut self, value: &Value) -> Self {
        if self.found.is_empty() {
            self.found = kind(value).into();
        }
        self
    }

    /// What [`fmt::Display`] wrote, where that is what the text is.
    fn read(text: &str) -> Option<Self> {
        let (path, rest) = text.split_once(": ")?;
        let (found, expected) = rest.strip_suffix(" belongs")?.split_once(" where ")?;
        let path = if path == BODY { "" } else { path };
        Some(Self { path: path.into(), ..Self::new(found.to_string(), expected.to_string()) })
    }
}

/// The body itself, as a place.
const BODY: &str = "the body";

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, found, expected } = self;
        let path = if path.is_empty() { BODY } else { path };
        match (found.as_ref(), expected.as_ref()) {
            (NOTHING, "") => write!(f, "{path}: nothing where a value belongs"),
            (found, "") => write!(f, "{path}: {found} that its type does not take"),
            (found, expected) => write!(f, "{path}: {found} where {expected} belongs"),
        }
    }
}

impl core::error::Error for Difference {}

impl Error for Difference {
    /// A type of ours that holds another hands over its finding as a text, which is all that serde lets through. Any
    /// other text may quote the value, and is dropped.
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::read(&text.to_string()).unwrap_or_else(|| Self::new("", ""))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = in_words(expected.to_string());
        Self::new(
            match found {
                Unexpected::Float(number) if expected == "a whole number" && number % 1.0 != 0.0 => {
                    "a number with a fraction"
                }
                Unexpected::Float(_) | Unexpected::Unsigned(_) if expected == "a whole number" => {
                    "a number beyond 64 bits"
                }
                Unexpected::Float(_) | Unexpected::Signed(_) | Unexpected::Unsigned(_) => "a number",
                Unexpected::Bool(_) => TRUE_OR_FALSE,
                Unexpected::Str(_) | Unexpected::Char(_) => "a text",
                Unexpected::Unit | Unexpected::Option => "null",
                Unexpected::Seq => "a list",
                Unexpected::Map => "an object",
                _ => "",
            },
            expected,
        )
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Str(_) => Self::new("another text", in_words(expected.to_string())),
            other => Self::invalid_type(other, expected),
        }
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("another text", "a word that its type knows")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("a field", "no other field")
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(NOTHING, "").in_field(name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new("", "").in_field(name)
    }
}

/// The error that this value is another than a type says; it quotes nothing.
pub(crate) fn other<E: Error>(value: &Value, expected: &str) -> E {
    match value {
        Value::Null => E::invalid_type(Unexpected::Unit, &expected),
        Value::Bool(value) => E::invalid_type(Unexpected::Bool(*value), &expected),
        Value::Number(_) => E::invalid_type(Unexpected::Float(0.0), &expected),
        Value::String(_) => E::invalid_value(Unexpected::Str(""), &expected),
        Value::Array(_) => E::invalid_type(Unexpected::Seq, &expected),
        Value::Object(_) => E::invalid_type(Unexpected::Map, &expected),
    }
}

const TRUE_OR_FALSE: &str = "true or false";

/// What kind of value it is.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => TRUE_OR_FALSE,
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What serde's own types say of themselves, in the words of JSON.
fn in_words(expected: String) -> Cow<'static, str> {
    match expected.as_str() {
        "a string" | "a character" => "a text",
        "a boolean" => TRUE_OR_FALSE,
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => {
            "a whole number"
        }
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        text if text.starts_with("struct ") => "an object",
        _ => return expected.into(),
    }
    .into()
}

/// Whether a name is short and of the usual form. Keys of other forms are often data: an address, a name of a person.
fn is_plain(name: &str) -> bool {
    name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}
