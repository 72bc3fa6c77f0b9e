//! A Cloudflare Worker written in Rust: Stripe's webhooks, each handled once.
//!
//!   echo STRIPE_WEBHOOK_SECRET=whsec_… > .dev.vars
//!   npx wrangler dev
//!
//! Each isolate of the Worker remembers for itself what it has handled. To handle once across all of them, claim the
//! replay key in a Durable Object or a database.

use std::sync::Mutex;
use std::time::Duration;

use countersign::once::{Claim, ReplayMemory};
use countersign::providers::stripe;
use countersign::{Delivery, Event, Provider, UnixTime};
use worker::{Context, Env, Request, Response, Result, console_error, console_log, event};

/// The longest that handling an event may take.
const LEASE: Duration = Duration::from_secs(30);

static HANDLED: Mutex<ReplayMemory> = Mutex::new(ReplayMemory::new(10_000));

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _: Context) -> Result<Response> {
    let secret = env.secret("STRIPE_WEBHOOK_SECRET")?.to_string();
    let webhook = Provider::STRIPE.webhook(&secret).map_err(|error| error.to_string())?;
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let body = request.bytes().await?;
    match webhook.verify(&Delivery::new(&headers, &body), UnixTime::now()) {
        Ok(event) => once(&event),
        Err(error) => {
            console_error!("refused: {error}");
            empty(error.status())
        }
    }
}

fn once(event: &Event<'_>) -> Result<Response> {
    let Ok(mut handled) = HANDLED.lock() else { return empty(500) };
    match handled.claim(&event.replay_key(), UnixTime::now(), LEASE) {
        Claim::New(token) => {
            handle(event);
            handled.commit(&token, event.expires());
            empty(200)
        }
        Claim::Done => empty(200),
        _ => empty(503),
    }
}

fn handle(event: &Event<'_>) {
    match event.parse() {
        Ok(stripe::Payload::InvoicePaid(paid)) => {
            console_log!("invoice paid: {}", paid.data.object.id.as_deref().unwrap_or("without an id"))
        }
        _ => console_log!("nothing to do for {}", event.event_type().unwrap_or("an event without a type")),
    }
}

fn empty(status: u16) -> Result<Response> {
    Ok(Response::empty()?.with_status(status))
}
