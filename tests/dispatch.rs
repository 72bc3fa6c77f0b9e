//! The sender on real parts: TLS receivers that misbehave, resolvers that lie, SQLite files, and processes that are killed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/receiver.rs"]
mod receiver;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::dispatch::{
    Addresses, Disabled, DispatchCode, Dispatcher, EndpointMap, EndpointSource, Finish, LogEntry, NewDelivery, Options,
    OutgoingEvent, Resolver, Retried, SqliteStore, Store, Want,
};
use countersign::endpoint::{DeliveryStatus, Endpoint, LogFilter, SigningScheme, UrlPolicy};
use countersign::retry::{RetryPolicy, Schedule, Steps};
use countersign::{Delivery, Provider, UnixTime};
use receiver::{Receiver, Reply};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &str = r#"{"type":"invoice.paid","data":{}}"#;

/// Answers with the n-th list; the last one stays.
struct Answers(Vec<Vec<IpAddr>>, AtomicUsize);

impl Resolver for Answers {
    fn addresses(&self, _: String) -> Addresses {
        let asked = self.1.fetch_add(1, Ordering::SeqCst);
        let answer = self.0[asked.min(self.0.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    }
}

fn resolves(answers: &[&[&str]]) -> Arc<Answers> {
    let parse = |list: &&[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
    Arc::new(Answers(answers.iter().map(parse).collect(), AtomicUsize::new(0)))
}

fn options(receiver: &Receiver) -> Options {
    Options {
        policy: UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse().unwrap()),
        roots_pem: Some(receiver.root_pem.clone().into()),
        resolver: Some(resolves(&[&["127.0.0.1"]])),
        poll: Duration::from_millis(20),
        grace: Duration::from_secs(2),
        ..Options::default()
    }
}

fn endpoint(port: u16) -> Endpoint {
    let scheme = SigningScheme::of(Provider::STANDARD_WEBHOOKS);
    let mut endpoint = Endpoint::new(format!("https://receiver.test:{port}/hooks"), scheme, SECRET);
    endpoint.timeout_ms = Some(1000);
    endpoint.retry = Some(RetryPolicy {
        schedule: Some(Schedule::from(Steps::new([3600]))),
        jitter_percent: Some(0),
        ..RetryPolicy::default()
    });
    endpoint
}

struct Setup {
    dispatcher: Dispatcher<SqliteStore>,
    endpoints: EndpointMap,
    _folder: tempfile::TempDir,
}

fn setup(receiver: &Receiver, options: Options) -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let endpoints = EndpointMap::new();
    endpoints.set("one", endpoint(receiver.port));
    let store = SqliteStore::open(folder.path().join("deliveries")).unwrap();
    let dispatcher = Dispatcher::with_options(store, endpoints.clone(), options).unwrap();
    Setup { dispatcher, endpoints, _folder: folder }
}

fn event(id: &str) -> OutgoingEvent {
    OutgoingEvent::new(id, "invoice.paid", BODY)
}

/// Runs until a condition holds on the newest entry.
async fn run_until(dispatcher: &Dispatcher<SqliteStore>, done: impl Fn(&LogEntry) -> bool) -> LogEntry {
    let found = Mutex::new(None);
    let watch = async {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let newest = dispatcher.log(&LogFilter::default()).await.unwrap().into_iter().next();
            if let Some(entry) = newest.filter(&done) {
                *found.lock().unwrap() = Some(entry);
                return;
            }
            assert!(Instant::now() < deadline, "nothing comes of it");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    dispatcher.run(watch).await;
    found.into_inner().unwrap().unwrap()
}

fn tried(entry: &LogEntry) -> bool {
    entry.duration_ms.is_some()
}

fn now() -> UnixTime {
    UnixTime::from_secs(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs())
}

#[tokio::test]
async fn a_delivery_arrives_signed_and_is_logged_without_secrets() {
    let receiver = Receiver::start(|_, request| {
        let signature = request.header("webhook-signature").unwrap();
        Reply::with(200, "", &format!(r#"{{"token":"abc","got":"{signature}","secret_was":"{SECRET}"}}"#))
    })
    .await;
    let setup = setup(&receiver, options(&receiver));
    assert_eq!(setup.dispatcher.enqueue(event("evt_1")).await, Ok(1));
    assert_eq!(setup.dispatcher.enqueue(event("evt_1")).await, Ok(0), "enqueued once");
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!((entry.status, entry.attempt, entry.response_status), (DeliveryStatus::Success, 1, Some(200)));
    let preview = entry.response_preview.unwrap();
    assert!(preview.contains("[REDACTED]"), "{preview}");
    for secret in ["abc", "v1,", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        assert!(!preview.contains(secret), "{preview}");
    }
    let requests = receiver.requests();
    assert_eq!(requests.len(), 1);
    let webhook = Provider::STANDARD_WEBHOOKS.webhook(SECRET).unwrap();
    let headers: Vec<(&str, &str)> = requests[0].headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let event = webhook.verify(&Delivery::new(&headers[..], BODY.as_bytes()), now()).unwrap();
    assert_eq!(event.id(), Some("evt_1"));
    assert_eq!(setup.dispatcher.depth().await, Ok(0));
    assert_eq!(setup.dispatcher.counts().accepted, 1);
}

/// What goes wrong, the word for it, and the status that was seen.
#[tokio::test]
async fn every_way_to_fail_has_its_word() {
    let redirect = || Reply::with(302, "location: https://169.254.169.254/latest/meta-data\r\n", "");
    type Replies = fn() -> Reply;
    let cases: [(&str, Replies, &str, Option<i32>); 4] = [
        ("redirect", redirect, "status", Some(302)),
        ("slow-loris", || Reply::Slow, "timeout", None),
        ("hangs up", || Reply::Nothing, "cut_off", None),
        ("refuses", || Reply::status(500), "status", Some(500)),
    ];
    for (name, reply, word, status) in cases {
        let receiver = Receiver::start(move |_, _| reply()).await;
        let setup = setup(&receiver, options(&receiver));
        setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert_eq!((entry.error.as_deref(), entry.response_status), (Some(word), status), "{name}");
        assert_eq!(entry.status, DeliveryStatus::Pending, "{name}");
        assert_eq!(receiver.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_read_to_its_limit() {
    let receiver = Receiver::start(|_, _| Reply::Endless).await;
    let setup = setup(&receiver, options(&receiver));
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!(entry.status, DeliveryStatus::Success);
    assert_eq!(entry.response_preview.unwrap().len(), 1024);
}

#[tokio::test]
async fn tls_must_be_right() {
    // The right root, but another name.
    let receiver = Receiver::named("other.test", |_, _| Reply::status(200)).await;
    let first = setup(&receiver, options(&receiver));
    first.dispatcher.enqueue(event("evt_1")).await.unwrap();
    assert_eq!(run_until(&first.dispatcher, tried).await.error.as_deref(), Some("tls"));
    // Another root: to this sender it is self-signed.
    let stranger = Receiver::start(|_, _| Reply::status(200)).await;
    let second = setup(&stranger, options(&receiver));
    second.dispatcher.enqueue(event("evt_1")).await.unwrap();
    assert_eq!(run_until(&second.dispatcher, tried).await.error.as_deref(), Some("tls"));
    assert!(receiver.requests().is_empty() && stranger.requests().is_empty());
}

#[tokio::test]
async fn addresses_are_judged_at_every_send() {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    for answers in
        [&["127.0.0.1"][..], &["93.184.216.34", "127.0.0.1"], &["::ffff:169.254.169.254"], &["fd00:ec2::254"]]
    {
        let policy = UrlPolicy::new().allow_any_port();
        let options = Options { policy, resolver: Some(resolves(&[answers])), ..options(&receiver) };
        let setup = setup(&receiver, options);
        setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert_eq!(entry.error.as_deref(), Some("address_not_public"), "{answers:?}");
    }
    // Public when it is asked first, this machine when it is asked again: nothing reaches the receiver.
    let rebinding = resolves(&[&["93.184.216.34"], &["127.0.0.1"]]);
    let policy = UrlPolicy::new().allow_any_port();
    let setup = setup(&receiver, Options { policy, resolver: Some(rebinding.clone()), ..options(&receiver) });
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    assert!(matches!(entry.error.as_deref(), Some("timeout" | "connect")), "{entry:?}");
    assert_eq!(rebinding.1.load(Ordering::SeqCst), 1, "asked once for one attempt");
    setup.dispatcher.retry(entry.id).await.unwrap();
    let entry = run_until(&setup.dispatcher, |entry| {
        entry.attempt == 2 && entry.duration_ms.is_some() && entry.error.as_deref() == Some("address_not_public")
    })
    .await;
    assert_eq!(entry.attempt, 2);
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn retry_after_delays_and_a_retry_by_hand_does_not_wait() {
    let receiver = Receiver::start(|number, _| match number {
        0 => Reply::with(429, "retry-after: 7200\r\n", ""),
        _ => Reply::status(204),
    })
    .await;
    let setup = setup(&receiver, options(&receiver));
    let mut endpoint = endpoint(receiver.port);
    endpoint.retry.as_mut().unwrap().retry_after_cap_seconds = Some(7200);
    setup.endpoints.set("one", endpoint);
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    let wait = entry.due_ms / 1000 - i64::try_from(now().as_secs()).unwrap();
    assert!((7190..=7200).contains(&wait), "{wait}");
    setup.dispatcher.retry(entry.id).await.unwrap();
    let entry = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
    assert_eq!((entry.attempt, entry.response_status), (2, Some(204)));
    let ids: Vec<_> = receiver.requests().iter().map(|r| r.header("webhook-id").unwrap().to_string()).collect();
    assert_eq!(ids, ["evt_1", "evt_1"]);
    let unknown = setup.dispatcher.retry(999).await.unwrap_err();
    assert_eq!(unknown.code(), DispatchCode::DeliveryUnknown);
}

struct Told(EndpointMap, Arc<Mutex<Vec<Disabled>>>);

impl EndpointSource for Told {
    fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.0.endpoint(id)
    }
    fn wanting(&self, event_type: &str) -> Vec<String> {
        self.0.wanting(event_type)
    }
    fn disabled(&self, _: &str, why: Disabled) {
        self.1.lock().unwrap().push(why);
    }
}

#[tokio::test]
async fn gone_is_gone_until_it_is_enabled() {
    let receiver = Receiver::start(|number, _| Reply::status(if number == 0 { 410 } else { 200 })).await;
    let (endpoints, told) = (EndpointMap::new(), Arc::new(Mutex::new(Vec::new())));
    endpoints.set("one", endpoint(receiver.port));
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("deliveries")).unwrap();
    let dispatcher = Dispatcher::with_options(store, Told(endpoints, told.clone()), options(&receiver)).unwrap();
    dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&dispatcher, |entry| tried(entry) && !told.lock().unwrap().is_empty()).await;
    assert_eq!((entry.status, entry.attempt), (DeliveryStatus::Failed, 1));
    assert_eq!(*told.lock().unwrap(), [Disabled::Gone]);
    dispatcher.enqueue(event("evt_2")).await.unwrap();
    dispatcher.run(tokio::time::sleep(Duration::from_millis(200))).await;
    assert_eq!(dispatcher.depth().await, Ok(1));
    assert_eq!(receiver.requests().len(), 1);
    dispatcher.enable("one").await.unwrap();
    run_until(&dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
}

#[tokio::test]
async fn a_test_is_sent_once_and_through_the_same_guard() {
    let receiver = Receiver::start(|_, _| Reply::status(500)).await;
    let first = setup(&receiver, options(&receiver));
    first.dispatcher.send_test("one", event("test_1")).await.unwrap();
    let entry = run_until(&first.dispatcher, tried).await;
    assert_eq!((entry.status, entry.attempt, entry.test), (DeliveryStatus::Failed, 1, true));
    let unknown = first.dispatcher.send_test("two", event("test_1")).await.unwrap_err();
    assert_eq!(unknown.code(), DispatchCode::EndpointUnknown);

    let guarded = setup(&receiver, Options { policy: UrlPolicy::new().allow_any_port(), ..options(&receiver) });
    guarded.dispatcher.send_test("one", event("test_1")).await.unwrap();
    assert_eq!(run_until(&guarded.dispatcher, tried).await.error.as_deref(), Some("address_not_public"));
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_late_worker_changes_nothing_and_a_retry_by_hand_never_doubles() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("deliveries")).unwrap();
    let new = NewDelivery {
        event_id: "evt_1".into(),
        endpoint_id: "one".into(),
        event_type: "invoice.paid".into(),
        body: BODY.into(),
        test: false,
    };
    store.enqueue(vec![new]).await.unwrap();
    let want = |lease_ms| vec![Want { endpoint_id: "one".into(), room: 8, lease_ms }];
    let first = store.claim(want(300)).await.unwrap().remove(0);
    assert!(store.claim(want(300)).await.unwrap().is_empty(), "one lease at a time");
    assert_eq!(store.retry(first.id).await, Ok(Retried::InProgress));
    tokio::time::sleep(Duration::from_millis(310)).await;
    let second = store.claim(want(60_000)).await.unwrap().remove(0);
    assert_eq!((first.attempt, second.attempt), (1, 2));
    let finish =
        |status| Finish { status, wait_ms: 0, response_status: None, duration_ms: 1, error: None, preview: None };
    assert_eq!(store.finish(&[(first, finish(DeliveryStatus::Failed))]).await, Ok(0));
    assert_eq!(store.log(&LogFilter::default()).await.unwrap()[0].0.error.as_deref(), Some("crashed"));
    assert_eq!(store.finish(&[(second, finish(DeliveryStatus::Success))]).await, Ok(1));
    assert!(store.claim(want(1)).await.unwrap().is_empty());
}

/// Proxy variables would have names resolved elsewhere: in a process that has them, deliveries arrive all the same.
#[test]
fn proxy_variables_are_ignored() {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_delivery_arrives_signed_and_is_logged_without_secrets"])
        .envs(["HTTPS_PROXY", "https_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9")))
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

// ---- Kills ----

const FOLDER: &str = "COUNTERSIGN_TEST_FOLDER";

/// Not a test of its own: the process that is killed. It enqueues, writes down what was acknowledged, and sends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of kills_lose_nothing"]
async fn victim() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let port: u16 = std::fs::read_to_string(folder.join("port")).unwrap().parse().unwrap();
    let endpoints = EndpointMap::new();
    endpoints.set("one", endpoint(port));
    let options = Options {
        policy: UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse().unwrap()),
        roots_pem: Some(std::fs::read(folder.join("root")).unwrap()),
        resolver: Some(resolves(&[&["127.0.0.1"]])),
        lease_margin: Duration::from_millis(100),
        ..Options::default()
    };
    let store = SqliteStore::open(folder.join("deliveries")).unwrap();
    let dispatcher = Dispatcher::with_options(store, endpoints, options).unwrap();
    let produce = async {
        if folder.join("stop").exists() {
            return std::future::pending().await;
        }
        let life = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        for number in 0.. {
            let id = format!("evt_{life}_{number}");
            dispatcher.enqueue(event(&id)).await.unwrap();
            append(&folder.join("acknowledged"), &id);
            // Leaves time to send what it enqueues.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::join!(produce, dispatcher.run(std::future::pending()));
}

fn append(path: &Path, line: &str) {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    // One write, so that a kill leaves no half of it.
    file.write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing() {
    let seconds = std::env::var("COUNTERSIGN_KILL_SECONDS").map_or(5, |text| text.parse().unwrap());
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("port"), receiver.port.to_string()).unwrap();
    std::fs::write(folder.path().join("root"), &receiver.root_pem).unwrap();
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "victim", "--ignored"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let (end, mut kills) = (Instant::now() + Duration::from_secs(seconds), 0);
    while Instant::now() < end {
        let mut victim = start();
        let nanos = u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
        tokio::time::sleep(Duration::from_millis(100 + nanos % 700)).await;
        victim.kill().unwrap();
        victim.wait().unwrap();
        kills += 1;
    }
    // The last one only sends.
    std::fs::write(folder.path().join("stop"), "").unwrap();
    let mut last = start();
    let store = SqliteStore::open(folder.path().join("deliveries")).unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while store.depth().await.unwrap() > 0 {
        assert!(Instant::now() < deadline, "{} are still pending", store.depth().await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    last.kill().unwrap();
    last.wait().unwrap();

    let mut received: BTreeMap<String, usize> = BTreeMap::new();
    for request in receiver.requests() {
        *received.entry(request.header("webhook-id").unwrap().into()).or_default() += 1;
    }
    let acknowledged = std::fs::read_to_string(folder.path().join("acknowledged")).unwrap();
    let lost: Vec<&str> = acknowledged.lines().filter(|id| !received.contains_key(*id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {:?}", lost.len(), acknowledged.lines().count(), lost.first());
    assert!(kills > 2 && acknowledged.lines().count() > 10);
    let again: usize = received.values().map(|times| times - 1).sum();
    println!("{kills} kills, {} acknowledged, 0 lost, {again} sent again", acknowledged.lines().count());
}
