//! Receives GitHub's webhooks with actix-web and prints each event once.
//!
//! Run it, with the secret that the webhook has on GitHub:
//!
//! ```sh
//! GITHUB_WEBHOOK_SECRET=… cargo run -p example-actix      # listens on http://127.0.0.1:8080/webhooks/github
//! ```
//!
//! `ADDRESS` in the environment is another address to listen on.

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use countersign::once::{MemoryStore, handle_once};
use countersign::{Delivery, Event, Provider, UnixTime, Webhook};

/// The longest that `handle` may take.
const LEASE: Duration = Duration::from_secs(60);

struct Receiver {
    webhook: Webhook,
    store: MemoryStore,
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var("GITHUB_WEBHOOK_SECRET").map_err(|_| "Set GITHUB_WEBHOOK_SECRET to the webhook's secret.")?;
    let webhook = Provider::GITHUB.webhook(secret)?;
    let receiver = Data::new(Receiver { webhook, store: MemoryStore::new(100_000) });
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".into());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(receiver.clone())
            // actix-web's own limit, 256 KiB, is less than GitHub posts.
            .app_data(PayloadConfig::new(Provider::GITHUB.largest_body()))
            .route("/webhooks/github", web::post().to(receive))
    })
    .workers(1)
    .bind(address)?;
    for address in server.addrs() {
        println!("http://{address}/webhooks/github");
    }
    server.run().await?;
    Ok(())
}

/// `Bytes` are the bytes of the wire; `String` and `Json` are not.
async fn receive(receiver: Data<Receiver>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let now = UnixTime::now();
    let event = match receiver.webhook.verify(&Delivery::new(request.headers(), &body), now) {
        Ok(event) => event,
        Err(refused) => {
            eprintln!("{}: {refused}", refused.code());
            return answer(refused.status(), None);
        }
    };
    let outcome = handle_once(&receiver.store, &event, now, LEASE, || handle(&event)).await;
    answer(outcome.status(), outcome.retry_after())
}

/// What the app is for. It runs once for each event, until it has succeeded.
async fn handle(event: &Event<'_>) -> Result<(), Infallible> {
    println!("{} {}", event.event_type().unwrap_or("?"), event.replay_key());
    Ok(())
}

/// Tells a stranger nothing but the status.
fn answer(status: u16, retry_after: Option<u64>) -> HttpResponse {
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(seconds) = retry_after {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    answer.finish()
}
