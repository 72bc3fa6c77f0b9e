//! What can be asked of a delivery log: the filters and limits that the management APIs and our own log share.

use alloc::string::String;

use countersign_core::UnixTime;
use countersign_core::internal::words;

use crate::builder::builder;
use crate::error::{EndpointCode, EndpointError};

words! {
    /// Where a delivery stands.
    DeliveryStatus {
        /// Waiting for its first attempt or the next one.
        Pending = "pending";
        /// A receiver accepted it.
        Success = "success";
        /// Given up: a dead letter.
        Failed = "failed";
    }
}

/// Which deliveries to list. An empty filter means the newest 50.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogFilter {
    /// Those to this endpoint.
    pub webhook_id: Option<String>,
    /// Those of this event type.
    pub event_type: Option<String>,
    /// Those with this status.
    pub status: Option<DeliveryStatus>,
    /// Those from this second on.
    pub date_from: Option<UnixTime>,
    /// Those up to this second.
    pub date_to: Option<UnixTime>,
    /// How many: 1 to 100, 50 where none is given.
    pub limit: Option<i64>,
    /// How many of the newest to leave out.
    pub offset: Option<i64>,
}

impl LogFilter {
    /// The limit where none is given.
    pub const DEFAULT_LIMIT: i64 = 50;
    /// The highest limit.
    pub const MAX_LIMIT: i64 = 100;

    /// The newest 50.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the filter is within its limits.
    ///
    /// # Errors
    /// `filter_invalid`, with the field.
    pub fn check(&self) -> Result<(), EndpointError> {
        let field = if self.limit.is_some_and(|limit| !(1..=Self::MAX_LIMIT).contains(&limit)) {
            "limit"
        } else if self.offset.is_some_and(|offset| offset < 0) {
            "offset"
        } else if matches!((self.date_from, self.date_to), (Some(from), Some(to)) if from > to) {
            "date_from"
        } else if matches!(self.status, Some(DeliveryStatus::Other(_))) {
            "status"
        } else {
            return Ok(());
        };
        Err(EndpointError::new(EndpointCode::FilterInvalid).at(field))
    }
}

builder!(LogFilter {
    /// Deliveries to this endpoint.
    webhook_id(id: impl Into<String>) => webhook_id = Some(id.into());
    /// Deliveries of this event type.
    event_type(event_type: impl Into<String>) => event_type = Some(event_type.into());
    /// Deliveries with this status.
    status(status: DeliveryStatus) => status = Some(status);
    /// Deliveries from this second on.
    date_from(from: UnixTime) => date_from = Some(from);
    /// Deliveries up to this second.
    date_to(to: UnixTime) => date_to = Some(to);
    /// How many: 1 to 100.
    limit(limit: i64) => limit = Some(limit);
    /// How many of the newest to leave out.
    offset(offset: i64) => offset = Some(offset);
});
