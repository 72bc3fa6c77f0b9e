//! Sends signed deliveries that are not lost: what is enqueued is on the disk, and is sent until a receiver accepts it
//! or its retries are used up. SQLite is the queue and the log.
//!
//! A delivery arrives at least once. It arrives twice only after a crash or an answer that got lost, and then with the
//! same id and a new timestamp. Bodies are stored unsigned; signatures are made at each attempt, and secrets stay in the
//! [`EndpointSource`].
//!
//! ```no_run
//! use countersign::Provider;
//! use countersign::dispatch::{Dispatcher, EndpointMap, OutgoingEvent, SqliteStore};
//! use countersign::endpoint::{Endpoint, SigningScheme};
//! # async fn doc() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoints = EndpointMap::new();
//! let scheme = SigningScheme::of(Provider::STANDARD_WEBHOOKS);
//! endpoints.set("customer-1", Endpoint::new("https://example.com/hooks", scheme, std::env::var("SECRET")?));
//! let dispatcher = Dispatcher::new(SqliteStore::open("deliveries.sqlite")?, endpoints)?;
//! dispatcher.enqueue(OutgoingEvent::new("evt_1", "invoice.paid", r#"{"type":"invoice.paid"}"#)).await?;
//! dispatcher.run(std::future::pending()).await; // until this future ends: attempts that run are finished or released
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod attempt;
mod attempt_error;
mod client;
mod counters;
mod delivery;
mod dispatcher;
mod endpoints;
mod error;
mod event;
mod lanes;
mod options;
#[cfg(feature = "postgres")]
mod postgres;
mod preview;
mod rate;
mod resolver;
mod rows;
mod sqlite;
mod store;
mod target;
mod time;
mod wake_up;
mod worker;

pub use attempt_error::{AttemptError, UnknownAttemptError};
pub use counters::Counts;
pub use delivery::{AttemptOutcome, ClaimRequest, Claimed, Lease, LogEntry, NewDelivery, Retried};
pub use dispatcher::Dispatcher;
pub use endpoints::{Disabled, EndpointMap, EndpointSource};
pub use error::{DispatchCode, DispatchError};
pub use event::OutgoingEvent;
pub use options::Options;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use resolver::{Addresses, Resolver};
pub use sqlite::SqliteStore;
pub use store::{BODY_START, Store};
