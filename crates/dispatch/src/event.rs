//! What a program hands over to be sent: an event, which becomes one delivery for each endpoint.

use core::fmt;

use crate::delivery::NewDelivery;
use crate::error::{DispatchCode, DispatchError};

/// Something that happened, for the endpoints that are subscribed to events of its type.
#[derive(Clone)]
pub struct OutgoingEvent {
    id: String,
    pub(crate) event_type: String,
    body: Vec<u8>,
}

impl OutgoingEvent {
    /// An event. The id is the same at every attempt and endpoint; enqueuing it again changes nothing.
    pub fn new(id: impl Into<String>, event_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { id: id.into(), event_type: event_type.into(), body: body.into() }
    }

    pub(crate) fn to(&self, endpoint_id: String, test: bool) -> NewDelivery {
        let Self { id, event_type, body } = self.clone();
        NewDelivery { event_id: id, endpoint_id, event_type, body, test }
    }

    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        let fits = |text: &str| (1..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits(&self.id) && fits(&self.event_type) {
            Ok(())
        } else {
            Err(DispatchError::new(DispatchCode::EventInvalid))
        }
    }
}

impl fmt::Debug for OutgoingEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingEvent")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}
