//! What a store promises about leases: one holder at a time, and a late one changes nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::dispatch::{AttemptError, AttemptOutcome, Lease, Retried, Store as _};
use countersign::endpoint::{DeliveryStatus, LogFilter};

use crate::beds::Bed;
use crate::setup::{claim, delivery, eventually};

on_both_stores!(
    a_late_worker_changes_nothing,
    a_released_delivery_is_due_and_its_holder_has_nothing_more_to_say,
    claims_that_race_never_share,
);

fn outcome(lease: Lease, status: DeliveryStatus) -> AttemptOutcome {
    AttemptOutcome::new(lease, "one", status)
}

async fn a_late_worker_changes_nothing(bed: Bed) {
    let store = bed.open().await;
    assert_eq!(store.enqueue(vec![delivery("evt_1")]).await, Ok(1));
    let first = store.claim(claim(8, 300)).await.unwrap().remove(0).lease;
    assert_eq!(store.retry(first.id + 1000).await, Ok(Retried::Unknown));
    let mut second = Vec::new();
    eventually("the end of the lease", async || {
        second = store.claim(claim(8, 600_000)).await.unwrap();
        !second.is_empty()
    })
    .await;
    let second = second.remove(0).lease;
    assert_eq!((first.id, first.attempt, second.attempt), (second.id, 1, 2));
    assert!(store.claim(claim(8, 300)).await.unwrap().is_empty(), "one lease at a time");
    assert_eq!(store.retry(first.id).await, Ok(Retried::InProgress));
    store.release(&[first], true).await.unwrap();
    assert_eq!(store.finish(&[outcome(first, DeliveryStatus::Failed)]).await, Ok(0));
    assert_eq!(
        store.log(&LogFilter::default()).await.unwrap()[0].0.error.as_deref(),
        Some(AttemptError::Crashed.as_str())
    );
    let twice = [outcome(second, DeliveryStatus::Success), outcome(second, DeliveryStatus::Failed)];
    assert_eq!(store.finish(&twice[..1]).await, Ok(1));
    assert_eq!(store.finish(&twice[1..]).await, Ok(0));
    assert_eq!(store.log(&LogFilter::default()).await.unwrap()[0].0.status, DeliveryStatus::Success);
    assert!(store.claim(claim(8, 1)).await.unwrap().is_empty());
    assert!(store.due().await.unwrap().is_empty());
}

async fn a_released_delivery_is_due_and_its_holder_has_nothing_more_to_say(bed: Bed) {
    let store = bed.open().await;
    store.enqueue(vec![delivery("evt_1")]).await.unwrap();
    let first = store.claim(claim(8, 600_000)).await.unwrap().remove(0).lease;
    store.release(&[first], false).await.unwrap();
    store.release(&[first], true).await.unwrap();
    assert_eq!(store.log(&LogFilter::default()).await.unwrap()[0].0.attempt, 0, "it was not begun");
    assert_eq!(store.finish(&[outcome(first, DeliveryStatus::Failed)]).await, Ok(0));
    assert_eq!(store.due().await.unwrap(), ["one"]);
    let second = store.claim(claim(8, 600_000)).await.unwrap().remove(0);
    assert_eq!((second.lease.attempt, second.uncounted), (2, 1), "released once, however often it is said");
}

/// Eight who claim and finish, each with a connection of its own.
async fn claims_that_race_never_share(bed: Bed) {
    const DELIVERIES: usize = 400;
    let new = (0..DELIVERIES).map(|number| delivery(&format!("evt_{number}"))).collect();
    bed.open().await.enqueue(new).await.unwrap();
    let seen: Arc<Mutex<HashMap<i64, usize>>> = Arc::default();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..8 {
        let (store, seen) = (bed.open().await, Arc::clone(&seen));
        workers.spawn(async move {
            loop {
                let claimed = store.claim(claim(1 + worker % 4, 600_000)).await.unwrap();
                if claimed.is_empty() {
                    if store.depth().await.unwrap() == 0 {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                for one in &claimed {
                    *seen.lock().unwrap().entry(one.lease.id).or_default() += 1;
                }
                let done: Vec<_> = claimed.iter().map(|one| outcome(one.lease, DeliveryStatus::Success)).collect();
                assert_eq!(store.finish(&done).await, Ok(done.len() as u64));
            }
        });
    }
    workers.join_all().await;
    let seen = seen.lock().unwrap();
    assert!(seen.len() == DELIVERIES && seen.values().all(|times| *times == 1));
}
