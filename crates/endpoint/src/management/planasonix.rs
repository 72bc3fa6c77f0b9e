//! Planasonix's settings of organization webhooks. Its page describes them but no API for them: the field names are
//! ours.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::words;
use countersign_core::{Extra, Provider};
use serde::{Deserialize, Serialize};

use crate::debug::debug_without_extra;
use crate::endpoint::Endpoint;
use crate::error::{EndpointCode, EndpointError};
use crate::events::EventFilter;
use crate::policy::UrlPolicy;
use crate::redact::{CustomHeaders, EndpointUrl, SecretText};
use crate::retry::{Backoff, BreakerPolicy, RetryPolicy};
use crate::signing::{ClientIdentity, SigningScheme, SigningSecret};
use crate::url_parts::UrlParts;

words! {
    /// What deliveries are signed with.
    Signature {
        /// A shared secret.
        HmacSha256 = "hmac-sha256";
        /// A pair of keys.
        Asymmetric = "asymmetric";
    }
}

/// An organization webhook.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSettings {
    /// The URL that deliveries go to.
    pub url: EndpointUrl,
    /// What people call it, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is active; yes by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The event types or their categories.
    pub events: Vec<EventFilter>,
    /// What is sent along with every delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<CustomHeaders>,
    /// The kind of signature; a shared secret by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// The active secrets.
    pub secrets: Vec<SigningSecret>,
    /// How long an attempt may take: 1,000 to 30,000, 10,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
    /// When failed deliveries are tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetrySettings>,
    /// When an endpoint that keeps failing gets a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circuit_breaker: Option<BreakerPolicy>,
    /// The client certificate for mutual TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<ClientIdentity>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(
    WebhookSettings: url, description, active, events, headers, signature, secrets, timeout_ms, retry, circuit_breaker,
    identity
);

/// Exponential backoff, as the settings name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RetrySettings {
    /// The wait before the second attempt.
    pub initial_backoff_seconds: i64,
    /// What it is multiplied by for each attempt after that.
    pub multiplier: f64,
    /// How many attempts there are, the first included: 1 to 11.
    pub max_attempts: i64,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RetrySettings {
    /// Waits that multiply, in whole seconds, and how many attempts there are.
    #[must_use]
    pub fn new(initial_backoff: Duration, multiplier: f64, max_attempts: i64) -> Self {
        let initial_backoff_seconds = i64::try_from(initial_backoff.as_secs()).unwrap_or(i64::MAX);
        Self { initial_backoff_seconds, multiplier, max_attempts, extra: Extra::new() }
    }

    fn to_policy(&self) -> RetryPolicy {
        // Not by its constructor: settings that are out of range are kept as they are, to be refused.
        let mut backoff = Backoff::new(Duration::ZERO, self.multiplier);
        backoff.initial_seconds = self.initial_backoff_seconds;
        RetryPolicy::new().schedule(backoff).max_retries(self.max_attempts.saturating_sub(1))
    }
}

impl WebhookSettings {
    /// A webhook with the defaults for everything else.
    pub fn new(
        url: impl Into<EndpointUrl>,
        events: impl IntoIterator<Item = impl Into<EventFilter>>,
        secret: impl Into<SecretText>,
    ) -> Self {
        Self {
            url: url.into(),
            description: None,
            active: None,
            events: events.into_iter().map(Into::into).collect(),
            headers: None,
            signature: None,
            secrets: alloc::vec![SigningSecret::new(secret)],
            timeout_ms: None,
            retry: None,
            circuit_breaker: None,
            identity: None,
            extra: Extra::new(),
        }
    }

    /// Everything that is wrong with the settings.
    #[must_use]
    pub fn problems(&self) -> Vec<EndpointError> {
        self.problems_with(&UrlParts::parse)
    }

    /// Everything that is wrong with the settings, with another parser of URLs.
    #[must_use]
    pub fn problems_with(&self, read: &dyn Fn(&str) -> Option<UrlParts>) -> Vec<EndpointError> {
        let mut found = self.to_endpoint().problems_with(&UrlPolicy::new().allow_any_port(), read);
        if matches!(self.signature, Some(Signature::Other(_))) {
            found.push(EndpointError::new(EndpointCode::SchemeInvalid).at("signature"));
        }
        found
    }

    /// The same as an endpoint of our own, which signs as Planasonix does.
    #[must_use]
    pub fn to_endpoint(&self) -> Endpoint {
        let signing = match self.signature {
            Some(Signature::Asymmetric) => SigningScheme::of_dialect(Provider::PLANASONIX, "ed25519"),
            _ => SigningScheme::of(Provider::PLANASONIX),
        };
        Endpoint {
            name: self.description.clone(),
            url: self.url.clone(),
            events: self.events.clone(),
            active: self.active,
            headers: self.headers.clone(),
            timeout_ms: self.timeout_ms,
            max_per_second: None,
            signing,
            secrets: self.secrets.clone(),
            retry: self.retry.as_ref().map(RetrySettings::to_policy),
            breaker: self.circuit_breaker.clone(),
            identity: self.identity.clone(),
            extra: self.extra.clone(),
        }
    }
}
