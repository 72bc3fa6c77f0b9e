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

mod address;
mod destination;
#[cfg(feature = "engine")]
#[cfg_attr(feature = "endpoint", allow(dead_code))] // with both, the crate `url` reads
pub mod engine;
mod error;
mod events;
mod headers;
mod log;
mod policy;
mod redact;
mod signing;

#[cfg(feature = "endpoint")]
use ::url as reading;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(not(feature = "endpoint"))]
use engine as reading;
pub(crate) use reading::Url;

pub use address::{Network, judge_address};
pub use destination::{Destination, Host, judge_url};
pub use error::{EndpointCode, EndpointError};
pub use events::EventFilter;
pub use log::{DeliveryStatus, LogFilter};
pub use policy::UrlPolicy;
pub(crate) use redact::debug_without_extra;
pub use redact::{CustomHeaders, EndpointUrl, SecretText};
pub use signing::{ClientIdentity, PresetScheme, SigningScheme, SigningSecret};

use crate::envelope::Extra;
use crate::provider::Provider;
use crate::retry::{BreakerPolicy, RetryError, RetryPolicy};
use crate::secret::Keyring;

/// An endpoint that deliveries are sent to. Settings that are not known here are kept.
#[derive(Clone, Deserialize, Serialize)]
pub struct Endpoint {
    /// What people call it, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where deliveries go: HTTPS to a public host.
    pub url: EndpointUrl,
    /// Which events it gets.
    pub events: Vec<EventFilter>,
    /// Whether it gets any; yes where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// What is sent along with every delivery. Receivers put their credentials there: values are never logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<CustomHeaders>,
    /// How long an attempt may take, its answer included: 1,000 to 30,000, 10,000 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
    /// How many deliveries each sending process may begin in a second; as many as it can where nothing is said.
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

/// Where a setting is missing.
pub const DEFAULT_TIMEOUT_MS: i64 = 10_000;

const MAX_NAME: usize = 100;

impl Endpoint {
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

    /// Reads settings. What they say is not judged: see [`problems`](Self::problems).
    ///
    /// # Errors
    /// `malformed`, with the place but without what stands there.
    pub fn from_json(json: &[u8]) -> Result<Self, EndpointError> {
        serde_json::from_slice(json).map_err(|error| EndpointError::json(EndpointCode::Malformed, &error))
    }

    /// Everything that is wrong with the settings, in the order of the fields.
    #[must_use]
    pub fn problems(&self, policy: &UrlPolicy) -> Vec<EndpointError> {
        let mut found = Vec::new();
        found.extend(name_problem(self.name.as_deref(), false));
        found.extend(judge_url(&self.url, policy).err());
        found.extend(events::problems(&self.events));
        let (scheme, provider) = (self.signing.scheme(), self.signing.provider());
        if let Some(headers) = &self.headers {
            found.extend(headers::problems(headers, scheme.as_ref().ok().copied(), provider));
        }
        found.extend(timeout_problem("timeout_ms", self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)));
        if self.max_per_second.is_some_and(|limit| limit < 1) {
            found.push(EndpointError::new(EndpointCode::RateOutOfRange).at("max_per_second"));
        }
        if self.secrets.is_empty() {
            found.push(EndpointError::new(EndpointCode::SecretMissing).at("secrets"));
        }
        match scheme {
            Ok(scheme) => found.extend(signing::problems(&self.secrets, scheme, provider)),
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
        first(self.problems(policy))
    }

    /// Whether it gets deliveries: yes where nothing is said.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active.unwrap_or(true)
    }

    /// Whether an event of this type goes there.
    #[must_use]
    pub fn wants(&self, event_type: &str) -> bool {
        self.is_active() && self.events.iter().any(|filter| filter.matches(event_type))
    }

    /// How long an attempt may take: 10 seconds where nothing is said, and never outside of 1 to 30.
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

const TIMEOUT_MS: core::ops::RangeInclusive<i64> = 1_000..=30_000;

pub(crate) fn first(problems: Vec<EndpointError>) -> Result<(), EndpointError> {
    problems.into_iter().next().map_or(Ok(()), Err)
}

pub(crate) fn name_problem(name: Option<&str>, required: bool) -> Option<EndpointError> {
    let code = match name {
        None if !required => return None,
        Some(name) if name.chars().count() > MAX_NAME => EndpointCode::NameTooLong,
        Some(name) if !name.trim().is_empty() => return None,
        _ => EndpointCode::NameMissing,
    };
    Some(EndpointError::new(code).at("name"))
}

pub(crate) fn timeout_problem(field: &'static str, ms: i64) -> Option<EndpointError> {
    (!TIMEOUT_MS.contains(&ms)).then(|| EndpointError::new(EndpointCode::TimeoutOutOfRange).at(field))
}

pub(crate) fn retries_problem(field: &'static str, retries: i64) -> Option<EndpointError> {
    (!(0..=10).contains(&retries)).then(|| EndpointError::new(EndpointCode::RetriesOutOfRange).at(field))
}

pub(crate) fn events_problems(filters: &[EventFilter]) -> impl Iterator<Item = EndpointError> {
    events::problems(filters)
}

pub(crate) fn headers_problems(headers: &CustomHeaders, provider: Provider) -> Vec<EndpointError> {
    headers::problems(headers, None, Some(provider))
}

pub(crate) fn secret_problem(secret: &SecretText, provider: Provider) -> Option<EndpointError> {
    let scheme = &provider.dialects().first()?.scheme;
    let found = signing::problems(&[secret.clone().into()], scheme, Some(provider)).into_iter().next();
    found.map(|error| error.at("secret"))
}

fn retry_invalid(error: RetryError) -> EndpointError {
    match error.field() {
        "retry.max_retries" => EndpointError::new(EndpointCode::RetriesOutOfRange).at(error.field()),
        _ => EndpointError::new(EndpointCode::RetryInvalid).at(error.field()).because(error.sentence()),
    }
}
