//! What most tests need: a dispatcher with one endpoint at a receiver, and ways to wait for what comes of it.

use core::future::Future;
use core::net::IpAddr;
use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use countersign::dispatch::{
    Addresses, ClaimRequest, Disabled, Dispatcher, EndpointMap, EndpointSource, LogEntry, NewDelivery, Options,
    OutgoingEvent, Resolver,
};
use countersign::endpoint::retry::{RetryPolicy, Steps};
use countersign::endpoint::{DeliveryStatus, Endpoint, LogFilter, SigningScheme, UrlPolicy};
use countersign::{Delivery, Provider, UnixTime};

use crate::beds::Bed;
use crate::receiver::{Receiver, Request};
use crate::stores::TestStore;

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const BODY: &str = r#"{"type":"invoice.paid","data":{}}"#;

/// Answers with the n-th list; the last one stays.
pub struct Answers(Vec<Vec<IpAddr>>, pub AtomicUsize);

impl Resolver for Answers {
    fn addresses(&self, _: String) -> Addresses {
        let asked = self.1.fetch_add(1, Ordering::SeqCst);
        let answer = self.0[asked.min(self.0.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    }
}

pub fn resolves(answers: &[&[&str]]) -> Arc<Answers> {
    let parse = |list: &&[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
    Arc::new(Answers(answers.iter().map(parse).collect(), AtomicUsize::new(0)))
}

pub fn options(root_pem: &str) -> Options {
    Options::new()
        .policy(UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse().unwrap()))
        .roots_pem(root_pem)
        .resolver(resolves(&[&["127.0.0.1"]]))
        .poll(Duration::from_millis(20))
}

/// Retries after an hour: not within a test.
pub fn endpoint(port: u16) -> Endpoint {
    let scheme = SigningScheme::of(Provider::STANDARD_WEBHOOKS);
    let mut endpoint = Endpoint::new(format!("https://receiver.test:{port}/hooks"), scheme, SECRET);
    // A machine that is busy is no reason to fail.
    endpoint.timeout_ms = Some(30_000);
    endpoint.retry = Some(retry_after(3600));
    endpoint
}

pub fn retry_after(seconds: u64) -> RetryPolicy {
    RetryPolicy::new().schedule(Steps::new([Duration::from_secs(seconds)])).max_retries(10).jitter_percent(0)
}

pub struct Setup {
    pub dispatcher: Dispatcher<TestStore>,
    pub endpoints: EndpointMap,
    /// Which endpoints were disabled.
    pub disabled: Arc<Mutex<Vec<Disabled>>>,
    pub bed: Bed,
}

impl Setup {
    /// The endpoint `one` at this receiver.
    pub async fn new(bed: Bed, receiver: &Receiver) -> Self {
        Self::with(bed, receiver, options(&receiver.root_pem)).await
    }

    pub async fn with(bed: Bed, receiver: &Receiver, options: Options) -> Self {
        let (endpoints, disabled) = (EndpointMap::new(), Arc::default());
        endpoints.set("one", endpoint(receiver.port));
        let told = Told(endpoints.clone(), Arc::clone(&disabled));
        let dispatcher = Dispatcher::with_options(bed.open().await, told, options).unwrap();
        Self { dispatcher, endpoints, disabled, bed }
    }

    /// Another dispatcher on the same deliveries, as another machine has it.
    pub async fn another(&self, receiver: &Receiver) -> Dispatcher<TestStore> {
        let told = Told(self.endpoints.clone(), Arc::clone(&self.disabled));
        Dispatcher::with_options(self.bed.open().await, told, options(&receiver.root_pem)).unwrap()
    }

    pub fn change(&self, change: impl FnOnce(&mut Endpoint)) {
        let mut endpoint = Endpoint::clone(&self.endpoints.endpoint("one").unwrap());
        change(&mut endpoint);
        self.endpoints.set("one", endpoint);
    }

    /// Enqueues so many events, `evt_0` and so on.
    pub async fn enqueue(&self, count: usize) {
        let events = (0..count).map(|number| event(&format!("evt_{number}")));
        assert_eq!(self.dispatcher.enqueue_all(events).await, Ok(count as u64));
    }
}

/// A map that writes down what it is told.
struct Told(EndpointMap, Arc<Mutex<Vec<Disabled>>>);

impl EndpointSource for Told {
    fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.0.endpoint(id)
    }
    fn ids_for(&self, event_type: &str) -> Vec<String> {
        self.0.ids_for(event_type)
    }
    fn disabled(&self, _: &str, why: Disabled) {
        self.1.lock().unwrap().push(why);
    }
}

pub fn event(id: &str) -> OutgoingEvent {
    OutgoingEvent::new(id, "invoice.paid", BODY)
}

pub fn delivery(event_id: &str) -> NewDelivery {
    delivery_to("one", event_id)
}

pub fn delivery_to(endpoint_id: &str, event_id: &str) -> NewDelivery {
    NewDelivery::new(event_id, endpoint_id, "invoice.paid", BODY)
}

pub fn claim(limit: usize, lease_ms: u64) -> Vec<ClaimRequest> {
    vec![ClaimRequest::new("one", limit, Duration::from_millis(lease_ms))]
}

/// Runs a dispatcher as long as this takes.
pub async fn during<T>(dispatcher: &Dispatcher<TestStore>, work: impl Future<Output = T>) -> T {
    let result = Mutex::new(None);
    dispatcher.run(async { *result.lock().unwrap() = Some(work.await) }).await;
    result.into_inner().unwrap().unwrap()
}

/// Waits until it holds. When that is, is the machine's business.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !holds().await {
        assert!(Instant::now() < deadline, "{what} does not come true");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub async fn newest(dispatcher: &Dispatcher<TestStore>) -> LogEntry {
    dispatcher.log(&LogFilter::default()).await.unwrap().remove(0)
}

/// Runs until a condition holds on the newest entry.
pub async fn run_until(dispatcher: &Dispatcher<TestStore>, holds: impl Fn(&LogEntry) -> bool) -> LogEntry {
    let watch = eventually("what was expected of the newest entry", async || holds(&newest(dispatcher).await));
    during(dispatcher, watch).await;
    newest(dispatcher).await
}

/// Runs until nothing is pending.
pub async fn run_until_empty(dispatcher: &Dispatcher<TestStore>) {
    during(dispatcher, eventually("an empty queue", async || dispatcher.depth().await == Ok(0))).await;
}

pub fn tried(entry: &LogEntry) -> bool {
    entry.duration.is_some()
}

pub fn failed_once(entry: &LogEntry, error: &str) {
    let seen = (entry.status.clone(), entry.attempt, entry.error.as_deref());
    assert_eq!(seen, (DeliveryStatus::Pending, 1, Some(error)), "{entry:?}");
}

pub fn now() -> UnixTime {
    UnixTime::from_secs(now_ms().unsigned_abs() / 1000)
}

pub fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Whether the receiver's side accepts it with this secret.
pub fn verifies(provider: Provider, secret: &str, request: &Request) -> bool {
    let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let webhook = provider.webhook(secret).unwrap();
    webhook.verify(&Delivery::new(&headers[..], &request.body), now()).is_ok()
}
