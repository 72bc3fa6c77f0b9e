//! `handle_once`: who runs, who does not, and what the sender is told.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use countersign::{Claim, Code, MemoryStore, Outcome, ReplayStore, handle_once};
use events::{NOW, event, webhook};
use tokio::sync::Notify;

type Answer<T = ()> = Outcome<T, &'static str, Infallible>;

fn refuses_to_run() -> std::future::Ready<Result<(), &'static str>> {
    panic!("the handler must not run")
}

#[tokio::test]
async fn a_repeat_is_answered_without_the_handler() {
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    let first: Answer<u8> = handle_once(&store, &event, NOW, 60, async || Ok(7)).await;
    assert_eq!(first, Outcome::Handled(7));
    assert_eq!((first.status(), first.code()), (200, None));

    let repeat: Answer = handle_once(&store, &event, NOW, 60, refuses_to_run).await;
    assert_eq!(repeat, Outcome::Duplicate);
    assert_eq!((repeat.status(), repeat.code(), repeat.retry_after()), (200, Some(Code::Duplicate), None));
}

#[tokio::test]
async fn the_attempt_after_a_failure_is_handled() {
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    let failed: Answer = handle_once(&store, &event, NOW, 60, async || Err("the database is down")).await;
    assert_eq!(failed, Outcome::Failed("the database is down"));
    assert_eq!((failed.status(), failed.code()), (500, None));
    assert!(store.is_empty());
    let again: Answer = handle_once(&store, &event, NOW, 60, async || Ok(())).await;
    assert_eq!(again, Outcome::Handled(()));
}

#[tokio::test]
async fn while_a_handler_runs_the_same_delivery_waits() {
    let (store, event, finish) = (MemoryStore::new(10), event(&webhook(), "msg_1"), Notify::new());
    let first = handle_once(&store, &event, NOW, 60, async || {
        finish.notified().await;
        Ok::<_, &str>(())
    });
    let second = async {
        let waits: Answer = handle_once(&store, &event, NOW, 60, refuses_to_run).await;
        finish.notify_one();
        waits
    };
    // In this order: `first` is polled first, so it has claimed.
    let (first, second) = tokio::join!(biased; first, second);
    assert_eq!(first, Outcome::Handled(()));
    let Outcome::InProgress(seconds) = second else { panic!("{second:?}") };
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!((second.status(), second.code(), second.retry_after()), (409, Some(Code::InProgress), Some(seconds)));
}

#[tokio::test]
async fn a_full_store_runs_no_handler() {
    let (store, webhook) = (MemoryStore::new(1), webhook());
    assert!(matches!(store.claim("running", 60).await, Ok(Claim::New(_))));
    let full: Answer = handle_once(&store, &event(&webhook, "msg_1"), NOW, 60, refuses_to_run).await;
    assert_eq!((full, full.status()), (Outcome::Full, 503));
}

#[tokio::test]
async fn a_handler_that_is_dropped_or_panics_keeps_its_lease() {
    let (store, webhook) = (MemoryStore::new(10), webhook());
    let event = event(&webhook, "msg_1");
    let dropped = tokio::select! {
        biased;
        _ = handle_once(&store, &event, NOW, 60, std::future::pending::<Result<(), Infallible>>) => false,
        () = std::future::ready(()) => true,
    };
    assert!(dropped);
    let after: Answer = handle_once(&store, &event, NOW, 60, refuses_to_run).await;
    assert!(matches!(after, Outcome::InProgress(_)), "{after:?}");

    let event = events::event(&webhook, "msg_2");
    let panics = handle_once(&store, &event, NOW, 60, refuses_to_run);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut panics = std::pin::pin!(panics);
        panics.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }));
    assert!(panicked.is_err());
    let after: Answer = handle_once(&store, &event, NOW, 60, refuses_to_run).await;
    assert!(matches!(after, Outcome::InProgress(_)), "{after:?}");
}

/// Answers what it is told to, and writes down what it was asked.
struct Scripted {
    claim: Mutex<Option<Result<Claim<u8>, &'static str>>>,
    end: Result<bool, &'static str>,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    fn new(claim: Result<Claim<u8>, &'static str>, end: Result<bool, &'static str>) -> Self {
        Self { claim: Mutex::new(Some(claim)), end, asked: Mutex::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl ReplayStore for Scripted {
    type Token = u8;
    type Error = &'static str;

    async fn claim(&self, replay_key: &str, lease: u64) -> Result<Claim<u8>, &'static str> {
        self.asked.lock().unwrap().push(format!("claim {replay_key} {lease}"));
        self.claim.lock().unwrap().take().unwrap()
    }

    async fn commit(&self, token: &u8, keep: u64) -> Result<bool, &'static str> {
        self.asked.lock().unwrap().push(format!("commit {token} {keep}"));
        self.end
    }

    async fn release(&self, token: &u8) -> Result<bool, &'static str> {
        self.asked.lock().unwrap().push(format!("release {token}"));
        self.end
    }
}

#[tokio::test]
async fn a_store_is_asked_for_lengths_of_time() {
    let store = Scripted::new(Ok(Claim::New(7)), Ok(true));
    let event = event(&webhook(), "msg_1");
    let outcome = handle_once(&store, &event, NOW, 45, async || Ok::<_, ()>(())).await;
    assert_eq!(outcome, Outcome::Handled(()));
    // To the last second in which the same bytes would still pass, or a retry come.
    let keep = event.expires().since(NOW) + 1;
    assert_eq!(store.asked(), ["claim standard-webhooks:id:msg_1 45".to_string(), format!("commit 7 {keep}")]);
}

#[tokio::test]
async fn when_the_store_fails_to_claim_nothing_runs() {
    let store = Scripted::new(Err("no connection"), Ok(true));
    let outcome = handle_once(&store, &event(&webhook(), "msg_1"), NOW, 60, refuses_to_run).await;
    assert_eq!((outcome, outcome.status()), (Outcome::StoreFailed("no connection"), 503));
}

#[tokio::test]
async fn work_that_is_done_is_never_reported_as_failed() {
    let event = event(&webhook(), "msg_1");
    for (end, expected) in [(Ok(false), None), (Err("no connection"), Some("no connection"))] {
        let store = Scripted::new(Ok(Claim::New(7)), end);
        let outcome = handle_once(&store, &event, NOW, 60, async || Ok::<_, ()>("done")).await;
        assert_eq!((outcome, outcome.status()), (Outcome::HandledButForgotten("done", expected), 200));
    }
}

#[tokio::test]
async fn the_handlers_error_outlives_a_failing_release() {
    let store = Scripted::new(Ok(Claim::New(7)), Err("no connection"));
    let outcome = handle_once(&store, &event(&webhook(), "msg_1"), NOW, 60, async || Err::<(), _>("mine")).await;
    assert_eq!(outcome, Outcome::Failed("mine"));
    assert_eq!(store.asked().last().unwrap(), "release 7");
}

/// Servers move requests between threads: with a handler that allows it, the whole future does.
#[test]
fn the_future_is_send_and_the_handler_need_not_be() {
    fn is_send<F: Send>(future: F) -> F {
        future
    }
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    drop(is_send(handle_once(&store, &event, NOW, 60, async || Ok::<_, ()>(()))));

    let (local, seen) = (Cell::new(0), RefCell::new(String::new()));
    drop(handle_once(&store, &event, NOW, 60, async || {
        local.set(1);
        seen.borrow_mut().push('x');
        Ok::<_, ()>(())
    }));
}
