//! Receives Stripe's webhooks with axum and writes each event once into a file, one line of JSON for each.
//!
//! Run it, with the signing secret that Stripe shows for the endpoint:
//!
//! ```sh
//! STRIPE_WEBHOOK_SECRET=whsec_… cargo run -p example-axum      # listens on http://127.0.0.1:8080/webhooks/stripe
//! ```
//!
//! and let `stripe listen --forward-to 127.0.0.1:8080/webhooks/stripe` send to it. Also read from the environment:
//! `ADDRESS` (127.0.0.1:8080), `EVENTS` (the file, events.jsonl), `REDIS_URL` (where handled events are remembered; without
//! it in this process, which is right for one process that may forget them when it ends).

use std::env;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::response::Response;
use axum::routing::any;
use countersign::once::{MemoryStore, Outcome, RedisStore, ReplayStore};
use countersign::{Event, Provider, Webhook};
use countersign_axum::{Rejection, Verified, once};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

/// The longest that `handle` may take.
const LEASE: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct App {
    webhook: Arc<Webhook>,
    store: Arc<dyn ReplayStore>,
    events: Arc<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let secret = env::var("STRIPE_WEBHOOK_SECRET").map_err(|_| "Set STRIPE_WEBHOOK_SECRET to the signing secret.")?;
    let webhook = Arc::new(Provider::STRIPE.webhook(secret)?);
    let events = Arc::new(PathBuf::from(setting("EVENTS", "events.jsonl")));
    let store: Arc<dyn ReplayStore> = match env::var("REDIS_URL") {
        Ok(url) => Arc::new(RedisStore::connect(&url).await?),
        Err(_) => Arc::new(MemoryStore::new(100_000)),
    };
    let listener = TcpListener::bind(setting("ADDRESS", "127.0.0.1:8080")).await?;
    println!("http://{}/webhooks/stripe", listener.local_addr()?);
    axum::serve(listener, router(App { webhook, store, events })).await?;
    Ok(())
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.into())
}

fn router(app: App) -> Router {
    Router::new()
        // Any method: `Verified` refuses what is not POST like everything else that it refuses.
        .route("/webhooks/stripe", any(receive))
        .with_state(app)
}

async fn receive(State(app): State<App>, delivery: Result<Verified, Rejection>) -> Result<Response, Rejection> {
    let event = delivery.inspect_err(|refused| eprintln!("{}: {refused}", refused.code()))?;
    let handler = || handle(&app.events, &event);
    Ok(once(&*app.store, &event, LEASE, handler, |outcome| log(&event, outcome)).await)
}

fn log(event: &Event<'_>, outcome: &Outcome<Response, io::Error>) {
    match outcome {
        Outcome::Failed(error) => eprintln!("{}: {error}", event.replay_key()),
        Outcome::HandledButForgotten(..) => eprintln!("{}: may be handled again", event.replay_key()),
        _ => eprintln!("{}: the replay store failed", event.replay_key()),
    }
}

/// What the app is for. It runs once for each event, until it has succeeded.
async fn handle(events: &Path, event: &Event<'_>) -> io::Result<()> {
    let line = serde_json::json!({ "key": event.replay_key(), "type": event.event_type(), "bytes": event.raw().len() });
    let mut file = OpenOptions::new().create(true).append(true).open(events).await?;
    file.write_all(format!("{line}\n").as_bytes()).await?;
    file.flush().await
}

impl FromRef<App> for Arc<Webhook> {
    fn from_ref(app: &App) -> Self {
        app.webhook.clone()
    }
}
