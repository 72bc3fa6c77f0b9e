//! Where a signed body says what happened: the shapes of a provider's bodies, and the paths of a scheme of your own.

use alloc::borrow::Cow;
use alloc::string::String;

use serde_json::Value;

use crate::scheme::EventPaths;

/// The bodies that have certain fields, and where they say what happened.
#[derive(Debug)]
pub struct Shape {
    /// The fields that the body must have, and what each must be.
    pub requires: &'static [(&'static str, Is)],
    /// The event type, joined from these parts.
    pub event_type: &'static [Part],
    /// The fields that may hold the event's id; the first string counts.
    pub id: &'static [&'static str],
}

/// What a field must be.
#[derive(Clone, Copy, Debug)]
pub enum Is {
    /// There, even if null.
    Present,
    /// A string.
    Text,
    /// An object.
    Object,
    /// This very string.
    Exactly(&'static str),
}

/// A part of an event type.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// This text.
    Literal(&'static str),
    /// The string in this field.
    Field(&'static str),
    /// The string in this field, with older words replaced by today's.
    Renamed(&'static str, &'static [(&'static str, &'static str)]),
}

/// The event type and the id that a signed body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) event_type: Option<String>,
    pub(crate) id: Option<String>,
}

impl Shape {
    /// The event type and the id that a body says; `None` if it is not of this shape.
    pub(crate) fn names(&self, body: &Value) -> Option<Names> {
        let body = body.as_object()?;
        let fits = self.requires.iter().all(|(field, is)| match (is, body.get(*field)) {
            (Is::Present, value) => value.is_some(),
            (Is::Text, Some(Value::String(_))) | (Is::Object, Some(Value::Object(_))) => true,
            (Is::Exactly(text), Some(Value::String(value))) => value == text,
            _ => false,
        });
        if !fits {
            return None;
        }
        let mut event_type = Some(String::new());
        for part in self.event_type {
            let text = match part {
                Part::Literal(text) => Some(*text),
                Part::Field(field) => body.get(*field).and_then(Value::as_str),
                Part::Renamed(field, renames) => body
                    .get(*field)
                    .and_then(Value::as_str)
                    .map(|sent| renames.iter().find(|(old, _)| *old == sent).map_or(sent, |(_, new)| *new)),
            };
            match (&mut event_type, text) {
                (Some(name), Some(text)) => name.push_str(text),
                _ => event_type = None,
            }
        }
        Some(Names {
            event_type: event_type.filter(|name| !name.is_empty()),
            id: self.id.iter().find_map(|field| body.get(*field).and_then(text_of)),
        })
    }
}

impl EventPaths {
    pub(crate) fn names(&self, body: &Value) -> Names {
        let at = |path: &Option<_>| {
            let path: &Cow<'static, str> = path.as_ref()?;
            text_of(path.split('.').try_fold(body, |value, key| value.get(key))?)
        };
        Names { event_type: at(&self.event_type), id: at(&self.id) }
    }
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(String::from)
}
