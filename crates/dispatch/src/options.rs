//! How a dispatcher sends: limits, places, times.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use countersign_endpoint::UrlPolicy;

use crate::resolver::Resolver;

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
