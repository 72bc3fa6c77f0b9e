//! An endpoint: where deliveries go, which events, how they are signed and retried.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::{Extra, Keyring, SetupError, Webhook};
use serde::{Deserialize, Serialize};

use crate::debug::debug_without_extra;
use crate::destination::judge_url_with;
use crate::error::{EndpointCode, EndpointError};
use crate::events::{self, EventFilter};
use crate::fields::{DEFAULT_TIMEOUT_MS, TIMEOUT_MS, name_problem, timeout_problem};
use crate::headers;
use crate::policy::UrlPolicy;
use crate::redact::{CustomHeaders, EndpointUrl, SecretText};
use crate::retry::{BreakerPolicy, RetryError, RetryPolicy};
use crate::signing::{self, ClientIdentity, SigningScheme, SigningSecret};
use crate::url_parts::UrlParts;

/// An endpoint that deliveries are sent to. Settings that are not known here are kept.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// What people call it, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where deliveries go: HTTPS to a public host.
    pub url: EndpointUrl,
    /// Which events the endpoint gets.
    pub events: Vec<EventFilter>,
    /// Whether deliveries are sent to the endpoint; yes by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// What is sent along with every delivery. Receivers put their credentials there: values are never logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<CustomHeaders>,
    /// How long an attempt may take, its answer included: 1,000 to 30,000, 10,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
    /// How many deliveries each sending process may begin in a second; as many as it can by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_second: Option<i64>,
    /// How deliveries are signed.
    pub signing: SigningScheme,
    /// The active secrets; the first one signs where a scheme carries one signature only.
    pub secrets: Vec<SigningSecret>,
    /// When failed deliveries are tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryPolicy>,
    /// When an endpoint that keeps failing gets a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerPolicy>,
    /// The client certificate for mutual TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<ClientIdentity>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Endpoint {
    /// How long an attempt may take where the settings say nothing.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_millis(DEFAULT_TIMEOUT_MS.unsigned_abs());

    /// An endpoint with the defaults for everything else.
    pub fn new(url: impl Into<EndpointUrl>, signing: SigningScheme, secret: impl Into<SecretText>) -> Self {
        Self {
            name: None,
            url: url.into(),
            events: alloc::vec![EventFilter::from("*")],
            active: None,
            headers: None,
            timeout_ms: None,
            max_per_second: None,
            signing,
            secrets: alloc::vec![secret.into().into()],
            retry: None,
            breaker: None,
            identity: None,
            extra: Extra::new(),
        }
    }

    /// Reads settings. What they say is not judged: see [`problems_with`](Self::problems_with).
    ///
    /// # Errors
    /// `malformed`, with the place but without what stands there.
    pub fn from_json(json: &[u8]) -> Result<Self, EndpointError> {
        serde_json::from_slice(json).map_err(|error| EndpointError::json(EndpointCode::Malformed, &error))
    }

    /// Everything that is wrong with the settings, in the order of the fields.
    #[must_use]
    pub fn problems(&self, policy: &UrlPolicy) -> Vec<EndpointError> {
        self.problems_with(policy, &UrlParts::parse)
    }

    /// Everything that is wrong with the settings, with another parser of URLs.
    #[must_use]
    pub fn problems_with(&self, policy: &UrlPolicy, read: &dyn Fn(&str) -> Option<UrlParts>) -> Vec<EndpointError> {
        let mut found = Vec::new();
        found.extend(name_problem(self.name.as_deref(), false));
        found.extend(judge_url_with(&self.url, policy, read).err());
        found.extend(events::problems(&self.events));
        let (scheme, provider) = (self.signing.scheme(), self.signing.provider());
        if let Some(headers) = &self.headers {
            found.extend(headers::problems(headers, scheme.as_deref().ok(), provider));
        }
        found.extend(timeout_problem("timeout_ms", self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)));
        if self.max_per_second.is_some_and(|limit| limit < 1) {
            found.push(EndpointError::new(EndpointCode::RateOutOfRange).at("max_per_second"));
        }
        if self.secrets.is_empty() {
            found.push(EndpointError::new(EndpointCode::SecretMissing).at("secrets"));
        }
        match scheme {
            Ok(scheme) => found.extend(signing::problems(&self.secrets, &scheme, provider)),
            Err(error) => found.push(error),
        }
        found.extend(self.retry.as_ref().and_then(|retry| retry.check().err()).map(retry_invalid));
        found.extend(self.breaker.as_ref().and_then(|breaker| breaker.check().err()).map(retry_invalid));
        found.extend(self.identity.as_ref().and_then(ClientIdentity::problem));
        found
    }

    /// Whether the settings can be used.
    ///
    /// # Errors
    /// The first of [`problems`](Self::problems).
    pub fn check(&self, policy: &UrlPolicy) -> Result<(), EndpointError> {
        crate::fields::first(self.problems(policy))
    }

    /// Whether deliveries are sent to the endpoint: yes by default.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active.unwrap_or(true)
    }

    /// Whether an event of this type goes to this endpoint.
    #[must_use]
    pub fn wants(&self, event_type: &str) -> bool {
        self.is_active() && self.events.iter().any(|filter| filter.matches(event_type))
    }

    /// How long an attempt may take: 10 seconds by default, and never outside of 1 to 30.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        let ms = self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS).clamp(*TIMEOUT_MS.start(), *TIMEOUT_MS.end());
        Duration::from_millis(ms.unsigned_abs())
    }

    /// When failed deliveries are tried again.
    #[must_use]
    pub fn retry(&self) -> RetryPolicy {
        self.retry.clone().unwrap_or_default()
    }

    /// The secrets, ready for a webhook.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        signing::keyring(&self.secrets)
    }
}

debug_without_extra!(Endpoint: name, url, events, active, headers, timeout_ms, max_per_second, signing, secrets, retry, breaker, identity);

fn retry_invalid(error: RetryError) -> EndpointError {
    match error.field() {
        "retry.max_retries" => EndpointError::new(EndpointCode::RetriesOutOfRange).at(error.field()),
        _ => EndpointError::new(EndpointCode::RetryInvalid).at(error.field()).because(error.sentence()),
    }
}

impl Endpoint {
    /// The webhook that signs the deliveries to this endpoint, and would verify them.
    ///
    /// # Errors
    /// `scheme_invalid`, `secret_missing` or `secret_invalid`, as in [`problems_with`](Self::problems_with).
    pub fn webhook(&self) -> Result<Webhook, EndpointError> {
        let scheme = self.signing.scheme()?.into_owned();
        let made = match self.signing.provider() {
            Some(provider) => provider.pinned(scheme, self.keyring()),
            None => scheme.webhook(self.keyring()),
        };
        made.map_err(|error| match error {
            SetupError::Scheme(error) => EndpointError::new(EndpointCode::SchemeInvalid).because(error.sentence()),
            SetupError::Secret(_) if self.secrets.is_empty() => EndpointError::new(EndpointCode::SecretMissing),
            SetupError::Secret(error) => EndpointError::new(EndpointCode::SecretInvalid).because(error.hint()),
        })
    }
}
