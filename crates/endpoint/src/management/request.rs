//! A request to a management API as plain data, and the reading of its answer.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::destination::judge_url_with;
use crate::error::{EndpointCode, EndpointError};
use crate::policy::UrlPolicy;
use crate::url_parts::UrlParts;

/// A token for a management API. It goes into one header and is never shown.
#[derive(Clone)]
pub struct ApiToken(Zeroizing<String>);

impl ApiToken {
    /// A token as the API gave it, without `Bearer`.
    ///
    /// # Errors
    /// `token_invalid`: it cannot stand in a header.
    pub fn new(text: impl Into<String>) -> Result<Self, EndpointError> {
        let text = Zeroizing::new(text.into());
        let valid = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'`'));
        if valid { Ok(Self(text)) } else { Err(EndpointError::new(EndpointCode::TokenInvalid)) }
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// A request that is ready to be sent, and knows what its answer looks like.
#[derive(Clone)]
pub struct ApiRequest<Reply> {
    method: &'static str,
    url: String,
    authorization: Zeroizing<String>,
    body: Option<Zeroizing<Vec<u8>>>,
    /// Under which keys the answer may be wrapped.
    wrappers: &'static [&'static str],
    reply: PhantomData<fn() -> Reply>,
}

impl<Reply> ApiRequest<Reply> {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The whole URL. There is no secret in it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, the token's among them.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let content = self.body.is_some().then_some(("Content-Type", "application/json"));
        [("Accept", "application/json"), ("Authorization", self.authorization.as_str())].into_iter().chain(content)
    }

    /// The body. It may hold a signing secret.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_ref().map_or(&[], |body| body)
    }
}

impl<Reply: DeserializeOwned> ApiRequest<Reply> {
    /// Reads the answer, bare or wrapped in an object (`{"data": …}`): the providers' pages do not all say which.
    ///
    /// # Errors
    /// `api_refused` for a status other than 2xx, and `reply_malformed`.
    pub fn reply(&self, status: u16, body: &[u8]) -> Result<Reply, EndpointError> {
        read(self.unwrapped(status, body)?)
    }

    /// The same as the JSON that it is read from, unwrapped and whole.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn checked_reply(&self, status: u16, body: &[u8]) -> Result<Value, EndpointError> {
        let value = self.unwrapped(status, body)?;
        read::<Reply>(value.clone())?;
        Ok(value)
    }

    fn unwrapped(&self, status: u16, body: &[u8]) -> Result<Value, EndpointError> {
        if !(200..300).contains(&status) {
            return Err(EndpointError::new(EndpointCode::ApiRefused).because(format!("The status is {status}.")));
        }
        let malformed = |error: serde_json::Error| EndpointError::json(EndpointCode::ReplyMalformed, &error);
        let mut value = match body {
            [] => Value::Null,
            body => serde_json::from_slice(body).map_err(malformed)?,
        };
        for wrapper in self.wrappers {
            if let Some(inside) = value.get_mut(*wrapper).filter(|inside| inside.is_object() || inside.is_array()) {
                value = inside.take();
            }
        }
        Ok(value)
    }
}

fn read<Reply: DeserializeOwned>(value: Value) -> Result<Reply, EndpointError> {
    serde_json::from_value(value).map_err(|_| EndpointError::new(EndpointCode::ReplyMalformed))
}

/// The token and the body stay out of logs.
impl<Reply> fmt::Debug for ApiRequest<Reply> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("body", &format_args!("{} bytes", self.body().len()))
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "http")]
impl<Reply> TryFrom<ApiRequest<Reply>> for http::Request<Vec<u8>> {
    type Error = http::Error;

    fn try_from(request: ApiRequest<Reply>) -> Result<Self, http::Error> {
        let mut built = http::Request::builder().method(request.method).uri(&request.url);
        for (name, value) in request.headers() {
            let mut value = http::HeaderValue::try_from(value)?;
            value.set_sensitive(name == "Authorization");
            built = built.header(name, value);
        }
        built.body(request.body().to_vec())
    }
}

/// Where an API is and who asks.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Without the slash at its end.
    base: String,
    token: ApiToken,
}

impl Client {
    /// The base may be another than the provider's own, such as a test server; its name is the caller's choice, its
    /// scheme is not: the token is only sent over TLS.
    pub(super) fn new(
        base: &str,
        token: ApiToken,
        read: &dyn Fn(&str) -> Option<UrlParts>,
    ) -> Result<Self, EndpointError> {
        let refused = |code| EndpointError::new(code).at("base");
        let url = read(base).ok_or(refused(EndpointCode::UrlMalformed))?;
        if url.scheme != "https" {
            return Err(refused(EndpointCode::UrlNotHttps));
        }
        if url.userinfo {
            return Err(refused(EndpointCode::UrlUserinfo));
        }
        if url.query || url.fragment {
            return Err(refused(EndpointCode::UrlMalformed));
        }
        let base = url.href();
        let base = base.strip_suffix('/').unwrap_or(base).into();
        Ok(Self { base, token })
    }

    /// A request to `/api/v1/webhooks`, or to what follows it.
    pub(super) fn request<Reply>(
        &self,
        method: &'static str,
        path: &[&str],
        wrappers: &'static [&'static str],
    ) -> ApiRequest<Reply> {
        ApiRequest {
            method,
            url: self.url(path),
            authorization: Zeroizing::new(format!("Bearer {}", self.token.0.as_str())),
            body: None,
            wrappers,
            reply: PhantomData,
        }
    }

    /// Names in the path are ours or were judged by [`id`]: nothing in them needs escaping.
    fn url(&self, path: &[&str]) -> String {
        path.iter().fold(format!("{}/api/v1/webhooks", self.base), |url, name| url + "/" + name)
    }
}

impl<Reply> ApiRequest<Reply> {
    pub(super) fn with_query<'a>(mut self, pairs: impl Iterator<Item = (&'static str, &'a str)>) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(pairs).finish();
        if !query.is_empty() {
            self.url.push('?');
            self.url.push_str(&query);
        }
        self
    }

    pub(super) fn with_json(mut self, body: &impl Serialize) -> Result<Self, EndpointError> {
        // Only a map whose keys are no text could fail, and there is none.
        let json = serde_json::to_vec(body).map_err(|error| EndpointError::json(EndpointCode::Malformed, &error))?;
        self.body = Some(Zeroizing::new(json));
        Ok(self)
    }
}

/// An id that can stand in a path. URL libraries take `..` for the folder above, escaped or not.
pub(super) fn id(id: &str) -> Result<&str, EndpointError> {
    let valid = !id.is_empty()
        && id.len() <= 200
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'~'))
        && !id.bytes().all(|b| b == b'.');
    if valid { Ok(id) } else { Err(EndpointError::new(EndpointCode::IdInvalid).at("id")) }
}

/// The URL of an endpoint that a provider sends to: the provider decides about ports.
pub(super) fn url_problem(url: &str, read: &dyn Fn(&str) -> Option<UrlParts>) -> Option<EndpointError> {
    judge_url_with(url, &UrlPolicy::new().allow_any_port(), read).err()
}
