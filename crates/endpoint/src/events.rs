//! Which events an endpoint is subscribed to: exact types, families such as `flight.*`, or `*` for all.

use alloc::format;
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{EndpointCode, EndpointError};

/// One entry of a subscription. In JSON it is the text.
///
/// ```
/// use countersign::endpoint::EventFilter;
/// assert!(EventFilter::from("flight.*").matches("flight.departed"));
/// assert!(!EventFilter::from("flight.*").matches("flights.departed"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventFilter(String);

impl EventFilter {
    /// Whether the entry names this event type.
    #[must_use]
    pub fn matches(&self, event_type: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some("") => true,
            // The dot stays, so that `flight.*` matches neither `flight` nor `flights.due`.
            Some(family) if family.ends_with('.') => event_type.len() > family.len() && event_type.starts_with(family),
            _ => self.0 == event_type,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_valid(&self) -> bool {
        let name = match self.0.strip_suffix('*') {
            Some("") => return true,
            Some(family) => family.strip_suffix('.').unwrap_or_default(),
            None => &self.0,
        };
        (1..=200).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() && b != b'*')
    }
}

impl From<&str> for EventFilter {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for EventFilter {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for EventFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(crate) fn problems(filters: &[EventFilter]) -> impl Iterator<Item = EndpointError> {
    let empty = filters.is_empty().then(|| EndpointError::new(EndpointCode::EventsEmpty).at("events"));
    let invalid = filters.iter().enumerate().filter(|(_, filter)| !filter.is_valid());
    empty
        .into_iter()
        .chain(invalid.map(|(at, _)| EndpointError::new(EndpointCode::EventInvalid).at(format!("events[{at}]"))))
}
