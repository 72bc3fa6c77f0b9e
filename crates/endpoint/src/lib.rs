//! A webhook subscription as data: where deliveries go, which events, how they are signed and retried, and every rule
//! that these settings must keep. Nothing here opens a socket or resolves a name.
//!
//! ```
//! use countersign::endpoint::{Endpoint, EndpointCode, UrlPolicy};
//! let endpoint = Endpoint::from_json(br#"{
//!     "url": "https://example.com/hooks",
//!     "events": ["flight.*", "invoice.paid"],
//!     "headers": { "X-Team": "operations", "Host": "internal" },
//!     "signing": { "provider": "standard-webhooks" },
//!     "secrets": [{ "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }],
//!     "retry": { "max_retries": 4 }
//! }"#)?;
//! let problems = endpoint.problems(&UrlPolicy::new());
//! assert_eq!(problems[0].code(), EndpointCode::HeaderReserved);
//! assert_eq!(problems[0].field(), "headers.Host");
//! # Ok::<(), countersign::endpoint::EndpointError>(())
//! ```

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod address;
mod builder;
mod debug;
mod destination;
mod endpoint;
mod error;
mod events;
mod fields;
mod headers;
mod log;
pub mod management;
mod network;
mod policy;
mod redact;
pub mod retry;
mod signing;
mod url_parts;

pub use address::judge_address;
pub use destination::judge_url;
pub use destination::{Destination, Host, judge_url_with};
pub use endpoint::Endpoint;
pub use error::{EndpointCode, EndpointError};
pub use events::EventFilter;
pub use log::{DeliveryStatus, LogFilter};
pub use network::Network;
pub use policy::UrlPolicy;
pub use redact::{CustomHeaders, EndpointUrl, SecretText};
pub use signing::{ClientIdentity, PresetScheme, SigningScheme, SigningSecret};
pub use url_parts::UrlParts;
