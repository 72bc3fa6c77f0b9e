//! JSON that is read already, as something that types are read from: a failure says where it is, and quotes nothing.
//!
//! Rule: `1.0` is a whole number, as in JavaScript, which cannot tell it from `1`.

use core::slice;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Number, Value, map};

use crate::difference::Difference;

/// A value to read a type from.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) value: &'a Value,
    /// Whether an optional field of another form is a failure, instead of being kept with the fields that have no type.
    pub(crate) strict: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(value: &'a Value) -> Self {
        Self { value, strict: false }
    }

    fn inner(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }

    fn whole<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Difference> {
        match self.value {
            Value::Number(number) => match whole(number) {
                Some(whole) => visitor.visit_i64(whole),
                None => self.deserialize_any(visitor),
            },
            _ => self.deserialize_any(visitor),
        }
    }
}

/// A number with a point that is whole.
fn whole(number: &Number) -> Option<i64> {
    /// Where `i64` ends: 2^63.
    const EDGE: f64 = 9_223_372_036_854_775_808.0;
    let float = number.as_f64().filter(|_| number.is_f64())?;
    #[allow(clippy::cast_possible_truncation)] // it is whole, and between the ends
    (float % 1.0 == 0.0 && (-EDGE..EDGE).contains(&float)).then_some(float as i64)
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Difference;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => visitor.visit_unit(),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items { of: self, items: items.iter(), at: 0 }),
            Value::Object(fields) => visitor.visit_map(Members { of: self, fields: fields.iter(), next: None }),
        }
        .map_err(|difference| difference.of(self.value))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Difference> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Difference> {
        match self.value {
            Value::String(word) => visitor.visit_enum(StrDeserializer::new(word)),
            Value::Object(fields) if fields.len() == 1 => match fields.iter().next() {
                Some((word, value)) => visitor.visit_enum(Variant { word, value: self.inner(value) }),
                None => self.deserialize_any(visitor),
            },
            _ => self.deserialize_any(visitor),
        }
        .map_err(|difference| difference.of(self.value))
    }

    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Difference> {
        self.whole(visitor)
    }

    /// serde has one flag that a type can ask about: no flag of its own could reach the types of ours that are read
    /// inside other types.
    fn is_human_readable(&self) -> bool {
        !self.strict
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// The items of a list.
struct Items<'de> {
    of: Reader<'de>,
    items: slice::Iter<'de, Value>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Difference;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Difference> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(self.of.inner(item)).map(Some).map_err(|difference| difference.of(item).in_item(at))
    }
}

/// The fields of an object.
struct Members<'de> {
    of: Reader<'de>,
    fields: map::Iter<'de>,
    next: Option<(&'de str, &'de Value)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Difference;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Difference> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.next = Some((name, value));
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Difference> {
        let (name, value) = self.next.take().unwrap_or(("", &Value::Null));
        seed.deserialize(self.of.inner(value)).map_err(|difference| difference.of(value).in_field(name))
    }
}

/// `{"word": value}`.
struct Variant<'de> {
    word: &'de str,
    value: Reader<'de>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Difference;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Difference> {
        seed.deserialize(self.word.into_deserializer()).map(|word| (word, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Difference;

    fn unit_variant(self) -> Result<(), Difference> {
        serde::Deserialize::deserialize(self.value).map_err(|difference: Difference| difference.in_field(self.word))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Difference> {
        seed.deserialize(self.value).map_err(|difference| difference.in_field(self.word))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Difference> {
        self.value.deserialize_any(visitor).map_err(|difference| difference.in_field(self.word))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Difference> {
        self.value.deserialize_any(visitor).map_err(|difference| difference.in_field(self.word))
    }
}
