//! Requests to the senders' management APIs and what they answer, without I/O: any HTTP client can send them.
//!
//! ```
//! use countersign::endpoint::management::planeconnection::{Api, TestEvent};
//! let api = Api::new("YOUR_API_KEY")?;
//! let request = api.test("wh_abc123", &TestEvent::new("flight.scheduled", serde_json::json!({ "id": "flt_test" })))?;
//! assert_eq!(request.method(), "POST");
//! assert_eq!(request.url(), "https://api.planeconnection.com/api/v1/webhooks/wh_abc123/test");
//! // … send request.headers() and request.body() …
//! let result = request.reply(200, br#"{ "success": true }"#)?;
//! # Ok::<(), countersign::endpoint::EndpointError>(())
//! ```

pub mod planasonix;
pub mod plandocket;
pub mod planeconnection;
mod request;

pub use request::{ApiRequest, ApiToken};

use alloc::string::String;

use countersign_core::Extra;
use serde::{Deserialize, Serialize};

/// An event type that can be subscribed to. The APIs do not say which of the two they answer with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EventType {
    /// Its name.
    Name(String),
    /// An object about it.
    Described(DescribedEvent),
}

/// An object about an event type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribedEvent {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}
