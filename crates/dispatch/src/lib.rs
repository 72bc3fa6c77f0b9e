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
//! dispatcher.run(std::future::pending()).await; // until this future ends: what is being sent is finished or given back
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod attempt;
mod client;
mod counters;
mod endpoints;
mod error;
mod lanes;
mod news;
#[cfg(feature = "postgres")]
mod postgres;
mod preview;
mod rate;
mod sqlite;
mod store;
mod target;
mod worker;

use core::fmt;
use core::time::Duration;
use std::collections::HashSet;
use std::sync::Arc;

use countersign_core::UnixTime;
use countersign_endpoint::retry::Breaker;
use countersign_endpoint::{LogFilter, UrlPolicy};

pub use client::{Addresses, Resolver};
pub use counters::Counts;
pub use endpoints::{Disabled, EndpointMap, EndpointSource};
pub use error::{DispatchCode, DispatchError};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;
pub use store::{BODY_START, Claimed, Finish, Lease, LogEntry, NewDelivery, Retried, Store, Want};

use crate::client::{Client, SystemResolver};
use crate::counters::Counters;
use crate::news::News;

/// Something that happened, to be told to the endpoints that want to know.
#[derive(Clone)]
pub struct OutgoingEvent {
    id: String,
    event_type: String,
    body: Vec<u8>,
}

impl OutgoingEvent {
    /// An event. The id is the same at every attempt and endpoint; enqueuing it again changes nothing.
    pub fn new(id: impl Into<String>, event_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { id: id.into(), event_type: event_type.into(), body: body.into() }
    }

    fn to(&self, endpoint_id: String, test: bool) -> NewDelivery {
        let Self { id, event_type, body } = self.clone();
        NewDelivery { event_id: id, endpoint_id, event_type, body, test }
    }

    fn check(&self) -> Result<(), DispatchError> {
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

/// How a dispatcher sends.
#[derive(Clone)]
pub struct Options {
    /// Where deliveries may go.
    pub policy: UrlPolicy,
    /// Root certificates in PEM, instead of those of the machine.
    pub roots_pem: Option<Vec<u8>>,
    /// Who resolves names, instead of the machine.
    pub resolver: Option<Arc<dyn Resolver>>,
    /// How many attempts run at a time: 512.
    pub in_flight: usize,
    /// How many of them to one endpoint, so that a slow one leaves room for the others: 8.
    pub in_flight_per_endpoint: usize,
    /// How long a lease is beyond the endpoint's timeout: 15 seconds. After a crash its deliveries wait that long.
    pub lease_margin: Duration,
    /// How often to look for what has become due: every 200 ms. What this process enqueues is seen at once.
    pub poll: Duration,
    /// How long a shutdown waits for attempts before it gives their deliveries back: 10 seconds.
    pub grace: Duration,
    /// Fields of JSON bodies and answers whose values the log must not show.
    pub redacted_fields: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        let fields = ["access_token", "api_key", "authorization", "password", "secret", "token"];
        Self {
            policy: UrlPolicy::new(),
            roots_pem: None,
            resolver: None,
            in_flight: 512,
            in_flight_per_endpoint: 8,
            lease_margin: Duration::from_secs(15),
            poll: Duration::from_millis(200),
            grace: Duration::from_secs(10),
            redacted_fields: fields.map(String::from).into(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Takes events, and sends them. A clone is the same dispatcher.
pub struct Dispatcher<S>(Arc<Inner<S>>);

struct Inner<S> {
    store: S,
    endpoints: Arc<dyn EndpointSource>,
    client: Client,
    options: Options,
    counters: Counters,
    news: News,
}

impl<S> Clone for Dispatcher<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> fmt::Debug for Dispatcher<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher").field("options", &self.0.options).finish_non_exhaustive()
    }
}

impl<S: Store> Dispatcher<S> {
    /// Sends to public hosts on port 443, with the default [`Options`].
    ///
    /// # Errors
    /// `tls_invalid`: this machine has no root certificates.
    pub fn new(store: S, endpoints: impl EndpointSource) -> Result<Self, DispatchError> {
        Self::with_options(store, endpoints, Options::default())
    }

    /// Sends in another way.
    ///
    /// # Errors
    /// `tls_invalid`: the root certificates cannot be read.
    pub fn with_options(store: S, endpoints: impl EndpointSource, options: Options) -> Result<Self, DispatchError> {
        let resolver = options.resolver.clone().unwrap_or_else(|| Arc::new(SystemResolver));
        let (policy, idle) = (Arc::new(options.policy.clone()), options.in_flight);
        let client = Client::new(policy, resolver, options.roots_pem.as_deref(), idle)?;
        let (endpoints, counters, news) = (Arc::new(endpoints), Counters::default(), News::default());
        Ok(Self(Arc::new(Inner { store, endpoints, client, options, counters, news })))
    }

    /// One delivery for each endpoint that wants the event: what [`enqueue`](Self::enqueue) stores, for callers that
    /// store it in a transaction of their own.
    ///
    /// # Errors
    /// `event_invalid`.
    pub fn deliveries(&self, event: &OutgoingEvent) -> Result<Vec<NewDelivery>, DispatchError> {
        event.check()?;
        let ids = self.0.endpoints.wanting(&event.event_type);
        Ok(ids.into_iter().map(|id| event.to(id, false)).collect())
    }

    /// Stores an event for each endpoint that wants it. When this returns, it is on the disk. Returns to how many it goes;
    /// those that have it already are not counted.
    ///
    /// # Errors
    /// `event_invalid`, `store_failed`.
    pub async fn enqueue(&self, event: OutgoingEvent) -> Result<u64, DispatchError> {
        self.enqueue_all([event]).await
    }

    /// Stores many events at once, all of them or none.
    ///
    /// # Errors
    /// `event_invalid`, `store_failed`.
    pub async fn enqueue_all(&self, events: impl IntoIterator<Item = OutgoingEvent>) -> Result<u64, DispatchError> {
        let mut all = Vec::new();
        for event in events {
            all.extend(self.deliveries(&event)?);
        }
        self.store(all).await
    }

    /// Sends an event to one endpoint whatever events it wants, as every delivery is sent, but once. `false`: nothing is
    /// sent, since an event of this id is there already.
    ///
    /// # Errors
    /// `endpoint_unknown`, `event_invalid`, `store_failed`.
    pub async fn send_test(&self, endpoint_id: &str, event: OutgoingEvent) -> Result<bool, DispatchError> {
        event.check()?;
        if self.0.endpoints.endpoint(endpoint_id).is_none() {
            return Err(DispatchError::new(DispatchCode::EndpointUnknown));
        }
        Ok(self.store([event.to(endpoint_id.into(), true)].into()).await? == 1)
    }

    async fn store(&self, new: Vec<NewDelivery>) -> Result<u64, DispatchError> {
        if new.is_empty() {
            return Ok(0);
        }
        let mut ids: HashSet<String> = HashSet::new();
        for one in &new {
            if !ids.contains(&one.endpoint_id) {
                ids.insert(one.endpoint_id.clone());
            }
        }
        let added = self.0.store.enqueue(new).await?;
        self.0.news.tell(|untold| untold.endpoint_ids.extend(ids));
        Ok(added)
    }

    /// Sends a delivery of the log again, now and with all its retries; the same id, whether it had failed or not.
    ///
    /// # Errors
    /// `delivery_unknown`, `delivery_in_progress`, `store_failed`.
    pub async fn retry(&self, id: i64) -> Result<(), DispatchError> {
        match self.0.store.retry(id).await? {
            Retried::Due => self.0.news.tell(|untold| untold.look = true),
            Retried::InProgress => return Err(DispatchError::new(DispatchCode::DeliveryInProgress)),
            Retried::Unknown => return Err(DispatchError::new(DispatchCode::DeliveryUnknown)),
        }
        Ok(())
    }

    /// The deliveries that pass a filter, the newest first.
    ///
    /// # Errors
    /// `filter_invalid`, `store_failed`.
    pub async fn log(&self, filter: &LogFilter) -> Result<Vec<LogEntry>, DispatchError> {
        filter.check().map_err(|_| DispatchError::new(DispatchCode::FilterInvalid))?;
        let found = self.0.store.log(filter).await?;
        let redact = |(mut entry, body): (LogEntry, Vec<u8>)| {
            entry.body_preview = preview::preview(&body, &self.0.options.redacted_fields, None, &[]);
            entry
        };
        Ok(found.into_iter().map(redact).collect())
    }

    /// Deletes what was accepted or given up and was enqueued before this time; returns how many. An event that is
    /// enqueued again after that is sent again.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn forget(&self, before: UnixTime) -> Result<u64, DispatchError> {
        self.0.store.forget(store::to_ms(before)).await
    }

    /// Sends to an endpoint again that was disabled, with a closed breaker.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn enable(&self, endpoint_id: &str) -> Result<(), DispatchError> {
        self.0.store.set_disabled(endpoint_id, false).await?;
        self.0.news.tell(|untold| untold.look = true);
        Ok(())
    }

    /// Where the breaker of an endpoint stands.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn breaker(&self, endpoint_id: &str) -> Result<Breaker, DispatchError> {
        Ok(store::breaker_from(&self.0.store.breaker(endpoint_id).await?))
    }

    /// How many deliveries are pending.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn depth(&self) -> Result<u64, DispatchError> {
        self.0.store.depth().await
    }

    /// What this dispatcher has done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.counters.read()
    }
}
