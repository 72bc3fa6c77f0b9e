//! Sends what its standard input says, for programs that are not Rust: it prints a certificate for 127.0.0.1, reads one
//! line of JSON with the deliveries, sends them with the dispatcher, and prints its log.
#![allow(clippy::unwrap_used)]

use std::io::stdin;
use std::time::Duration;

use countersign::dispatch::{Dispatcher, EndpointMap, NewDelivery, Options, SqliteStore, Store as _};
use countersign::endpoint::{Endpoint, LogFilter, UrlPolicy};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Delivery {
    id: String,
    event_type: String,
    body: String,
    /// Its settings as data: URL, scheme, secrets, retries.
    endpoint: Endpoint,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()])?;
    println!("{}", json!({ "certificate": made.cert.pem(), "key": made.signing_key.serialize_pem() }));

    let mut line = String::new();
    stdin().read_line(&mut line)?;
    let deliveries: Vec<Delivery> = serde_json::from_str(&line)?;

    let folder = tempfile::tempdir()?;
    let (endpoints, mut new) = (EndpointMap::new(), Vec::new());
    for (number, delivery) in deliveries.into_iter().enumerate() {
        let Delivery { id, event_type, body, endpoint } = delivery;
        let endpoint_id = number.to_string();
        endpoints.set(&endpoint_id, endpoint);
        new.push(NewDelivery::new(id, endpoint_id, event_type, body));
    }
    let options = Options::new()
        .policy(UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse()?))
        .roots_pem(made.cert.pem());
    let store = SqliteStore::open(folder.path().join("deliveries"))?;
    let dispatcher = Dispatcher::with_options(store.clone(), endpoints, options)?;
    // Each to its own endpoint, whatever events the others want: so it is given to the store.
    store.enqueue(new).await?;
    let all_sent = async {
        while dispatcher.depth().await.is_ok_and(|pending| pending > 0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    dispatcher.run(all_sent).await;
    for entry in dispatcher.log(&LogFilter::new().limit(100)).await? {
        let line = json!({
            "delivery": entry.endpoint_id.parse::<usize>()?,
            "status": entry.status.as_str(),
            "attempt": entry.attempt,
            "response_status": entry.response_status,
            "error": entry.error,
        });
        println!("{line}");
    }
    Ok(())
}
