//! PlaneConnection's management API: webhooks, their logs and a test event.
//!
//! Its page documents requests but not answers: what is read from answers is what the requests name, and all else is
//! kept in `extra`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use countersign_core::{Extra, Provider, TimestampFormat};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event_type::EventType;
use super::request::{self, ApiRequest, ApiToken, Client};
use crate::debug::debug_without_extra;
use crate::endpoint::Endpoint;
use crate::error::EndpointError;
use crate::events::EventFilter;
use crate::log::{DeliveryStatus, LogFilter};
use crate::redact::{CustomHeaders, EndpointUrl, SecretText};
use crate::retry::RetryPolicy;
use crate::signing::SigningScheme;
use crate::url_parts::UrlParts;
use crate::{events, fields, headers, signing};

/// Where the API is.
pub const BASE: &str = "https://api.planeconnection.com";

const DEFAULT_RETRY_COUNT: i64 = 3;
const DEFAULT_TIMEOUT_MS: i64 = 10_000;

/// A webhook as it is created and updated.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookConfig {
    /// What people call it, up to 100 characters.
    pub name: String,
    /// The URL that deliveries go to.
    pub url: EndpointUrl,
    /// The signing secret; without one, deliveries are not signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
    /// The event types.
    pub events: Vec<EventFilter>,
    /// Whether it is enabled; yes by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// What is sent along with every delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<CustomHeaders>,
    /// How many attempts may follow the first: 0 to 10, 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_count: Option<i64>,
    /// How long an attempt may take: 1,000 to 30,000, 10,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(WebhookConfig: name, url, secret, events, active, headers, retry_count, timeout_ms);

impl WebhookConfig {
    /// A webhook with the defaults for everything else.
    pub fn new(
        name: impl Into<String>,
        url: impl Into<EndpointUrl>,
        events: impl IntoIterator<Item = impl Into<EventFilter>>,
    ) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            secret: None,
            events: events.into_iter().map(Into::into).collect(),
            active: None,
            headers: None,
            retry_count: None,
            timeout_ms: None,
            extra: Extra::new(),
        }
    }

    /// Everything that the API would refuse, in the order of the fields.
    #[must_use]
    pub fn problems(&self) -> Vec<EndpointError> {
        self.problems_with(&UrlParts::parse)
    }

    /// Everything that the API would refuse, with another parser of URLs.
    #[must_use]
    pub fn problems_with(&self, read: &dyn Fn(&str) -> Option<UrlParts>) -> Vec<EndpointError> {
        let mut found = Vec::new();
        found.extend(fields::name_problem(Some(&self.name), true));
        found.extend(request::url_problem(&self.url, read));
        found
            .extend(self.secret.as_ref().and_then(|secret| signing::secret_problem(secret, Provider::PLANECONNECTION)));
        found.extend(events::problems(&self.events));
        found.extend(self.headers.iter().flat_map(|all| headers::problems(all, None, Some(Provider::PLANECONNECTION))));
        found.extend(fields::retries_problem("retry_count", self.retry_count.unwrap_or(DEFAULT_RETRY_COUNT)));
        found.extend(fields::timeout_problem("timeout_ms", self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)));
        found
    }

    /// The same as an endpoint of our own, signed and retried as PlaneConnection does.
    #[must_use]
    pub fn to_endpoint(&self) -> Endpoint {
        Endpoint {
            name: Some(self.name.clone()),
            url: self.url.clone(),
            events: self.events.clone(),
            active: self.active,
            headers: self.headers.clone(),
            timeout_ms: Some(self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)),
            max_per_second: None,
            signing: SigningScheme::of(Provider::PLANECONNECTION),
            secrets: self.secret.clone().into_iter().map(Into::into).collect(),
            retry: Some(
                RetryPolicy::of(Provider::PLANECONNECTION)
                    .unwrap_or_default()
                    .max_retries(self.retry_count.unwrap_or(DEFAULT_RETRY_COUNT)),
            ),
            breaker: None,
            identity: None,
            extra: self.extra.clone(),
        }
    }
}

/// A webhook as the API answers with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Its id, such as `wh_abc123`; deliveries carry it in `X-Webhook-ID`.
    pub id: String,
    /// Recent deliveries, where one webhook was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<Vec<LogEntry>>,
    /// Its settings.
    #[serde(flatten)]
    pub config: WebhookConfig,
}

/// A line of the delivery log.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<String>,
    /// The event type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Where the delivery stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    /// Every other field, among them the answer and a preview of the payload.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(LogEntry: id, webhook_id, event_type, status);

/// A test event.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TestEvent {
    /// The event type.
    pub event_type: String,
    /// The event's data.
    pub payload: Value,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(TestEvent: event_type);

impl TestEvent {
    /// A test event with this data.
    pub fn new(event_type: impl Into<String>, payload: Value) -> Self {
        Self { event_type: event_type.into(), payload, extra: Extra::new() }
    }
}

/// The API, as somebody with this token sees it.
#[derive(Clone, Debug)]
pub struct Api(Client);

impl Api {
    /// The API at its own address.
    ///
    /// # Errors
    /// `token_invalid`.
    pub fn new(token: impl Into<String>) -> Result<Self, EndpointError> {
        Self::at_with(BASE, token, &|base| Some(UrlParts::from_normal_form(base)))
    }

    /// The API at another address.
    ///
    /// # Errors
    /// `token_invalid`, or one of the codes that begin with `url_`.
    pub fn at(base: &str, token: impl Into<String>) -> Result<Self, EndpointError> {
        Self::at_with(base, token, &UrlParts::parse)
    }

    /// The API at another address, with another parser of URLs.
    ///
    /// # Errors
    /// `token_invalid`, or one of the codes that begin with `url_`.
    pub fn at_with(
        base: &str,
        token: impl Into<String>,
        read: &dyn Fn(&str) -> Option<UrlParts>,
    ) -> Result<Self, EndpointError> {
        Ok(Self(Client::new(base, ApiToken::new(token)?, read)?))
    }

    /// Every webhook.
    #[must_use]
    pub fn list(&self) -> ApiRequest<Vec<Webhook>> {
        self.0.request("GET", &[], &["data", "webhooks"])
    }

    /// One webhook with its recent deliveries.
    ///
    /// # Errors
    /// `id_invalid`.
    pub fn get(&self, id: &str) -> Result<ApiRequest<Webhook>, EndpointError> {
        Ok(self.0.request("GET", &[request::id(id)?], &["data", "webhook"]))
    }

    /// Creates a webhook.
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

    /// Updates a webhook. The page does not say whether missing fields are kept or reset, so all of them are sent; only
    /// a missing secret stays missing.
    ///
    /// # Errors
    /// `id_invalid`, or the first of its problems.
    pub fn update(&self, id: &str, config: &WebhookConfig) -> Result<ApiRequest<Webhook>, EndpointError> {
        self.update_with(id, config, &UrlParts::parse)
    }

    /// Updates a webhook, with another parser of URLs.
    ///
    /// # Errors
    /// `id_invalid`, or the first of its problems.
    pub fn update_with(
        &self,
        id: &str,
        config: &WebhookConfig,
        read: &dyn Fn(&str) -> Option<UrlParts>,
    ) -> Result<ApiRequest<Webhook>, EndpointError> {
        fields::first(config.problems_with(read))?;
        let whole = WebhookConfig {
            active: Some(config.active.unwrap_or(true)),
            headers: Some(config.headers.clone().unwrap_or_default()),
            retry_count: Some(config.retry_count.unwrap_or(DEFAULT_RETRY_COUNT)),
            timeout_ms: Some(config.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)),
            ..config.clone()
        };
        self.0.request("PUT", &[request::id(id)?], &["data", "webhook"]).with_json(&whole)
    }

    /// Deletes a webhook and its logs.
    ///
    /// # Errors
    /// `id_invalid`.
    pub fn delete(&self, id: &str) -> Result<ApiRequest<Value>, EndpointError> {
        Ok(self.0.request("DELETE", &[request::id(id)?], &[]))
    }

    /// Sends a test event to a webhook.
    ///
    /// # Errors
    /// `id_invalid`.
    pub fn test(&self, id: &str, event: &TestEvent) -> Result<ApiRequest<Value>, EndpointError> {
        self.0.request("POST", &[request::id(id)?, "test"], &[]).with_json(event)
    }

    /// The event types that can be subscribed to.
    #[must_use]
    pub fn events(&self) -> ApiRequest<Vec<EventType>> {
        self.0.request("GET", &["events"], &["data", "events"])
    }

    /// The delivery log.
    ///
    /// # Errors
    /// `filter_invalid`.
    pub fn logs(&self, filter: &LogFilter) -> Result<ApiRequest<Vec<LogEntry>>, EndpointError> {
        filter.check()?;
        let date = |time| TimestampFormat::Iso8601.write(time);
        let pairs = [
            ("webhook_id", filter.webhook_id.clone()),
            ("event_type", filter.event_type.clone()),
            ("status", filter.status.as_ref().map(|status| status.as_str().into())),
            ("date_from", filter.date_from.map(date)),
            ("date_to", filter.date_to.map(date)),
            ("limit", filter.limit.map(|limit| limit.to_string())),
            ("offset", filter.offset.map(|offset| offset.to_string())),
        ];
        let set = pairs.iter().filter_map(|(name, value)| value.as_deref().map(|value| (*name, value)));
        Ok(self.0.request("GET", &["logs"], &["data", "logs"]).with_query(set))
    }
}
