//! Where the dispatcher learns about endpoints and their secrets, which no store of deliveries ever holds.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use countersign_endpoint::Endpoint;

/// Why the dispatcher has stopped sending to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disabled {
    /// Its receiver answered 410.
    Gone,
    /// It has failed for as many days as its breaker policy allows.
    Failing,
}

/// Where endpoints are kept. It is asked for every event and every attempt, so it should answer from memory.
pub trait EndpointSource: Send + Sync + 'static {
    /// The endpoint of this id as it is now.
    fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>>;

    /// The ids of the endpoints that are subscribed to events of this type.
    fn ids_for(&self, event_type: &str) -> Vec<String>;

    /// The dispatcher sends no more to this endpoint: tell its owner. What is pending waits for
    /// [`enable`](crate::Dispatcher::enable).
    fn disabled(&self, id: &str, why: Disabled);
}

/// Endpoints in this process. A clone is the same map.
#[derive(Clone, Default)]
pub struct EndpointMap(Arc<RwLock<BTreeMap<String, Arc<Endpoint>>>>);

impl EndpointMap {
    /// Without endpoints.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an endpoint, or replaces the one of this id.
    pub fn set(&self, id: impl Into<String>, endpoint: Endpoint) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id.into(), Arc::new(endpoint));
    }
}

impl EndpointSource for EndpointMap {
    fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn ids_for(&self, event_type: &str) -> Vec<String> {
        let endpoints = self.0.read().unwrap_or_else(PoisonError::into_inner);
        endpoints.iter().filter(|(_, endpoint)| endpoint.wants(event_type)).map(|(id, _)| id.clone()).collect()
    }

    fn disabled(&self, _: &str, _: Disabled) {}
}

impl fmt::Debug for EndpointMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self.0.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(endpoints.keys()).finish()
    }
}
