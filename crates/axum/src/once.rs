//! Runs a handler once for each delivery, and makes the answer to the provider.

use std::future::Future;
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use countersign::once::{Outcome, ReplayStore, handle_once};

use crate::Verified;

/// Runs the handler unless an earlier attempt has run it, and answers: what the handler returns; 200 for a repeat; 409 with
/// `Retry-After` while another handler is at it; 500 if the handler fails; 503 if the store does. An answer of the handler's
/// without a 2xx tells the provider to send the delivery again, so it counts as not handled.
///
/// `lease` is the longest that the handler may take: see [`handle_once`]. `failed` is told what your log should have, before
/// the answer is made; the provider is told the status only.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use axum::{extract::State, response::Response};
/// use countersign::once::{MemoryStore, Outcome};
/// use countersign_axum::{Verified, once};
///
/// # #[derive(Clone)] struct App { store: Arc<MemoryStore>, webhook: Arc<countersign::Webhook> }
/// # impl axum::extract::FromRef<App> for Arc<countersign::Webhook> { fn from_ref(app: &App) -> Self { app.webhook.clone() } }
/// async fn receive(State(app): State<App>, event: Verified) -> Response {
///     let save = async || match event.event_type() {
///         Some(_) => Ok(()),
///         None => Err("no type"),
///     };
///     once(&*app.store, &event, Duration::from_secs(60), save, |outcome| eprintln!("{outcome:?}")).await
/// }
/// # fn app(state: App) -> axum::Router { axum::Router::new().route("/", axum::routing::any(receive)).with_state(state) }
/// ```
pub async fn once<S, W, T, E, F>(
    store: &S,
    event: &Verified<W>,
    lease: Duration,
    handler: impl FnOnce() -> F,
    failed: impl FnOnce(&Outcome<Response, E>),
) -> Response
where
    S: ReplayStore + ?Sized,
    F: Future<Output = Result<T, E>>,
    T: IntoResponse,
{
    let answering = async || match handler().await.map(IntoResponse::into_response) {
        Ok(answer) if answer.status().is_success() => Ok(answer),
        Ok(answer) => Err(Failed::Answered(answer)),
        Err(error) => Err(Failed::With(error)),
    };
    let outcome = match handle_once(store, event, event.verified_at(), lease, answering).await {
        Outcome::Failed(Failed::Answered(answer)) => return answer,
        Outcome::Failed(Failed::With(error)) => Outcome::Failed(error),
        Outcome::Handled(answer) => Outcome::Handled(answer),
        Outcome::HandledButForgotten(answer, why) => Outcome::HandledButForgotten(answer, why),
        Outcome::Duplicate => Outcome::Duplicate,
        Outcome::InProgress(left) => Outcome::InProgress(left),
        Outcome::StoreFailed(error) => Outcome::StoreFailed(error),
        // `Full`, or what a later version may say: the handler did not run.
        _ => Outcome::Full,
    };
    if !matches!(outcome, Outcome::Handled(_) | Outcome::Duplicate | Outcome::InProgress(_)) {
        failed(&outcome);
    }
    let status = StatusCode::from_u16(outcome.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match (outcome.retry_after(), outcome) {
        (_, Outcome::Handled(answer) | Outcome::HandledButForgotten(answer, _)) => answer,
        (Some(seconds), _) => (status, [(header::RETRY_AFTER, seconds.to_string())]).into_response(),
        (None, _) => status.into_response(),
    }
}

/// Why a delivery counts as not handled.
enum Failed<E> {
    /// The handler says so to the provider itself.
    Answered(Response),
    /// The handler's error.
    With(E),
}
