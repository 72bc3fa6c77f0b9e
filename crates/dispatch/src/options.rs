//! How a dispatcher sends: limits, places, times.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use countersign_endpoint::UrlPolicy;

use crate::resolver::Resolver;

/// How a dispatcher sends.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Where deliveries may go.
    pub policy: UrlPolicy,
    /// Root certificates in PEM, instead of those of the machine.
    pub roots_pem: Option<Vec<u8>>,
    /// What resolves names, instead of the machine.
    pub resolver: Option<Arc<dyn Resolver>>,
    /// How many attempts may run at a time, the permits: 512.
    pub in_flight: usize,
    /// How many of them may be to one endpoint, so that a slow one leaves permits for the others: 8.
    pub in_flight_per_endpoint: usize,
    /// How much longer a lease is than the endpoint's timeout: 15 seconds. After a crash, deliveries wait for its end.
    pub lease_margin: Duration,
    /// How often to ask the store what has become due: every 200 ms. What this process enqueues is seen at once.
    pub poll: Duration,
    /// How long a shutdown waits for attempts before it releases their deliveries: 10 seconds.
    pub grace: Duration,
    /// Fields of JSON bodies and answers whose values the log must not show.
    pub redacted_fields: Vec<String>,
}

impl Options {
    /// Sends to public hosts on port 443.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where deliveries may go.
    #[must_use]
    pub fn policy(mut self, policy: UrlPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Root certificates in PEM, instead of those of the machine.
    #[must_use]
    pub fn roots_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots_pem = Some(pem.into());
        self
    }

    /// What resolves names, instead of the machine.
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// How many attempts may run at a time.
    #[must_use]
    pub fn in_flight(mut self, attempts: usize) -> Self {
        self.in_flight = attempts;
        self
    }

    /// How many attempts to one endpoint may run at a time.
    #[must_use]
    pub fn in_flight_per_endpoint(mut self, attempts: usize) -> Self {
        self.in_flight_per_endpoint = attempts;
        self
    }

    /// How much longer a lease is than the endpoint's timeout.
    #[must_use]
    pub fn lease_margin(mut self, margin: Duration) -> Self {
        self.lease_margin = margin;
        self
    }

    /// How often to ask the store what has become due.
    #[must_use]
    pub fn poll(mut self, every: Duration) -> Self {
        self.poll = every;
        self
    }

    /// How long a shutdown waits for attempts before it releases their deliveries.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Fields of JSON bodies and answers whose values the log must not show, instead of the usual ones.
    #[must_use]
    pub fn redacted_fields(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.redacted_fields = fields.into_iter().map(Into::into).collect();
        self
    }
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
