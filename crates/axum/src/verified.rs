//! The extractor: reads the raw body and lets only authentic deliveries reach a handler.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};
use axum::http::Method;
use countersign::{Delivery, Event, UnixTime, Webhook};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::Rejection;

/// A verified event, which it dereferences to. As it reads the body, it must be the last argument of a handler.
///
/// `W` says which webhook of the app's state verifies: `Arc<Webhook>` itself, or a type of yours for each of several.
/// Bodies may be as large as the provider says its own are; axum's `DefaultBodyLimit` of 2 MB, which is less than some
/// providers post, does not count here. A smaller limit of yours is `tower_http::limit::RequestBodyLimitLayer`.
pub struct Verified<W = Arc<Webhook>> {
    event: Event<'static>,
    verified_at: UnixTime,
    webhook: PhantomData<fn() -> W>,
}

impl<W> Verified<W> {
    /// The `now` that freshness was judged by: what [`handle_once`](countersign::once::handle_once) asks for.
    #[must_use]
    pub const fn verified_at(&self) -> UnixTime {
        self.verified_at
    }

    /// The event by itself.
    #[must_use]
    pub fn into_event(self) -> Event<'static> {
        self.event
    }
}

impl<W> Deref for Verified<W> {
    type Target = Event<'static>;

    fn deref(&self) -> &Self::Target {
        &self.event
    }
}

impl<W> fmt::Debug for Verified<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.event.fmt(f)
    }
}

impl<S, W> FromRequest<S> for Verified<W>
where
    S: Send + Sync,
    W: AsRef<Webhook> + FromRef<S> + Send,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        if request.method() != Method::POST {
            return Err(Rejection::Method(request.method().clone()));
        }
        let webhook = W::from_ref(state);
        let limit = webhook.as_ref().largest_body();
        let (parts, body) = request.into_parts();
        // The bytes of the wire: nothing has parsed them yet.
        let body = match Limited::new(body, limit).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(Rejection::TooLarge(limit)),
            Err(error) => return Err(Rejection::Incomplete(axum::Error::new(error))),
        };
        let verified_at = UnixTime::now();
        let delivery = Delivery::new(&parts.headers, &body);
        let event = webhook.as_ref().verify(&delivery, verified_at).map_err(Rejection::Refused)?;
        Ok(Self { event: event.into_owned(), verified_at, webhook: PhantomData })
    }
}
