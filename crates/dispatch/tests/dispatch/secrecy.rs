//! Nothing secret and nothing of a payload in what the dispatcher writes about itself: events, spans and log lines of every
//! crate at every level, errors, `Debug`, and the file.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::dispatch::{Dispatcher, EndpointMap, EndpointSource as _, OutgoingEvent, SqliteStore, Store as _};
use countersign::endpoint::retry::BreakerPolicy;
use countersign::endpoint::{ClientIdentity, CustomHeaders, LogFilter, SecretText};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply, Settings};
use crate::setup::{SECRET, Setup, claim, during, eventually, options};

/// Parts of what must not be seen.
const CREDENTIAL: &str = "swordfish-credential-4711";
const PAYLOAD: &str = "payload-marker-0815";
const ANSWER: &str = "answer-marker-2342";
const QUERY: &str = "query-marker-1234";
const OLD: &str = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xk";

static SAID: Mutex<String> = Mutex::new(String::new());

/// Writes down everything.
struct Everything(AtomicU64);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
    fn record_error(&mut self, field: &Field, mut value: &(dyn std::error::Error + 'static)) {
        write!(self.0, " {field}={value} {value:?}").unwrap();
        while let Some(source) = value.source() {
            value = source;
            write!(self.0, " {value} {value:?}").unwrap();
        }
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut said = SAID.lock().unwrap();
        write!(said, "span {}", span.metadata().name()).unwrap();
        span.record(&mut Fields(&mut said));
        said.push('\n');
        Id::from_u64(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut SAID.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut said = SAID.lock().unwrap();
        write!(said, "event {}", event.metadata().target()).unwrap();
        event.record(&mut Fields(&mut said));
        said.push('\n');
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// For crates that use `log`.
struct Lines;

impl log_crate::Log for Lines {
    fn enabled(&self, _: &log_crate::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log_crate::Record<'_>) {
        writeln!(SAID.lock().unwrap(), "log {} {}", record.target(), record.args()).unwrap();
    }
    fn flush(&self) {}
}

/// A process of its own for each store: there is one subscriber, and others must not fill it.
#[test]
fn nothing_secret_is_said() {
    for store in ["sqlite", "postgres"] {
        if store == "postgres" && cfg!(not(feature = "postgres")) {
            continue;
        }
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("secrecy::talkative_{store}"), "--ignored", "--nocapture"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success() && said.contains("1 passed"), "{store}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of nothing_secret_is_said"]
async fn talkative_sqlite() {
    let setup = talk(Bed::sqlite()).await;
    // The file and its log, which would go away with the dispatcher: bodies are in them, and no secret ever was.
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(setup.bed.path().parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(PAYLOAD));
    let key = [SECRET, &SECRET[6..], OLD, &OLD[6..], CREDENTIAL, QUERY, "PRIVATE KEY"];
    for secret in key {
        assert!(!has(secret), "{secret} is in the file");
    }
    let bodies = "SELECT count(*) FROM countersign_body WHERE cast(body AS TEXT) LIKE '%payload-marker%'";
    let others = "SELECT count(*) FROM countersign_delivery WHERE coalesce(preview, '') || coalesce(error, '') ||
        event_id || endpoint_id || event_type || status LIKE '%payload-marker%'";
    assert!(setup.bed.numbers(bodies).await[0] > 0);
    assert_eq!(setup.bed.numbers(others).await, [0]);
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of nothing_secret_is_said"]
async fn talkative_postgres() {
    let Some(bed) = Bed::postgres().await else { return };
    talk(bed).await;
}

/// Sends to every kind of endpoint, and looks at what was written.
async fn talk(bed: Bed) -> Setup {
    tracing::subscriber::set_global_default(Everything(AtomicU64::new(0))).unwrap();
    log_crate::set_logger(&Lines).unwrap();
    log_crate::set_max_level(log_crate::LevelFilter::Trace);

    let made = rcgen::generate_simple_self_signed(["dispatcher".to_string()]).unwrap();
    let settings = Settings { client: Some(made.cert.der().clone()), ..Settings::default() };
    let receiver = Receiver::with(settings, |number, _| match number % 5 {
        0 => Reply::with(200, "", ANSWER),
        1 => Reply::with(500, "", ANSWER),
        2 => Reply::with(302, "location: https://169.254.169.254/\r\n", ""),
        3 => Reply::with(429, "retry-after: 7\r\n", ANSWER),
        _ => Reply::Nothing,
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.url = format!("https://receiver.test:{}/hooks?token={QUERY}", receiver.port).into();
        endpoint.headers = Some(CustomHeaders::from_iter([("Authorization", format!("Bearer {CREDENTIAL}"))]));
        endpoint.breaker = Some(BreakerPolicy::new().failures(2));
        endpoint.secrets.push(SecretText::from(OLD).into());
        endpoint.identity = Some(ClientIdentity::new(made.cert.pem(), made.signing_key.serialize_pem()));
    });
    let body = format!(r#"{{"data":"{PAYLOAD}"}}"#);
    let event = |id: String| OutgoingEvent::new(id, "invoice.paid", body.clone());
    for number in 0..10 {
        setup.dispatcher.enqueue(event(format!("evt_{number}"))).await.unwrap();
    }
    setup.dispatcher.send_test("one", event("evt_test".into())).await.unwrap();
    during(&setup.dispatcher, eventually("a pause", async || setup.dispatcher.counts().pauses > 0)).await;
    setup.dispatcher.enable("one").await.unwrap();
    // Secrets and URLs that are wrong, a store that is not there.
    let credentials_in_url = format!("https://user:{CREDENTIAL}@receiver.test/");
    for change in [0, 1, 2, 3] {
        let id = format!("evt_wrong_{change}");
        setup.change(|endpoint| match change {
            0 => endpoint.secrets = vec![SecretText::from(format!("whsec_{CREDENTIAL}")).into()],
            1 => endpoint.url = credentials_in_url.as_str().into(),
            2 => endpoint.headers = Some(CustomHeaders::from_iter([("webhook-id", CREDENTIAL)])),
            _ => endpoint.identity.as_mut().unwrap().certificate = CREDENTIAL.into(),
        });
        setup.dispatcher.enqueue(event(id.clone())).await.unwrap();
        let failed = async || {
            let entry = crate::setup::newest(&setup.dispatcher).await;
            entry.event_id == id && entry.error.is_some()
        };
        during(&setup.dispatcher, eventually("a failure", failed)).await;
        setup.dispatcher.enable("one").await.unwrap();
    }
    setup.dispatcher.log(&LogFilter::default()).await.unwrap();

    // Debug of what a program has in its hands, and errors.
    let mut shown = format!("{:?} {:?} {:?}", setup.dispatcher, setup.endpoints, options(&receiver.root_pem));
    write!(shown, " {:?} {:?}", setup.endpoints.endpoint("one").unwrap(), event("evt_1".into())).unwrap();
    let store = setup.bed.open().await;
    let claimed = store.claim(claim(1, 1000)).await.unwrap();
    write!(shown, " {claimed:?} {:?}", setup.dispatcher.deliveries(&event("evt_1".into())).unwrap()).unwrap();
    setup.bed.sql("DROP TABLE countersign_endpoint").await;
    let mut errors = Vec::new();
    errors.extend(setup.dispatcher.enqueue(event("evt_new".into())).await.err());
    errors.extend(
        setup.dispatcher.enqueue(OutgoingEvent::new(PAYLOAD.to_owned() + "\n", "a b", body.clone())).await.err(),
    );
    errors.extend(store.claim(claim(1, 1000)).await.err());
    let nowhere = std::path::Path::new("/nowhere/deliveries");
    errors.extend(SqliteStore::open(nowhere).err());
    errors.extend(Dispatcher::new(store, EndpointMap::new()).unwrap().retry(1).await.err());
    assert!(errors.len() >= 4, "{errors:?}");
    write!(shown, " {errors:?}").unwrap();
    for error in errors {
        write!(shown, " {error}").unwrap();
    }
    let said = SAID.lock().unwrap().clone();
    for word in ["span delivery", "event countersign_dispatch", "evt_wrong_2", "log "] {
        assert!(said.contains(word), "{word} is missing: nothing was captured?\n{said}");
    }
    for secret in [SECRET, &SECRET[6..], OLD, &OLD[6..], CREDENTIAL, PAYLOAD, ANSWER, QUERY, "PRIVATE KEY", "v1,"] {
        for text in [&said, &shown] {
            let line = text.lines().find(|line| line.contains(secret));
            // Bytes of a body may be shown as a list of numbers.
            let bytes = format!("{:?}", secret.as_bytes());
            let numbers = text.lines().find(|line| line.contains(bytes.trim_matches(['[', ']'])));
            assert!(line.or(numbers).is_none(), "{secret}: {}", line.or(numbers).unwrap());
        }
    }
    setup
}
