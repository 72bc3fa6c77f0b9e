//! PlanDocket's management API: webhooks can be listed, read, created and deleted.
//!
//! Its page shows an answer that its own schema does not describe (`webhook_id` for `id`, times as numbers): both are
//! read.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use countersign_core::{Extra, Provider};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event_type::EventType;
use super::request::{self, ApiRequest, ApiToken, Client};
use crate::debug::debug_without_extra;
use crate::endpoint::Endpoint;
use crate::error::EndpointError;
use crate::events::EventFilter;
use crate::redact::{CustomHeaders, EndpointUrl, SecretText};
use crate::retry::RetryPolicy;
use crate::signing::SigningScheme;
use crate::url_parts::UrlParts;
use crate::{events, fields, headers};

const DEFAULT_RETRY_COUNT: i64 = 3;
const DEFAULT_TIMEOUT_SECONDS: i64 = 30;

/// A webhook as it is created.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookConfig {
    /// The URL that deliveries go to.
    pub url: EndpointUrl,
    /// The event types.
    pub events: Vec<EventFilter>,
    /// What people call it, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is active; yes by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// What is sent along with every delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<CustomHeaders>,
    /// How many attempts may follow the first: 0 to 10, 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_count: Option<i64>,
    /// How long an attempt may take: 1 to 30, 30 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(WebhookConfig: url, events, name, is_active, headers, retry_count, timeout_seconds);

impl WebhookConfig {
    /// A webhook with the defaults for everything else.
    pub fn new(url: impl Into<EndpointUrl>, events: impl IntoIterator<Item = impl Into<EventFilter>>) -> Self {
        Self {
            url: url.into(),
            events: events.into_iter().map(Into::into).collect(),
            name: None,
            is_active: None,
            headers: None,
            retry_count: None,
            timeout_seconds: None,
            extra: Extra::new(),
        }
    }

    /// Everything that the API would refuse, in the order of the fields. The limits of name, retries and timeout are
    /// ours: the page gives none.
    #[must_use]
    pub fn problems(&self) -> Vec<EndpointError> {
        self.problems_with(&UrlParts::parse)
    }

    /// Everything that the API would refuse, with another parser of URLs.
    #[must_use]
    pub fn problems_with(&self, read: &dyn Fn(&str) -> Option<UrlParts>) -> Vec<EndpointError> {
        let mut found = Vec::new();
        found.extend(request::url_problem(&self.url, read));
        found.extend(events::problems(&self.events));
        found.extend(fields::name_problem(self.name.as_deref(), false));
        found.extend(self.headers.iter().flat_map(|all| headers::problems(all, None, Some(Provider::PLANDOCKET))));
        found.extend(fields::retries_problem("retry_count", self.retry_count.unwrap_or(DEFAULT_RETRY_COUNT)));
        found.extend(fields::timeout_problem("timeout_seconds", self.timeout_ms()));
        found
    }

    /// The same as an endpoint of our own, which signs as PlanDocket does. The secret is in the API's answer.
    #[must_use]
    pub fn to_endpoint(&self, secret: Option<&SecretText>) -> Endpoint {
        Endpoint {
            name: self.name.clone(),
            url: self.url.clone(),
            events: self.events.clone(),
            active: self.is_active,
            headers: self.headers.clone(),
            timeout_ms: Some(self.timeout_ms()),
            max_per_second: None,
            signing: SigningScheme::of(Provider::PLANDOCKET),
            secrets: secret.cloned().into_iter().map(Into::into).collect(),
            retry: Some(RetryPolicy::new().max_retries(self.retry_count.unwrap_or(DEFAULT_RETRY_COUNT))),
            breaker: None,
            identity: None,
            extra: self.extra.clone(),
        }
    }

    fn timeout_ms(&self) -> i64 {
        self.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT_SECONDS).saturating_mul(1000)
    }
}

/// A webhook as the API answers with it.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Its id, in the other place where the page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<i64>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The URL that deliveries go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<EndpointUrl>,
    /// The event types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventFilter>>,
    /// Whether it is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// How many attempts may follow the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_count: Option<i64>,
    /// How long an attempt may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<i64>,
    /// When an event was last sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_triggered_at: Option<String>,
    /// When a delivery was last accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<String>,
    /// When a delivery last failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure_at: Option<String>,
    /// How many failures the API has counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_count: Option<i64>,
    /// The signing secret, where the webhook was just created or asked for alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
    /// When it was created: text by the schema, Unix seconds in the example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(
    Webhook: id, webhook_id, name, url, events, is_active, retry_count, timeout_seconds, last_triggered_at,
    last_success_at, last_failure_at, failure_count, secret, created_at
);

impl Webhook {
    /// Its id, from either place.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        self.id.or(self.webhook_id)
    }
}

/// The API of one tenant, as somebody with this key sees it.
#[derive(Clone, Debug)]
pub struct Api(Client);

impl Api {
    /// The API of a tenant, such as `https://your-tenant.plandocket.com`.
    ///
    /// # Errors
    /// `token_invalid`, or one of the codes that begin with `url_`.
    pub fn at(base: &str, key: impl Into<String>) -> Result<Self, EndpointError> {
        Self::at_with(base, key, &UrlParts::parse)
    }

    /// The API of a tenant, with another parser of URLs.
    ///
    /// # Errors
    /// `token_invalid`, or one of the codes that begin with `url_`.
    pub fn at_with(
        base: &str,
        key: impl Into<String>,
        read: &dyn Fn(&str) -> Option<UrlParts>,
    ) -> Result<Self, EndpointError> {
        Ok(Self(Client::new(base, ApiToken::new(key)?, read)?))
    }

    /// Every webhook.
    #[must_use]
    pub fn list(&self) -> ApiRequest<Vec<Webhook>> {
        self.0.request("GET", &[], &["data", "webhooks"])
    }

    /// One webhook, with its secret.
    #[must_use]
    pub fn get(&self, id: i64) -> ApiRequest<Webhook> {
        self.0.request("GET", &[&id.to_string()], &["data", "webhook"])
    }

    /// Creates a webhook. The answer holds its secret.
    ///
    /// # Errors
    /// The first of its problems.
    pub fn create(&self, config: &WebhookConfig) -> Result<ApiRequest<Webhook>, EndpointError> {
        self.create_with(config, &UrlParts::parse)
    }

    /// Creates a webhook, with another parser of URLs.
    ///
    /// # Errors
    /// The first of its problems.
    pub fn create_with(
        &self,
        config: &WebhookConfig,
        read: &dyn Fn(&str) -> Option<UrlParts>,
    ) -> Result<ApiRequest<Webhook>, EndpointError> {
        fields::first(config.problems_with(read))?;
        self.0.request("POST", &[], &["data", "webhook"]).with_json(config)
    }

    /// Deletes a webhook.
    #[must_use]
    pub fn delete(&self, id: i64) -> ApiRequest<Value> {
        self.0.request("DELETE", &[&id.to_string()], &[])
    }

    /// The event types that can be subscribed to.
    #[must_use]
    pub fn events(&self) -> ApiRequest<Vec<EventType>> {
        self.0.request("GET", &["events"], &["data", "events"])
    }
}
