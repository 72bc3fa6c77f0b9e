//! `handle_once`: who runs, who does not, and what the provider is told.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use core::time::Duration;

use countersign::Code;
use countersign::once::{Claim, MemoryStore, Outcome, ReplayStore, StoreError, StoreFuture, Token, handle_once};
use events::{NOW, event, webhook};
use tokio::sync::Notify;

type Answer<T = ()> = Outcome<T, &'static str>;

fn refuses_to_run() -> std::future::Ready<Result<(), &'static str>> {
    panic!("the handler must not run")
}

#[tokio::test]
async fn a_repeat_is_answered_without_the_handler() {
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    let first: Answer<u8> = handle_once(&store, &event, NOW, Duration::from_secs(60), async || Ok(7)).await;
    assert!(matches!(first, Outcome::Handled(7)), "{first:?}");
    assert_eq!((first.status(), first.code()), (200, None));

    let repeat: Answer = handle_once(&store, &event, NOW, Duration::from_secs(60), refuses_to_run).await;
    assert!(matches!(repeat, Outcome::Duplicate), "{repeat:?}");
    assert_eq!((repeat.status(), repeat.code(), repeat.retry_after()), (200, Some(Code::Duplicate), None));
}

#[tokio::test]
async fn the_attempt_after_a_failure_is_handled() {
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    let failed: Answer =
        handle_once(&store, &event, NOW, Duration::from_secs(60), async || Err("the database is down")).await;
    assert!(matches!(failed, Outcome::Failed("the database is down")), "{failed:?}");
    assert_eq!((failed.status(), failed.code()), (500, None));
    assert!(store.is_empty());
    let again: Answer = handle_once(&store, &event, NOW, Duration::from_secs(60), async || Ok(())).await;
    assert!(matches!(again, Outcome::Handled(())), "{again:?}");
}

#[tokio::test]
async fn while_a_handler_runs_the_same_delivery_waits() {
    let (store, event, finish) = (MemoryStore::new(10), event(&webhook(), "msg_1"), Notify::new());
    let first = handle_once(&store, &event, NOW, Duration::from_secs(60), async || {
        finish.notified().await;
        Ok::<_, &str>(())
    });
    let second = async {
        let waits: Answer = handle_once(&store, &event, NOW, Duration::from_secs(60), refuses_to_run).await;
        finish.notify_one();
        waits
    };
    // In this order: `first` is polled first, so it has claimed.
    let (first, second) = tokio::join!(biased; first, second);
    assert!(matches!(first, Outcome::Handled(())), "{first:?}");
    let Outcome::InProgress(left) = second else { panic!("{second:?}") };
    let seconds = left.as_secs();
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!((second.status(), second.code(), second.retry_after()), (409, Some(Code::InProgress), Some(seconds)));
}

#[tokio::test]
async fn a_full_store_runs_no_handler() {
    let (store, webhook) = (MemoryStore::new(1), webhook());
    assert!(matches!(store.claim("running", Duration::from_secs(60)).await, Ok(Claim::New(_))));
    let full: Answer =
        handle_once(&store, &event(&webhook, "msg_1"), NOW, Duration::from_secs(60), refuses_to_run).await;
    assert!(matches!(full, Outcome::Full), "{full:?}");
    assert_eq!(full.status(), 503);
}

#[tokio::test]
async fn a_handler_that_is_dropped_or_panics_keeps_its_lease() {
    let (store, webhook) = (MemoryStore::new(10), webhook());
    let event = event(&webhook, "msg_1");
    let dropped = tokio::select! {
        biased;
        _ = handle_once(&store, &event, NOW, Duration::from_secs(60), std::future::pending::<Result<(), Infallible>>) => false,
        () = std::future::ready(()) => true,
    };
    assert!(dropped);
    let after: Answer = handle_once(&store, &event, NOW, Duration::from_secs(60), refuses_to_run).await;
    assert!(matches!(after, Outcome::InProgress(_)), "{after:?}");

    let event = events::event(&webhook, "msg_2");
    let panics = handle_once(&store, &event, NOW, Duration::from_secs(60), refuses_to_run);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut panics = std::pin::pin!(panics);
        panics.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }));
    assert!(panicked.is_err());
    let after: Answer = handle_once(&store, &event, NOW, Duration::from_secs(60), refuses_to_run).await;
    assert!(matches!(after, Outcome::InProgress(_)), "{after:?}");
}

/// Answers what it is told to, and writes down what it was asked.
struct Scripted {
    claim: Result<Claim, &'static str>,
    end: Result<bool, &'static str>,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    fn new(claim: Result<Claim, &'static str>, end: Result<bool, &'static str>) -> Self {
        Self { claim, end, asked: Mutex::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn answer<T: Clone + Send + 'static>(
        &self,
        question: String,
        answer: &Result<T, &'static str>,
    ) -> StoreFuture<'_, T> {
        self.asked.lock().unwrap().push(question);
        let answer = answer.clone().map_err(StoreError::new);
        Box::pin(async { answer })
    }
}

impl ReplayStore for Scripted {
    fn claim<'a>(&'a self, replay_key: &'a str, lease: Duration) -> StoreFuture<'a, Claim> {
        self.answer(format!("claim {replay_key} {}", lease.as_secs()), &self.claim)
    }

    fn commit<'a>(&'a self, token: &'a Token, keep: Duration) -> StoreFuture<'a, bool> {
        self.answer(format!("commit {} {}", token.claim(), keep.as_secs()), &self.end)
    }

    fn release<'a>(&'a self, token: &'a Token) -> StoreFuture<'a, bool> {
        self.answer(format!("release {}", token.claim()), &self.end)
    }
}

fn claimed() -> Result<Claim, &'static str> {
    Ok(Claim::New(Token::new("standard-webhooks:id:msg_1", 7)))
}

#[tokio::test]
async fn a_store_is_asked_for_lengths_of_time() {
    let store = Scripted::new(claimed(), Ok(true));
    let event = event(&webhook(), "msg_1");
    let outcome = handle_once(&store, &event, NOW, Duration::from_secs(45), async || Ok::<_, ()>(())).await;
    assert!(matches!(outcome, Outcome::Handled(())), "{outcome:?}");
    // To the last second in which the same bytes would still pass, or a retry come.
    let keep = event.expires().since(NOW).as_secs() + 1;
    assert_eq!(store.asked(), ["claim standard-webhooks:id:msg_1 45".to_string(), format!("commit 7 {keep}")]);
}

#[tokio::test]
async fn when_the_store_fails_to_claim_nothing_runs() {
    let store = Scripted::new(Err("no connection"), Ok(true));
    let outcome = handle_once(&store, &event(&webhook(), "msg_1"), NOW, Duration::from_secs(60), refuses_to_run).await;
    assert_eq!(outcome.status(), 503);
    let Outcome::StoreFailed(error) = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.to_string(), "The replay store could not answer: no connection");
}

#[tokio::test]
async fn work_that_is_done_is_never_reported_as_failed() {
    let event = event(&webhook(), "msg_1");
    for (end, store_failed) in [(Ok(false), false), (Err("no connection"), true)] {
        let store = Scripted::new(claimed(), end);
        let outcome = handle_once(&store, &event, NOW, Duration::from_secs(60), async || Ok::<_, ()>("done")).await;
        assert_eq!(outcome.status(), 200);
        let Outcome::HandledButForgotten("done", error) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.is_some(), store_failed);
    }
}

#[tokio::test]
async fn the_handlers_error_outlives_a_failing_release() {
    let store = Scripted::new(claimed(), Err("no connection"));
    let outcome =
        handle_once(&store, &event(&webhook(), "msg_1"), NOW, Duration::from_secs(60), async || Err::<(), _>("mine"))
            .await;
    assert!(matches!(outcome, Outcome::Failed("mine")), "{outcome:?}");
    assert_eq!(store.asked().last().unwrap(), "release 7");
}

/// A program can choose its store when it starts.
#[tokio::test]
async fn a_store_can_be_chosen_at_run_time() {
    let store: std::sync::Arc<dyn ReplayStore> = std::sync::Arc::new(MemoryStore::new(10));
    let event = event(&webhook(), "msg_1");
    let first: Answer = handle_once(&*store, &event, NOW, Duration::from_secs(60), async || Ok(())).await;
    assert!(matches!(first, Outcome::Handled(())), "{first:?}");
    let again: Answer = handle_once(&*store, &event, NOW, Duration::from_secs(60), refuses_to_run).await;
    assert!(matches!(again, Outcome::Duplicate), "{again:?}");
}

/// Servers move requests between threads: with a handler that allows it, the whole future does.
#[test]
fn the_future_is_send_and_the_handler_need_not_be() {
    fn is_send<F: Send>(future: F) -> F {
        future
    }
    let (store, event) = (MemoryStore::new(10), event(&webhook(), "msg_1"));
    drop(is_send(handle_once(&store, &event, NOW, Duration::from_secs(60), async || Ok::<_, ()>(()))));

    let (local, seen) = (Cell::new(0), RefCell::new(String::new()));
    drop(handle_once(&store, &event, NOW, Duration::from_secs(60), async || {
        local.set(1);
        seen.borrow_mut().push('x');
        Ok::<_, ()>(())
    }));
}
