//! An endpoint made ready for attempts: its settings are judged once, for as long as they stay the same.

use core::future::Future;
use std::sync::Arc;

use countersign_core::{SignedHeaders, Webhook};
use countersign_endpoint::retry::RetryPolicy;
use countersign_endpoint::{Endpoint, EndpointCode, judge_url};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::attempt_error::AttemptError;
use crate::client::{Answer, Client, exchange};

pub(crate) struct Target {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) retry: RetryPolicy,
    /// What every request has in common, or why nothing can be sent to the endpoint.
    pub(crate) request: Result<RequestTemplate, AttemptError>,
}

/// What every request to the endpoint has in common.
pub(crate) struct RequestTemplate {
    client: reqwest::Client,
    url: reqwest::Url,
    headers: HeaderMap,
    pub(crate) webhook: Webhook,
}

impl Target {
    pub(crate) fn new(endpoint: Arc<Endpoint>, client: &Client) -> Self {
        Self { retry: endpoint.retry(), request: RequestTemplate::new(&endpoint, client), endpoint }
    }

    /// Whether the target was made from these settings.
    pub(crate) fn is_of(&self, endpoint: &Arc<Endpoint>) -> bool {
        Arc::ptr_eq(&self.endpoint, endpoint)
    }
}

impl RequestTemplate {
    fn new(endpoint: &Endpoint, client: &Client) -> Result<Self, AttemptError> {
        // The settings, or the operator's policy, may have changed since the endpoint was accepted.
        endpoint.check(&client.policy).map_err(|error| error.code())?;
        // An address in a URL never reaches the resolver, so it is judged here.
        let destination = judge_url(&endpoint.url, &client.policy).map_err(|error| error.code())?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        add(&mut headers, endpoint.headers.iter().flat_map(|headers| headers.iter()))?;
        Ok(Self {
            client: match &endpoint.identity {
                Some(identity) => client.with_identity(identity).ok_or(EndpointCode::IdentityInvalid)?,
                None => client.shared.clone(),
            },
            url: destination.as_str().parse().map_err(|_| EndpointCode::UrlMalformed)?,
            headers,
            webhook: endpoint.webhook().map_err(|_| EndpointCode::SecretInvalid)?,
        })
    }

    /// Sends one request and reads the answer.
    pub(crate) fn send(
        &self,
        signed: &SignedHeaders,
        body: Vec<u8>,
    ) -> Result<impl Future<Output = Result<Answer, AttemptError>> + Send + use<>, AttemptError> {
        let mut headers = self.headers.clone();
        add(&mut headers, signed.iter().map(|(name, value)| (name, value)))?;
        Ok(exchange(self.client.post(self.url.clone()).headers(headers).body(body)))
    }
}

/// Adds headers, marked as sensitive: reqwest then shows their values to nobody.
fn add<'a>(to: &mut HeaderMap, headers: impl Iterator<Item = (&'a String, &'a String)>) -> Result<(), AttemptError> {
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|_| EndpointCode::HeaderNameInvalid)?;
        let mut value: HeaderValue = value.parse().map_err(|_| EndpointCode::HeaderValueInvalid)?;
        value.set_sensitive(true);
        to.insert(name, value);
    }
    Ok(())
}
