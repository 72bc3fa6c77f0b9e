//! Processes that are killed at any moment: what was acknowledged is sent, and what is sent again has the same id and a
//! later timestamp. `COUNTERSIGN_KILL_SECONDS=60` kills for longer.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign::dispatch::{Dispatcher, EndpointMap, Store as _};
use countersign::{Delivery, Provider, UnixTime};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{SECRET, endpoint, event, options};
use crate::stores::TestStore;

on_both_stores!(kills_lose_nothing);

const FOLDER: &str = "COUNTERSIGN_TEST_FOLDER";

/// Not a test of its own: the process that is killed. It enqueues, writes down what was acknowledged, and sends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of kills_lose_nothing"]
async fn victim() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let address = std::fs::read_to_string(folder.join("address")).unwrap();
    live(&folder, crate::beds::connect(&address).await).await;
}

async fn live(folder: &Path, store: TestStore) {
    let port: u16 = std::fs::read_to_string(folder.join("port")).unwrap().parse().unwrap();
    let endpoints = EndpointMap::new();
    let mut endpoint = endpoint(port);
    endpoint.timeout_ms = Some(1000);
    endpoints.set("one", endpoint);
    let roots = std::fs::read_to_string(folder.join("root")).unwrap();
    let options = options(&roots).lease_margin(Duration::from_millis(1000));
    let dispatcher = Dispatcher::with_options(store, endpoints, options).unwrap();
    let produce = async {
        if folder.join("stop").exists() {
            return std::future::pending().await;
        }
        let life = std::process::id();
        for number in 0.. {
            let id = format!("evt_{life}_{number}_{}", crate::setup::now_ms());
            // What a store that is busy refuses is not acknowledged.
            if dispatcher.enqueue(event(&id)).await.is_ok() {
                append(&folder.join("acknowledged"), &id);
            }
            // Leaves time to send what it enqueues.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::join!(produce, dispatcher.run(std::future::pending()));
}

fn append(path: &Path, line: &str) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    // One write, so that a kill leaves no half of it.
    file.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Ends with the test, however that ends.
struct Victim(Child);

impl Drop for Victim {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

async fn kills_lose_nothing(bed: Bed) {
    let seconds = std::env::var("COUNTERSIGN_KILL_SECONDS").map_or(5, |text| text.parse().unwrap());
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in
        [("port", receiver.port.to_string()), ("root", receiver.root_pem.clone()), ("address", bed.address())]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("acknowledged"), "").unwrap();
    let store = bed.open().await;
    let start = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "kills::victim", "--ignored"]).env(FOLDER, folder.path()).stdout(Stdio::null());
        Victim(command.spawn().unwrap())
    };
    let acknowledged = || std::fs::read_to_string(folder.path().join("acknowledged")).unwrap();
    let (end, mut kills) = (Instant::now() + Duration::from_secs(seconds), 0);
    // Two at a time: they claim beside each other, and one goes on while the other is killed.
    let mut victims = [start(), start()];
    // On a machine that is slow, until there was something to kill.
    while Instant::now() < end || acknowledged().lines().count() < 50 {
        assert!(Instant::now() < end + Duration::from_secs(120), "nothing is enqueued");
        let random =
            u64::from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_nanos());
        tokio::time::sleep(Duration::from_millis(100 + random % 700)).await;
        victims[kills % 2] = start();
        kills += 1;
    }
    drop(victims);
    // The last one only sends.
    std::fs::write(folder.path().join("stop"), "").unwrap();
    let last = start();
    let deadline = Instant::now() + Duration::from_secs(300);
    while store.depth().await.unwrap() > 0 {
        assert!(Instant::now() < deadline, "{} are still pending", store.depth().await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(last);

    let webhook = Provider::STANDARD_WEBHOOKS.webhook(SECRET).unwrap();
    let mut received: HashMap<String, Vec<u64>> = HashMap::new();
    for request in receiver.requests() {
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let stamp = request.header("webhook-timestamp").unwrap().parse().unwrap();
        let event = webhook.verify(&Delivery::new(&headers[..], &request.body), UnixTime::from_secs(stamp)).unwrap();
        received.entry(event.id().unwrap().into()).or_default().push(stamp);
    }
    let acknowledged = acknowledged();
    let lost: Vec<&str> = acknowledged.lines().filter(|id| !received.contains_key(*id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {:?}", lost.len(), acknowledged.lines().count(), lost.first());
    assert!(kills > 2);
    let again: Vec<(u64, u64)> =
        received.values().flat_map(|stamps| stamps.windows(2)).map(|pair| (pair[0], pair[1])).collect();
    assert!(again.iter().all(|(first, second)| second >= first), "{again:?}");
    // A lease is two seconds: who comes after it is later, unless the one before was slower than its lease.
    let later = again.iter().filter(|(first, second)| second > first).count();
    let unknown = received.len() - acknowledged.lines().count();
    println!(
        "{}: {kills} kills, {} acknowledged, 0 lost, {} sent again with the same id, {later} of them with a later \
         timestamp; {unknown} were stored and sent, but killed before they were acknowledged",
        bed.address().split('|').next().unwrap(),
        acknowledged.lines().count(),
        again.len(),
    );
}
