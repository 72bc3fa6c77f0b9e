//! What the provider is told: the status, and when to try again.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Tells a stranger nothing but the status.
pub(crate) fn answer(status: u16, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = if status.is_success() { "ok" } else { "refused" };
    match retry_after {
        Some(seconds) => (status, [(header::RETRY_AFTER, seconds.to_string())], body).into_response(),
        None => (status, body).into_response(),
    }
}
