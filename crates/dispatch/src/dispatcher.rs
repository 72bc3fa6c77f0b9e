//! The dispatcher that a program holds: takes events, and answers about deliveries and endpoints.

use core::fmt;
use std::collections::HashSet;
use std::sync::Arc;

use countersign_core::UnixTime;
use countersign_endpoint::LogFilter;
use countersign_endpoint::retry::Breaker;

use crate::client::Client;
use crate::counters::{Counters, Counts};
use crate::delivery::{LogEntry, NewDelivery, Retried};
use crate::endpoints::EndpointSource;
use crate::error::{DispatchCode, DispatchError};
use crate::event::OutgoingEvent;
use crate::options::Options;
use crate::preview;
use crate::resolver::SystemResolver;
use crate::store::{Store, breaker_from};
use crate::wake_up::WakeUp;

/// Takes events, and sends them. A clone is the same dispatcher.
pub struct Dispatcher<S>(pub(crate) Arc<Inner<S>>);

pub(crate) struct Inner<S> {
    pub(crate) store: S,
    pub(crate) endpoints: Arc<dyn EndpointSource>,
    pub(crate) client: Client,
    pub(crate) options: Options,
    pub(crate) counters: Counters,
    pub(crate) wake_up: WakeUp,
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

    /// Sends with other [`Options`].
    ///
    /// # Errors
    /// `tls_invalid`: the root certificates cannot be read.
    pub fn with_options(store: S, endpoints: impl EndpointSource, options: Options) -> Result<Self, DispatchError> {
        let resolver = options.resolver.clone().unwrap_or_else(|| Arc::new(SystemResolver));
        let (policy, idle) = (Arc::new(options.policy.clone()), options.in_flight);
        let client = Client::new(policy, resolver, options.roots_pem.as_deref(), idle)?;
        let (endpoints, counters, wake_up) = (Arc::new(endpoints), Counters::default(), WakeUp::default());
        Ok(Self(Arc::new(Inner { store, endpoints, client, options, counters, wake_up })))
    }

    /// One delivery for each endpoint that is subscribed to the event: what [`enqueue`](Self::enqueue) stores, for
    /// callers that store it in a transaction of their own.
    ///
    /// # Errors
    /// `event_invalid`.
    pub fn deliveries(&self, event: &OutgoingEvent) -> Result<Vec<NewDelivery>, DispatchError> {
        event.check()?;
        let ids = self.0.endpoints.ids_for(&event.event_type);
        Ok(ids.into_iter().map(|id| event.to(id, false)).collect())
    }

    /// Stores an event for each endpoint that is subscribed to it. When this returns, the event is on the disk. Returns
    /// for how many endpoints it was stored; those that had it already are not counted.
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

    /// Sends an event to one endpoint, whether it is subscribed to it or not: as every delivery is sent, but in one
    /// attempt. `false` means that nothing is sent, since an event of this id was enqueued for the endpoint earlier.
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
        self.0.wake_up.give(|signal| signal.endpoint_ids.extend(ids));
        Ok(added)
    }

    /// Sends a delivery of the log again, now and with all its retries, whether it had failed or not. Its id stays.
    ///
    /// # Errors
    /// `delivery_unknown`, `delivery_in_progress`, `store_failed`.
    pub async fn retry(&self, id: i64) -> Result<(), DispatchError> {
        match self.0.store.retry(id).await? {
            Retried::Due => self.0.wake_up.give(|signal| signal.look = true),
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

    /// Deletes deliveries that were enqueued earlier than this and are accepted or given up; returns how many. An event
    /// that is enqueued again after that is sent again.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn forget(&self, before: UnixTime) -> Result<u64, DispatchError> {
        self.0.store.forget(before).await
    }

    /// Sends to a disabled endpoint again, with a closed breaker.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn enable(&self, endpoint_id: &str) -> Result<(), DispatchError> {
        self.0.store.set_disabled(endpoint_id, false).await?;
        self.0.wake_up.give(|signal| signal.look = true);
        Ok(())
    }

    /// Where the breaker of an endpoint stands.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn breaker(&self, endpoint_id: &str) -> Result<Breaker, DispatchError> {
        Ok(breaker_from(&self.0.store.breaker(endpoint_id).await?))
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
