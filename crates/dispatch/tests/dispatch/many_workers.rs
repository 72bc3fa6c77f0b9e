//! Several processes share one queue: without a crash, each delivery is sent by one of them, once.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use countersign::dispatch::{Dispatcher, EndpointMap, Store as _};
use countersign::endpoint::CustomHeaders;
use countersign::endpoint::retry::BreakerPolicy;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{delivery_to, endpoint, options, retry_after};
use crate::stores::TestStore;

on_both_stores!(two_workers_send_each_delivery_once, four_workers_send_each_delivery_once);

const ADDRESS: &str = "COUNTERSIGN_TEST_ADDRESS";
const PORT: &str = "COUNTERSIGN_TEST_PORT";
const ROOT: &str = "COUNTERSIGN_TEST_ROOT";
const ENDPOINTS: usize = 10;

/// Not a test of its own: one of the workers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the tests below"]
async fn worker() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    work(crate::beds::connect(&address).await).await;
}

async fn work(store: TestStore) {
    let var = |name| std::env::var(name).unwrap();
    let endpoints = EndpointMap::new();
    for number in 0..ENDPOINTS {
        let mut endpoint = endpoint(var(PORT).parse().unwrap());
        // Hundreds of connections at once may be too many for a machine that is busy: what did not arrive goes again.
        endpoint.retry = Some(retry_after(0));
        endpoint.breaker = Some(BreakerPolicy::new().failures(1000));
        endpoint.headers = Some(CustomHeaders::from_iter([("X-Worker", std::process::id().to_string())]));
        endpoints.set(format!("endpoint_{number}"), endpoint);
    }
    let dispatcher = Dispatcher::with_options(store, endpoints, options(&var(ROOT))).unwrap();
    println!("\n=> ready");
    dispatcher.run(std::future::pending()).await;
}

/// Its output stays open: it says more than we read.
struct Worker {
    process: Child,
    _said: std::io::Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(bed: &Bed, receiver: &Receiver) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "many_workers::worker", "--ignored", "--nocapture"])
            .env(ADDRESS, bed.address())
            .env(PORT, receiver.port.to_string())
            .env(ROOT, &receiver.root_pem)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap() == "=> ready"));
        Self { process: child, _said: said }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn two_workers_send_each_delivery_once(bed: Bed) {
    share(bed, 2).await;
}

async fn four_workers_send_each_delivery_once(bed: Bed) {
    share(bed, 4).await;
}

async fn share(bed: Bed, workers: usize) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    // Processes that share an SQLite file wait for each other's writes.
    let deliveries = if bed.address().starts_with("sqlite") { 1000 } else { 4000 };
    let store = bed.open().await;
    let _workers: Vec<Worker> = (0..workers).map(|_| Worker::start(&bed, &receiver)).collect();
    for part in 0..deliveries / 100 {
        let new = (0..100)
            .map(|number| delivery_to(&format!("endpoint_{}", number % ENDPOINTS), &format!("evt_{part}_{number}")));
        assert_eq!(store.enqueue(new.collect()).await, Ok(100));
    }
    let deadline = Instant::now() + Duration::from_secs(240);
    while store.depth().await.unwrap() > 0 {
        assert!(Instant::now() < deadline, "{} are still pending", store.depth().await.unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((receiver.count(), receiver.ids().len()), (deliveries, deliveries), "sent, and different ones");
    let requests = receiver.requests();
    let took_part: HashSet<&str> = requests.iter().map(|request| request.header("x-worker").unwrap()).collect();
    assert!(took_part.len() >= 2, "{took_part:?}");
    let attempts = bed.numbers("SELECT CAST(sum(attempt) - count(*) AS BIGINT) FROM countersign_delivery").await[0];
    println!("{workers} workers, {} took part; {attempts} attempts did not get through", took_part.len());
}
