//! A store that does not answer: outcomes are written down later, and nothing is sent twice or lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::dispatch::{DispatchCode, Dispatcher, Options};
use countersign::endpoint::{DeliveryStatus, LogFilter};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, during, event, eventually, options, retry_after, run_until_empty};
use crate::stores::{TestStore, Trouble};

on_both_stores!(
    outcomes_are_written_down_later_and_nothing_is_repeated,
    a_claim_whose_answer_is_lost_is_made_again_after_its_lease,
    outcomes_survive_a_shutdown_with_a_store_that_fails,
);

async fn faulty(
    setup: &Setup,
    receiver: &Receiver,
    change: impl FnOnce(&mut Options),
) -> (Dispatcher<TestStore>, Arc<Trouble>) {
    let mut options = options(&receiver.root_pem);
    change(&mut options);
    let store = setup.bed.open().await;
    let trouble = Arc::clone(&store.trouble);
    (Dispatcher::with_options(store, setup.endpoints.clone(), options).unwrap(), trouble)
}

async fn outcomes_are_written_down_later_and_nothing_is_repeated(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number % 5 == 4 { 500 } else { 200 })).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| endpoint.retry = Some(retry_after(0)));
    let (dispatcher, trouble) = faulty(&setup, &receiver, |_| ()).await;
    trouble.enqueue.store(1, Ordering::SeqCst);
    let refused = dispatcher.enqueue(event("evt_0")).await.unwrap_err();
    assert_eq!(refused.code(), DispatchCode::StoreFailed);
    assert_eq!(dispatcher.depth().await, Ok(0));
    let all = (0..100).map(|number| event(&format!("evt_{number}")));
    assert_eq!(dispatcher.enqueue_all(all).await, Ok(100));
    let (finish, answer, claim, breaker) = (&trouble.finish, &trouble.finish_answer, &trouble.claim, &trouble.breaker);
    for (trouble, times) in [(finish, 10), (answer, 5), (claim, 3), (breaker, 3)] {
        trouble.store(times, Ordering::SeqCst);
    }
    run_until_empty(&dispatcher).await;
    assert_eq!(trouble.failed.load(Ordering::SeqCst), 1 + 10 + 5 + 3 + 3, "all of it has happened");
    // One more for each that was answered with 500, and no other.
    let counts = dispatcher.counts();
    assert_eq!(receiver.count() as u64, counts.attempts);
    assert_eq!(counts.attempts, 100 + counts.failed);
    assert_eq!(receiver.overlaps(), 0);
    let filter = LogFilter::new().limit(100);
    let entries = dispatcher.log(&filter).await.unwrap();
    assert!(entries.iter().all(|entry| entry.status == DeliveryStatus::Success && entry.error.is_none()));
    assert_eq!(entries.iter().map(|entry| entry.attempt).sum::<i64>() as usize, receiver.count());
}

async fn a_claim_whose_answer_is_lost_is_made_again_after_its_lease(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| endpoint.timeout_ms = Some(1000));
    let (dispatcher, trouble) =
        faulty(&setup, &receiver, |options| options.lease_margin = Duration::from_millis(500)).await;
    dispatcher.enqueue_all((0..5).map(|number| event(&format!("evt_{number}")))).await.unwrap();
    trouble.claim_answer.store(1, Ordering::SeqCst);
    run_until_empty(&dispatcher).await;
    assert_eq!((receiver.count(), receiver.ids().len()), (5, 5));
    let entries = dispatcher.log(&LogFilter::default()).await.unwrap();
    assert!(entries.iter().all(|entry| entry.attempt == 2), "the lost one counts as a crash");
}

async fn outcomes_survive_a_shutdown_with_a_store_that_fails(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let (dispatcher, trouble) = faulty(&setup, &receiver, |_| ()).await;
    dispatcher.enqueue_all((0..8).map(|number| event(&format!("evt_{number}")))).await.unwrap();
    // Until after the end of `run`, it seems; but it goes on trying.
    trouble.finish.store(20, Ordering::SeqCst);
    during(&dispatcher, eventually("all requests", async || receiver.count() == 8)).await;
    assert_eq!(dispatcher.depth().await, Ok(0));
    assert_eq!((receiver.count(), trouble.finish.load(Ordering::SeqCst)), (8, 0));
}

/// Connections that are cut at any moment, in the middle of a statement too.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_connections_that_are_cut_lose_nothing() {
    let Some(bed) = Bed::postgres().await else { return };
    let schema = bed.address().rsplit_once('|').unwrap().1.to_string();
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| endpoint.timeout_ms = Some(5000));
    let (dispatcher, _) = faulty(&setup, &receiver, |options| options.lease_margin = Duration::from_secs(1)).await;
    let cut = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE application_name = '{schema}' AND pid <> pg_backend_pid()"
    );
    let mut acknowledged = 0;
    let work = async {
        for round in 0..30 {
            for number in 0..20 {
                // An error says nothing about whether it was stored; another try finds out.
                while dispatcher.enqueue(event(&format!("evt_{round}_{number}"))).await.is_err() {}
                acknowledged += 1;
            }
            setup.bed.numbers(&cut).await;
        }
        let empty = async || dispatcher.depth().await == Ok(0);
        eventually("an empty queue", empty).await;
    };
    during(&dispatcher, work).await;
    let ids = receiver.ids();
    assert_eq!((acknowledged, ids.len()), (600, 600));
    println!("{} of 600 came twice", receiver.count() - 600);
}
