//! Sends what it reads through dispatch: for tests whose receiver is another program.
//!
//! `sender certificate FOLDER` makes a certificate for 127.0.0.1. `sender send CERTIFICATE` reads lines of JSON with an
//! endpoint, an id, an event type and a body, sends each, and prints a line of JSON with what came of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use countersign::dispatch::{Dispatcher, EndpointMap, Options, OutgoingEvent, SqliteStore};
use countersign::endpoint::{DeliveryStatus, Endpoint, LogFilter, UrlPolicy};
use serde_json::{Value, json};

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["certificate", folder] => certificate(Path::new(folder)),
        ["send", certificate] => send(std::fs::read(certificate).unwrap()).await,
        _ => panic!("sender certificate FOLDER, or sender send CERTIFICATE"),
    }
}

fn certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

async fn send(roots_pem: Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("deliveries")).unwrap();
    let endpoints = EndpointMap::new();
    let policy = UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse().unwrap());
    let options = Options { policy, roots_pem: Some(roots_pem), ..Options::default() };
    let dispatcher = Dispatcher::with_options(store, endpoints.clone(), options).unwrap();
    let mut count = 0;
    for line in std::io::stdin().lines() {
        let job: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let endpoint = Endpoint::from_json(job["endpoint"].to_string().as_bytes()).unwrap();
        let id = job["id"].as_str().unwrap();
        endpoints.set(id, endpoint);
        let event = OutgoingEvent::new(id, job["type"].as_str().unwrap(), job["body"].as_str().unwrap());
        // To this endpoint alone.
        assert_eq!(dispatcher.send_test(id, event).await, Ok(true));
        count += 1;
    }
    let sent = async {
        while dispatcher.depth().await != Ok(0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    dispatcher.run(sent).await;
    let filter = LogFilter { limit: Some(100), ..LogFilter::default() };
    let entries = dispatcher.log(&filter).await.unwrap();
    assert_eq!(entries.len(), count);
    for entry in entries {
        let accepted = entry.status == DeliveryStatus::Success;
        println!("{}", json!({ "id": entry.event_id, "accepted": accepted, "error": entry.error }));
    }
}
