//! A retry by hand against the scheduled retry and the attempt that runs: never two at the same time, never lost.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::dispatch::DispatchCode;
use countersign::endpoint::retry::BreakerPolicy;
use countersign::endpoint::{DeliveryStatus, LogFilter};
use tokio::sync::Semaphore;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, during, eventually, newest, retry_after, run_until_empty};

on_both_stores!(what_is_being_sent_is_left_alone, retries_by_hand_race_scheduled_ones);

async fn what_is_being_sent_is_left_alone(bed: Bed) {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let receiver = Receiver::start(move |_, _| Reply::Held(Arc::clone(&held), 500)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.enqueue(1).await;
    let work = async {
        eventually("an attempt", async || receiver.count() == 1).await;
        let id = newest(&setup.dispatcher).await.id;
        for _ in 0..20 {
            let error = setup.dispatcher.retry(id).await.unwrap_err();
            assert_eq!(error.code(), DispatchCode::DeliveryInProgress);
        }
        gate.add_permits(1000);
        // When it is over, the first retry by hand replaces the scheduled one, and those after it find it due or being sent.
        eventually("a retry by hand", async || setup.dispatcher.retry(id).await.is_ok()).await;
        eventually("its attempt", async || receiver.count() == 2).await;
        eventually("its end", async || newest(&setup.dispatcher).await.duration.is_some()).await;
    };
    during(&setup.dispatcher, work).await;
    assert_eq!((receiver.overlaps(), setup.dispatcher.depth().await), (0, Ok(1)));
}

async fn retries_by_hand_race_scheduled_ones(bed: Bed) {
    const DELIVERIES: usize = 20;
    let receiver = Receiver::start(|number, _| Reply::status(if number % 3 == 2 { 200 } else { 500 })).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.retry = Some(retry_after(0));
        endpoint.breaker = Some(BreakerPolicy::new().failures(1000));
    });
    setup.enqueue(DELIVERIES).await;
    let filter = LogFilter::new().limit(100);
    let ids: Vec<i64> = setup.dispatcher.log(&filter).await.unwrap().iter().map(|entry| entry.id).collect();
    let (due, in_progress) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let other = setup.another(&receiver).await;
    let hands = async {
        let mut hands = tokio::task::JoinSet::new();
        for hand in 0..8 {
            let dispatcher = if hand % 2 == 0 { setup.dispatcher.clone() } else { other.clone() };
            let (ids, due, in_progress) = (ids.clone(), Arc::clone(&due), Arc::clone(&in_progress));
            hands.spawn(async move {
                for turn in 0..150 {
                    let seen = match dispatcher.retry(ids[(turn * 7 + hand * 3) % ids.len()]).await {
                        Ok(()) => &due,
                        Err(error) if error.code() == DispatchCode::DeliveryInProgress => &in_progress,
                        Err(error) => panic!("{error}"),
                    };
                    seen.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
        }
        hands.join_all().await;
    };
    during(&other, during(&setup.dispatcher, hands)).await;
    setup.dispatcher.enable("one").await.unwrap();
    run_until_empty(&setup.dispatcher).await;
    assert_eq!(receiver.overlaps(), 0, "two attempts of one delivery at the same time");
    let entries = setup.dispatcher.log(&filter).await.unwrap();
    assert!(entries.len() == DELIVERIES && entries.iter().all(|entry| entry.status != DeliveryStatus::Pending));
    // What was received is what was counted: no attempt behind the log's back.
    let attempts: i64 = entries.iter().map(|entry| entry.attempt).sum();
    assert_eq!(attempts, receiver.count() as i64);
    assert_eq!(receiver.ids().len(), DELIVERIES);
    let (due, in_progress) = (due.load(Ordering::SeqCst), in_progress.load(Ordering::SeqCst));
    println!("{due} retries by hand were made due, {in_progress} found their delivery being sent");
    assert!(due > 0 && due + in_progress == 8 * 150);
}
