//! The end of a worker: attempts that run are finished or cut off, and a delivery that is released has spent no attempt.

use std::sync::Arc;
use std::time::Duration;

use countersign::endpoint::DeliveryStatus;
use tokio::sync::Semaphore;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, during, eventually, newest, options, retry_after, run_until};

on_both_stores!(attempts_that_run_are_finished, what_is_released_has_spent_no_attempt);

async fn attempts_that_run_are_finished(bed: Bed) {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let receiver = Receiver::start(move |_, _| Reply::Held(Arc::clone(&held), 200)).await;
    let options = options(&receiver.root_pem).grace(Duration::from_secs(60));
    let setup = Setup::with(bed, &receiver, options).await;
    setup.enqueue(20).await;
    // The shutdown begins while eight attempts run.
    let run = during(&setup.dispatcher, eventually("eight requests", async || receiver.count() == 8));
    let answer = async {
        eventually("eight requests", async || receiver.count() == 8).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        gate.add_permits(1000);
    };
    tokio::join!(run, answer);
    assert_eq!((receiver.count(), setup.dispatcher.depth().await), (8, Ok(12)), "nothing new was begun");
    assert_eq!(setup.bed.numbers("SELECT count(*) FROM countersign_delivery WHERE held").await, [0]);
}

async fn what_is_released_has_spent_no_attempt(bed: Bed) {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let receiver = Receiver::start(move |number, _| match number {
        0..3 => Reply::Held(Arc::clone(&held), 200),
        _ => Reply::status(500),
    })
    .await;
    let options = options(&receiver.root_pem).grace(Duration::from_millis(200));
    let setup = Setup::with(bed, &receiver, options).await;
    setup.change(|endpoint| {
        endpoint.retry = Some(retry_after(0).max_retries(2));
    });
    setup.enqueue(1).await;
    for stop in 1..=3 {
        during(&setup.dispatcher, eventually("a request", async || receiver.count() == stop)).await;
        let entry = newest(&setup.dispatcher).await;
        assert_eq!((entry.status, entry.attempt, entry.error), (DeliveryStatus::Pending, stop as i64, None));
        // No lease keeps the next worker from it.
        assert_eq!(setup.bed.numbers("SELECT count(*) FROM countersign_delivery WHERE held").await, [0]);
    }
    // Three attempts are left, all of them.
    let entry = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Failed).await;
    assert_eq!((entry.attempt, receiver.count()), (6, 6));
}
