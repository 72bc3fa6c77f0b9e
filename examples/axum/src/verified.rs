//! An extractor that reads the raw body and lets only authentic deliveries reach a handler.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use countersign::{Code, Delivery, Event, UnixTime, Webhook};

use crate::answer::answer;

/// A verified event. As it reads the body, it must be the last argument of a handler.
pub(crate) struct Verified(pub(crate) Event<'static>);

impl<S> FromRequest<S> for Verified
where
    S: Send + Sync,
    Arc<Webhook>: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if request.method() != Method::POST {
            let mut refused = answer(Code::MethodNotAllowed.status(), None);
            refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return Err(refused);
        }
        let headers = request.headers().clone();
        // `Bytes` are the bytes of the wire; `String` and `Json` are not. It keeps to the `DefaultBodyLimit`.
        let body = Bytes::from_request(request, state).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => answer(Code::BodyTooLarge.status(), None),
            _ => error.into_response(),
        })?;
        match Arc::<Webhook>::from_ref(state).verify(&Delivery::new(&headers, &body), UnixTime::now()) {
            Ok(event) => Ok(Self(event.into_owned())),
            Err(error) => {
                eprintln!("{}: {error}", error.code());
                Err(answer(error.status(), None))
            }
        }
    }
}
