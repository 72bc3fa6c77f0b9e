//! The fields of an object, taken one by one by the type that names them; what nobody takes is kept.
//!
//! Rule: a field is refused only where the type cannot do without it. One of another form stays with the fields that have no
//! type, as it was sent.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap};
use serde_json::{Map, Value};

use crate::difference::{Difference, NOTHING};
use crate::reader::Reader;

/// The fields of an object that its type does not name, and those whose value is of another form than the type says.
/// They are kept as they were sent, and written back.
pub type Extra = BTreeMap<String, Value>;

#[derive(Default)]
pub(crate) struct Fields {
    left: Extra,
    strict: bool,
}

impl Fields {
    /// A field that the type cannot do without.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Difference> {
        let found = self.left.get(name);
        let value = self.read(found.unwrap_or(&Value::Null)).map_err(|difference| match found {
            // What belongs there is known by now.
            None if difference.path.is_empty() => Difference { found: NOTHING.into(), ..difference }.in_field(name),
            _ => difference.in_field(name),
        })?;
        self.left.remove(name);
        Ok(value)
    }

    /// A field that may be missing, null, or of another form.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Difference> {
        let read = match self.left.get(name) {
            None => return Ok(None),
            Some(Value::Null) => Ok(None),
            Some(found) => self.read(found).map(Some),
        };
        match read {
            Ok(value) => {
                self.left.remove(name);
                Ok(value)
            }
            Err(difference) if self.strict => Err(difference.in_field(name)),
            Err(_) => Ok(None),
        }
    }

    /// An object in a field that may be missing, null, or of another form: an empty one then.
    pub(crate) fn always<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Difference> {
        self.optional(name)?.map_or_else(empty, Ok)
    }

    /// All that nobody has taken.
    #[allow(clippy::unnecessary_wraps)] // as `part` does
    pub(crate) fn rest(self) -> Result<Extra, Difference> {
        Ok(self.left)
    }

    /// A type that is part of this one: its fields are beside ours.
    pub(crate) fn part<T: DeserializeOwned>(self) -> Result<T, Difference> {
        let value = Value::Object(self.left.into_iter().collect());
        T::deserialize(Reader { value: &value, strict: self.strict })
    }

    fn read<T: DeserializeOwned>(&self, value: &Value) -> Result<T, Difference> {
        T::deserialize(Reader { value, strict: self.strict })
    }
}

/// A type of an object without a field.
pub(crate) fn empty<T: DeserializeOwned>() -> Result<T, Difference> {
    T::deserialize(Reader::new(&Value::Object(Map::new())))
}

/// Whether an object has no field.
pub(crate) fn is_empty(object: &impl Serialize) -> bool {
    matches!(serde_json::to_value(object), Ok(Value::Object(fields)) if fields.is_empty())
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let strict = !deserializer.is_human_readable();
        deserializer.deserialize_map(AnObject).map(|left| Self { left, strict })
    }
}

struct AnObject;

impl<'de> Visitor<'de> for AnObject {
    type Value = Extra;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extra, A::Error> {
        let mut fields = Extra::new();
        while let Some((name, value)) = map.next_entry()? {
            fields.insert(name, value);
        }
        Ok(fields)
    }
}

/// Whether a value is of a type that stands beside others: by what sets that type apart.
pub(crate) trait Tells {
    /// Whether it is.
    fn tells(value: &Value) -> bool;
}

impl<T> Tells for BTreeMap<String, T> {
    fn tells(value: &Value) -> bool {
        value.is_object()
    }
}

impl Tells for String {
    fn tells(value: &Value) -> bool {
        value.is_string()
    }
}

/// Whether a value is of this type.
pub(crate) fn fits<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(Reader::new(value)).is_ok()
}

/// A field, and whether a value is what it holds.
type Mark<'a> = (&'a str, fn(&Value) -> bool);

/// Whether a value is an object, and has the first of these fields, if there are any.
pub(crate) fn begins_with(value: &Value, fields: &[Mark<'_>]) -> bool {
    value
        .as_object()
        .is_some_and(|object| fields.first().is_none_or(|(name, fits)| object.get(*name).is_some_and(fits)))
}

/// An object whose fields can stand beside those of another.
pub(crate) trait Entries {
    /// Writes the fields.
    fn entries<Map: SerializeMap>(&self, map: &mut Map) -> Result<(), Map::Error>;
}

impl Entries for Extra {
    fn entries<Map: SerializeMap>(&self, map: &mut Map) -> Result<(), Map::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}
