//! An endpoint as it is sent to: judged and taken apart once, for as long as its settings stay.

use core::future::Future;
use std::sync::Arc;

use countersign_core::{SignedHeaders, Webhook};
use countersign_endpoint::retry::RetryPolicy;
use countersign_endpoint::{Endpoint, judge_url};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::client::{Answer, Client, Failure, exchange};

pub(crate) struct Target {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) retry: RetryPolicy,
    /// Or why nothing can be sent there.
    pub(crate) way: Result<Way, Failure>,
}

/// What every request to it has in common.
pub(crate) struct Way {
    client: reqwest::Client,
    url: reqwest::Url,
    headers: HeaderMap,
    pub(crate) webhook: Webhook,
}

impl Target {
    pub(crate) fn new(endpoint: Arc<Endpoint>, client: &Client) -> Self {
        Self { retry: endpoint.retry(), way: Way::to(&endpoint, client), endpoint }
    }

    /// Whether it is still what the settings say.
    pub(crate) fn is(&self, endpoint: &Arc<Endpoint>) -> bool {
        Arc::ptr_eq(&self.endpoint, endpoint)
    }
}

impl Way {
    fn to(endpoint: &Endpoint, client: &Client) -> Result<Self, Failure> {
        // Settings may have changed since they were accepted, and rules too.
        endpoint.check(&client.policy).map_err(|error| error.code().as_str())?;
        // Addresses in URLs never reach the resolver: they are judged here.
        let destination = judge_url(&endpoint.url, &client.policy).map_err(|error| error.code().as_str())?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        add(&mut headers, endpoint.headers.iter().flat_map(|headers| headers.iter()))?;
        Ok(Self {
            client: match &endpoint.identity {
                Some(identity) => client.with_identity(identity).ok_or("identity_invalid")?,
                None => client.shared.clone(),
            },
            url: destination.as_str().parse().map_err(|_| "url_malformed")?,
            headers,
            webhook: endpoint.webhook().map_err(|_| "secret_invalid")?,
        })
    }

    /// One attempt, its answer included.
    pub(crate) fn send(
        &self,
        signed: &SignedHeaders,
        body: Vec<u8>,
    ) -> Result<impl Future<Output = Result<Answer, Failure>> + Send + use<>, Failure> {
        let mut headers = self.headers.clone();
        add(&mut headers, signed.iter().map(|(name, value)| (name, value)))?;
        Ok(exchange(self.client.post(self.url.clone()).headers(headers).body(body)))
    }
}

/// None of them is shown by reqwest.
fn add<'a>(
    to: &mut HeaderMap,
    headers: impl Iterator<Item = (&'a std::string::String, &'a std::string::String)>,
) -> Result<(), Failure> {
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|_| "header_name_invalid")?;
        let mut value: HeaderValue = value.parse().map_err(|_| "header_value_invalid")?;
        value.set_sensitive(true);
        to.insert(name, value);
    }
    Ok(())
}
