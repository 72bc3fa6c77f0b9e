//! Requests to the providers' management APIs and what they answer, without I/O: any HTTP client can send them.
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

mod event_type;
pub mod planasonix;
pub mod plandocket;
pub mod planeconnection;
mod request;

pub use event_type::{DescribedEvent, EventType};
pub use request::{ApiRequest, ApiToken};
