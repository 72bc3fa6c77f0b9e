//! Both stores keep the same promises: against a plain model, after a lease, between processes, after a kill.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/events.rs"]
mod events;
#[path = "support/redis_server.rs"]
mod redis_server;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use countersign::once::{Claim, MemoryStore, Outcome, RedisStore, ReplayStore, StoreError, Token, handle_once};
use events::{NOW, event, webhook};
use proptest::prelude::*;
use redis::AsyncCommands as _;
use redis::aio::ConnectionManager;
use redis_server::RedisServer;

fn claimed(claim: Result<Claim, StoreError>) -> Token {
    match claim {
        Ok(Claim::New(token)) => token,
        Ok(_) => panic!("not claimed"),
        Err(_) => panic!("the store failed"),
    }
}

// ---- Against a plain model ----

#[derive(Clone, Debug)]
enum Step {
    Claim(u8),
    Commit(usize),
    Release(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0u8..6).prop_map(Step::Claim),
        any::<usize>().prop_map(Step::Commit),
        any::<usize>().prop_map(Step::Release),
    ];
    proptest::collection::vec(step, 1..80)
}

/// Within its leases a store says exactly what a map of holders says; `None` is a committed key.
async fn agrees_with_a_plain_model<S: ReplayStore>(store: &S, steps: Vec<Step>) {
    let mut model: HashMap<u8, Option<usize>> = HashMap::new();
    let mut tokens: Vec<(u8, Token)> = Vec::new();
    for step in steps {
        match step {
            Step::Claim(key) => {
                match (store.claim(&key.to_string(), Duration::from_secs(600)).await, model.get(&key)) {
                    (Ok(Claim::New(token)), None) => {
                        model.insert(key, Some(tokens.len()));
                        tokens.push((key, token));
                    }
                    (Ok(Claim::Done), Some(None)) => {}
                    (Ok(Claim::InProgress(left)), Some(Some(_))) => {
                        assert!((1..=601).contains(&left.as_secs()), "{left:?}")
                    }
                    (_, expected) => panic!("{key} is held by {expected:?}, and the store says something else"),
                }
            }
            Step::Commit(which) if !tokens.is_empty() => {
                let which = which % tokens.len();
                let (key, token) = &tokens[which];
                // A key that is free again is nobody's: a store may remember it or not.
                let Some(holder) = model.get(key) else { continue };
                let holds = *holder == Some(which);
                assert!(store.commit(token, Duration::from_secs(600)).await.is_ok_and(|done| done == holds));
                if holds {
                    model.insert(*key, None);
                }
            }
            Step::Release(which) if !tokens.is_empty() => {
                let which = which % tokens.len();
                let (key, token) = &tokens[which];
                let holds = model.get(key) == Some(&Some(which));
                assert!(store.release(token).await.is_ok_and(|done| done == holds));
                if holds {
                    model.remove(key);
                }
            }
            _ => {}
        }
    }
}

fn run_model<F: Future<Output = ()>>(cases: u32, mut check: impl FnMut(Vec<Step>) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let check = std::cell::RefCell::new(|steps| runtime.block_on(check(steps)));
    proptest::test_runner::TestRunner::new(config)
        .run(&steps(), |steps| {
            check.borrow_mut()(steps);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_memory_store_agrees_with_a_plain_model() {
    run_model(256, |steps| async { agrees_with_a_plain_model(&MemoryStore::new(100), steps).await });
}

#[test]
fn the_redis_store_agrees_with_a_plain_model() {
    let Some(server) = RedisServer::start() else { return };
    let mut case = 0;
    run_model(64, |steps| {
        case += 1;
        let (url, prefix) = (server.url(), format!("case {case}:"));
        async move { agrees_with_a_plain_model(&RedisStore::connect(&url).await.unwrap().prefix(&prefix), steps).await }
    });
}

// ---- After a lease ----

/// Waits until the store lets the key go; that it does is the test, when it does is its clock's business.
async fn claim_in_the_end<S: ReplayStore>(store: &S, key: &str, lease: u64) -> Token {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match store.claim(key, Duration::from_secs(lease)).await {
            Ok(Claim::New(token)) => return token,
            Ok(Claim::InProgress(_)) => assert!(Instant::now() < deadline, "the lease does not end"),
            _ => panic!("neither claimed nor in progress"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn a_lease_that_is_over_gives_no_rights<S: ReplayStore>(store: &S) {
    let late = claimed(store.claim("a", Duration::from_secs(1)).await);
    let holder = claim_in_the_end(store, "a", 600).await;
    assert!(store.release(&late).await.is_ok_and(|done| !done));
    assert!(store.commit(&late, Duration::from_secs(600)).await.is_ok_and(|done| !done));
    assert!(
        matches!(store.claim("a", Duration::from_secs(600)).await, Ok(Claim::InProgress(left)) if left.as_secs() >= 2)
    );
    assert!(store.commit(&holder, Duration::from_secs(600)).await.is_ok_and(|done| done));
    assert!(matches!(store.claim("a", Duration::from_secs(600)).await, Ok(Claim::Done)));

    // A handler that was slow has still succeeded, as long as nobody has claimed since.
    let slow = claimed(store.claim("b", Duration::from_secs(1)).await);
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(store.commit(&slow, Duration::from_secs(600)).await.is_ok_and(|done| done));
    assert!(matches!(store.claim("b", Duration::from_secs(600)).await, Ok(Claim::Done)));
}

async fn a_memory_ends<S: ReplayStore>(store: &S) {
    let token = claimed(store.claim("c", Duration::from_secs(600)).await);
    assert!(store.commit(&token, Duration::from_secs(1)).await.is_ok_and(|done| done));
    let deadline = Instant::now() + Duration::from_secs(60);
    while matches!(store.claim("c", Duration::from_secs(600)).await, Ok(Claim::Done)) {
        assert!(Instant::now() < deadline, "the memory does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(matches!(store.claim("c", Duration::from_secs(600)).await, Ok(Claim::InProgress(_))));
    // The longest lengths there are do no harm.
    let token = claimed(store.claim("d", Duration::MAX).await);
    assert!(matches!(store.claim("d", Duration::MAX).await, Ok(Claim::InProgress(_))));
    assert!(store.commit(&token, Duration::MAX).await.is_ok_and(|done| done));
    assert!(matches!(store.claim("d", Duration::from_secs(0)).await, Ok(Claim::Done)));
}

#[tokio::test]
async fn in_memory_leases_and_memories_end() {
    let store = MemoryStore::new(100);
    a_lease_that_is_over_gives_no_rights(&store).await;
    a_memory_ends(&store).await;
}

#[tokio::test]
async fn in_redis_leases_and_memories_end() {
    let Some(server) = RedisServer::start() else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    a_lease_that_is_over_gives_no_rights(&store).await;
    a_memory_ends(&store).await;
}

#[tokio::test]
async fn redis_keys_are_as_documented_and_prefixes_apart() {
    let Some(server) = RedisServer::start() else { return };
    let (store, mut connection) = (RedisStore::connect(&server.url()).await.unwrap(), connect(&server.url()).await);
    let (other, key) = (store.clone().prefix("other:"), "svix:id:{msg} 1\n");
    let token = claimed(store.claim(key, Duration::from_secs(600)).await);
    let value: String = connection.get(format!("countersign:{key}")).await.unwrap();
    assert!(value.len() == 32 && value.chars().all(|c| c.is_ascii_hexdigit()), "{value}");
    assert!(!format!("{store:?} {token:?}").contains(&value));
    claimed(other.claim(key, Duration::from_secs(600)).await);
    assert!(store.commit(&token, Duration::from_secs(300)).await.unwrap());
    assert_eq!(connection.get::<_, String>(format!("countersign:{key}")).await.unwrap(), "done");
    let left: i64 = connection.pttl(format!("countersign:{key}")).await.unwrap();
    assert!((1..=300_000).contains(&left), "{left}");
    // Somebody else's key of another type is an error, and stays as it is.
    let _: i64 = connection.lpush("countersign:list", 1).await.unwrap();
    assert!(store.claim("list", Duration::from_secs(600)).await.is_err());
}

#[tokio::test]
async fn a_redis_that_is_gone_is_an_error_and_one_that_is_back_works() {
    let Some(mut server) = RedisServer::start() else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    claimed(store.claim("a", Duration::from_secs(600)).await);
    server.stop();
    assert!(store.claim("b", Duration::from_secs(600)).await.is_err());
    assert!(RedisStore::connect("nonsense").await.is_err());
    server.restart();
    let deadline = Instant::now() + Duration::from_secs(60);
    while store.claim("c", Duration::from_secs(600)).await.is_err() {
        assert!(Instant::now() < deadline, "the store does not connect again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

// ---- Between processes ----

/// What a child process is told with: the server's address. What to do comes line by line.
const SERVER: &str = "COUNTERSIGN_TEST_REDIS";

/// A receiver in a process of its own: this very test binary, told to run one test.
struct Receiver {
    process: Child,
    orders: ChildStdin,
    said: std::io::Lines<BufReader<ChildStdout>>,
}

impl Receiver {
    fn start(server: &RedisServer) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["a_receiver", "--exact", "--ignored", "--nocapture"])
            .env(SERVER, server.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, orders, said }
    }

    fn order(&mut self, line: &str) {
        writeln!(self.orders, "{line}").unwrap();
    }

    /// The next answer; the test harness of the child says other things in between.
    fn answer(&mut self) -> String {
        self.said.find_map(|line| line.unwrap().strip_prefix("=> ").map(Into::into)).unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn connect(url: &str) -> ConnectionManager {
    redis::Client::open(url).unwrap().get_connection_manager().await.unwrap()
}

/// Counts in Redis how often the handler of each id has run.
async fn count(connection: &ConnectionManager, id: &str) -> Result<(), redis::RedisError> {
    connection.clone().hincr("runs", id, 1).await
}

async fn runs(connection: &ConnectionManager) -> HashMap<String, u32> {
    connection.clone().hgetall("runs").await.unwrap()
}

#[tokio::test]
#[ignore = "a process that the tests below start"]
async fn a_receiver() {
    let Ok(url) = std::env::var(SERVER) else { return };
    let (store, counter) = (RedisStore::connect(&url).await.unwrap(), connect(&url).await);
    let webhook = webhook();
    for order in std::io::stdin().lines() {
        let order = order.unwrap();
        match order.split(' ').collect::<Vec<_>>()[..] {
            ["handle", first, end] => {
                let ids = first.parse::<u32>().unwrap()..end.parse().unwrap();
                let tasks = ids.map(|id| {
                    tokio::spawn(until_known(store.clone(), counter.clone(), event(&webhook, &id.to_string())))
                });
                let mut handled = 0;
                for task in tasks.collect::<Vec<_>>() {
                    handled += u32::from(task.await.unwrap());
                }
                println!("\n=> {handled}");
            }
            ["hang", id, lease] => {
                let handler = async || {
                    count(&counter, id).await?;
                    println!("\n=> handling");
                    std::future::pending::<Result<(), redis::RedisError>>().await
                };
                let _ = handle_once(
                    &store,
                    &event(&webhook, id),
                    NOW,
                    Duration::from_secs(lease.parse().unwrap()),
                    handler,
                )
                .await;
            }
            _ => panic!("{order}"),
        }
    }
}

/// Delivers again and again, as a provider does, until the delivery is known as handled. Says whether it was handled here.
async fn until_known(store: RedisStore, counter: ConnectionManager, event: countersign::Event<'static>) -> bool {
    loop {
        let handler = async || {
            count(&counter, event.id().unwrap()).await?;
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok::<_, redis::RedisError>(())
        };
        match handle_once(&store, &event, NOW, Duration::from_secs(600), handler).await {
            Outcome::Handled(()) => return true,
            Outcome::Duplicate => return false,
            Outcome::InProgress(_) => tokio::time::sleep(Duration::from_millis(2)).await,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn two_processes_racing_on_10_000_ids_run_each_handler_once() {
    const IDS: u32 = 10_000;
    const AT_ONCE: u32 = 100;
    let Some(server) = RedisServer::start() else { return };
    let mut receivers = [Receiver::start(&server), Receiver::start(&server)];
    let mut handled = [0; 2];
    // Both get the same ids, and nobody runs ahead of the other.
    for first in (0..IDS).step_by(AT_ONCE as usize) {
        for receiver in &mut receivers {
            receiver.order(&format!("handle {first} {}", first + AT_ONCE));
        }
        for (receiver, handled) in receivers.iter_mut().zip(&mut handled) {
            *handled += receiver.answer().parse::<u32>().unwrap();
        }
    }
    let runs = runs(&connect(&server.url()).await).await;
    assert_eq!(runs.len(), IDS as usize);
    assert!(runs.values().all(|times| *times == 1));
    assert_eq!(handled.iter().sum::<u32>(), IDS);
    println!("{handled:?}");
}

#[tokio::test]
async fn a_handler_that_is_killed_is_retried_after_its_lease() {
    let Some(server) = RedisServer::start() else { return };
    let mut receiver = Receiver::start(&server);
    receiver.order("hang msg_1 5");
    assert_eq!(receiver.answer(), "handling");
    drop(receiver); // SIGKILL

    let (store, counter) = (RedisStore::connect(&server.url()).await.unwrap(), connect(&server.url()).await);
    let event = event(&webhook(), "msg_1");
    let attempt = || handle_once(&store, &event, NOW, Duration::from_secs(60), || count(&counter, "msg_1"));
    let Outcome::InProgress(left) = attempt().await else { panic!("the lease holds after the kill") };
    assert!((1..=5).contains(&left.as_secs()), "{left:?}");
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match attempt().await {
            Outcome::Handled(()) => break,
            Outcome::InProgress(_) => assert!(Instant::now() < deadline, "the lease does not end"),
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(runs(&counter).await, HashMap::from([("msg_1".into(), 2)]));
    assert!(matches!(attempt().await, Outcome::Duplicate));
}
