//! The arguments of a call, by name.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_endpoint::EndpointCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::problem::Problem;

pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(super) const fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// One that is not there is null.
    pub(super) fn take(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map(Value::take).unwrap_or_default()
    }

    /// Settings are told where they are malformed by their type in TypeScript; their JSON nobody has seen.
    #[inline(never)]
    pub(super) fn read<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Problem> {
        serde_json::from_value(self.take(name)).map_err(|_| Problem::new(EndpointCode::Malformed, ""))
    }

    pub(super) fn object(&mut self, name: &str) -> Self {
        match self.take(name) {
            Value::Object(fields) => Self(fields),
            _ => Self(Map::new()),
        }
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Value::Array(items) => items,
            _ => Vec::new(),
        }
    }

    /// One that is there has to be a whole number in the range of the type.
    pub(super) fn number<T: TryFrom<i64>>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        match self.take(name) {
            Value::Null => Ok(None),
            value => match value.as_i64().map(T::try_from) {
                Some(Ok(number)) => Ok(Some(number)),
                _ => Err(Problem::new(EndpointCode::Malformed, name)),
            },
        }
    }

    pub(super) fn needed<T: TryFrom<i64>>(&mut self, name: &str) -> Result<T, Problem> {
        self.number(name)?.ok_or_else(|| Problem::new(EndpointCode::Malformed, name))
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }
}
