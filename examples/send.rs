//! Sends 1,000 events to two endpoints: one that fails at first, and one that works. Then prints the log.
//!
//! `cargo run --release --example send --features dispatch`
#![allow(clippy::unwrap_used)]

#[path = "../crates/dispatch/tests/support/receiver.rs"]
mod receiver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::Provider;
use countersign::dispatch::{
    Addresses, Dispatcher, EndpointMap, LogEntry, Options, OutgoingEvent, Resolver, SqliteStore,
};
use countersign::endpoint::retry::{BreakerPolicy, RetryPolicy, Steps};
use countersign::endpoint::{DeliveryStatus, Endpoint, EventFilter, LogFilter, SigningScheme, UrlPolicy};
use receiver::{Receiver, Reply};

const EVENTS: usize = 1_000;

/// The receiver of this example is this process; in production the machine resolves names, and only public addresses do.
struct ThisProcess;

impl Resolver for ThisProcess {
    fn addresses(&self, _: String) -> Addresses {
        Box::pin(async { Ok(vec![[127, 0, 0, 1].into()]) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let receiver = Receiver::start(|number, request| match request.path.as_str() {
        "/orders" if number < EVENTS / 4 => Reply::status(503),
        _ => Reply::status(204),
    })
    .await;

    // 1. Two endpoints, with schemes and secrets of their own.
    let endpoints = EndpointMap::new();
    let url = |path: &str| format!("https://receiver.test:{}/{path}", receiver.port);
    let standard = SigningScheme::of(Provider::STANDARD_WEBHOOKS);
    let mut orders = Endpoint::new(url("orders"), standard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    orders.events = vec![EventFilter::from("order.*")];
    // Seconds, so that the example ends soon. By default retries are 1, 5 and 30 minutes apart, and a pause takes 5 minutes.
    orders.retry = Some(RetryPolicy::new().schedule(Steps::new([1, 1, 2].map(Duration::from_secs))));
    orders.breaker = Some(BreakerPolicy::new().pause(Duration::from_secs(1)));
    endpoints.set("orders", orders);
    let github = SigningScheme::of(Provider::GITHUB);
    endpoints.set("everything", Endpoint::new(url("everything"), github, "It's a Secret to Everybody"));

    // 2. A dispatcher. `Dispatcher::new(store, endpoints)` is enough where receivers are public.
    let file = std::env::temp_dir().join(format!("countersign-send-{}.sqlite", std::process::id()));
    let options = Options::new()
        .policy(UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse()?))
        .roots_pem(receiver.root_pem.clone())
        .resolver(Arc::new(ThisProcess));
    let dispatcher = Dispatcher::with_options(SqliteStore::open(&file)?, endpoints, options)?;

    // 3. Events. When `enqueue` returns, they are on the disk.
    let start = Instant::now();
    let events = (1..=EVENTS).map(|number| {
        let body = format!(r#"{{"type":"order.paid","data":{{"number":{number}}}}}"#);
        OutgoingEvent::new(format!("evt_{number}"), "order.paid", body)
    });
    let deliveries = dispatcher.enqueue_all(events).await?;
    println!("{EVENTS} events are {deliveries} deliveries, stored in {:.0?}", start.elapsed());

    // 4. Sends, until nothing is pending.
    let all_sent = async {
        while dispatcher.depth().await.is_ok_and(|pending| pending > 0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    dispatcher.run(all_sent).await;
    let counts = dispatcher.counts();
    println!(
        "{} attempts in {:.1?}: {} accepted, {} failed, {} given up; the endpoint that failed got {} pause(s)",
        counts.attempts,
        start.elapsed(),
        counts.accepted,
        counts.failed,
        counts.dead_letters,
        counts.pauses
    );

    // 5. The log.
    println!("\n  id    endpoint    event     attempts  status   answer  took");
    let retried = dispatcher.log(&LogFilter::new().limit(100)).await?;
    let oldest = LogFilter::new().offset(i64::try_from(deliveries)? - 5);
    for entry in retried.iter().take(5).chain(&dispatcher.log(&oldest).await?) {
        print(entry);
    }
    let failed = LogFilter::new().status(DeliveryStatus::Failed);
    let failed = dispatcher.log(&failed).await?.len();
    drop(dispatcher);
    for end in ["", "-wal", "-shm"] {
        // Those two are gone already where SQLite has closed the file.
        std::fs::remove_file(format!("{}{end}", file.display())).ok();
    }
    if failed > 0 || receiver.requests().len() != usize::try_from(counts.attempts)? {
        return Err("not everything has arrived".into());
    }
    Ok(())
}

fn print(entry: &LogEntry) {
    let LogEntry { id, endpoint_id, event_id, attempt, status, .. } = entry;
    let answer = entry.response_status.map_or_else(|| "-".into(), |status| status.to_string());
    let took = entry.duration.unwrap_or_default().as_millis();
    println!("  {id:<5} {endpoint_id:<11} {event_id:<9} {attempt:>8}  {:<8} {answer:>6}  {took} ms", status.as_str());
}
