//! Receives signed webhook deliveries in axum.
//!
//! [`Verified`] is an extractor: it reads the raw body, verifies it, and lets only authentic deliveries reach the handler.
//! What it refuses is a [`Rejection`], which answers with the right status and tells a stranger nothing else.
//!
//! An app with one webhook keeps it as `Arc<Webhook>` in its state:
//!
//! ```
//! use std::sync::Arc;
//! use axum::{Router, routing::any};
//! use countersign::{Provider, Webhook};
//! use countersign_axum::Verified;
//!
//! async fn receive(event: Verified) {
//!     println!("{:?}", event.event_type());
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let webhook = Arc::new(Provider::STRIPE.webhook("whsec_jq4Jr3lHSh2nGEWb0KQmPEkVrVxxxxxxx")?);
//! let app: Router = Router::new().route("/stripe", any(receive)).with_state(webhook);
//! # Ok(())
//! # }
//! ```
//!
//! An app with several gives each a type, so that a handler says whose deliveries it takes and the compiler checks it:
//!
//! ```
//! use std::sync::Arc;
//! use axum::{Router, extract::FromRef, routing::any};
//! use countersign::{Provider, Webhook};
//! use countersign_axum::Verified;
//!
//! #[derive(Clone)]
//! struct Stripe(Arc<Webhook>);
//! #[derive(Clone)]
//! struct GitHub(Arc<Webhook>);
//!
//! // With axum's feature `macros`, `#[derive(FromRef)]` on `App` writes the two impls of `FromRef`.
//! #[derive(Clone)]
//! struct App {
//!     stripe: Stripe,
//!     github: GitHub,
//! }
//! # impl FromRef<App> for Stripe { fn from_ref(app: &App) -> Self { app.stripe.clone() } }
//! # impl FromRef<App> for GitHub { fn from_ref(app: &App) -> Self { app.github.clone() } }
//!
//! impl AsRef<Webhook> for Stripe {
//!     fn as_ref(&self) -> &Webhook {
//!         &self.0
//!     }
//! }
//! # impl AsRef<Webhook> for GitHub { fn as_ref(&self) -> &Webhook { &self.0 } }
//! // … and the same for GitHub.
//!
//! async fn paid(event: Verified<Stripe>) {
//!     println!("{:?}", event.event_type());
//! }
//! async fn pushed(event: Verified<GitHub>) {
//!     println!("{:?}", event.event_type());
//! }
//!
//! # fn app(stripe: Stripe, github: GitHub) -> Router {
//! Router::new().route("/stripe", any(paid)).route("/github", any(pushed)).with_state(App { stripe, github })
//! # }
//! ```
//!
//! Route with `any`: the extractor answers 405 to what is not POST, and axum's own 405 would do it before your log sees it.
//! To log why a delivery was refused, take `Result<Verified, Rejection>`:
//!
//! ```
//! # use countersign_axum::{Rejection, Verified};
//! async fn receive(delivery: Result<Verified, Rejection>) -> Result<(), Rejection> {
//!     let event = delivery.inspect_err(|refused| eprintln!("{}: {refused}", refused.code()))?;
//!     println!("{:?}", event.event_type());
//!     Ok(())
//! }
//! ```
//!
//! [`once`] runs a handler once for each delivery and makes the answer.

#![forbid(unsafe_code)]

mod once;
mod rejection;
mod verified;

pub use once::once;
pub use rejection::Rejection;
pub use verified::Verified;
