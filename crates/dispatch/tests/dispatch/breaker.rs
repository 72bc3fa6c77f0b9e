//! The pause of an endpoint that keeps failing: it spends no attempt, ends with one probe, and in the end the endpoint is
//! disabled.

use core::time::Duration;
use std::sync::Arc;

use countersign::dispatch::{Disabled, Store as _};
use countersign::endpoint::retry::{BreakerPolicy, BreakerState};
use countersign::endpoint::{DeliveryStatus, LogFilter};
use tokio::sync::Semaphore;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, during, event, eventually, now, run_until, run_until_empty, tried};

on_both_stores!(
    a_pause_spends_no_attempt_and_ends_with_one_probe,
    a_probe_that_fails_begins_another_pause,
    an_endpoint_that_fails_for_days_is_disabled,
);

fn pauses(failures: i64, seconds: u64) -> BreakerPolicy {
    BreakerPolicy::new().failures(failures).pause(Duration::from_secs(seconds))
}

async fn attempts(setup: &Setup) -> Vec<i64> {
    let filter = LogFilter::new().limit(100);
    setup.dispatcher.log(&filter).await.unwrap().iter().map(|entry| entry.attempt).collect()
}

async fn a_pause_spends_no_attempt_and_ends_with_one_probe(bed: Bed) {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let receiver = Receiver::start(move |number, _| match number {
        0..3 => Reply::status(500),
        _ => Reply::Held(Arc::clone(&held), 200),
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        // One at a time, so that no attempt runs when the pause begins.
        endpoint.max_per_second = Some(1);
        endpoint.breaker = Some(pauses(3, 86_400));
    });
    setup.enqueue(40).await;
    let paused = async || matches!(setup.dispatcher.breaker("one").await.unwrap().state(), BreakerState::Open { .. });
    let wait = async {
        eventually("a pause", paused).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    };
    during(&setup.dispatcher, wait).await;
    assert_eq!((receiver.count(), setup.dispatcher.counts().pauses), (3, 1));
    assert_eq!(attempts(&setup).await.iter().sum::<i64>(), 3, "the others have spent none");

    // The pause ends; two workers see it.
    setup.change(|endpoint| endpoint.max_per_second = None);
    setup.bed.sql("UPDATE countersign_endpoint SET wait_until = 1").await;
    let other = setup.another(&receiver).await;
    let probe = async {
        eventually("a probe", async || receiver.count() > 3).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(receiver.count(), 4, "one probe, and nothing beside it");
        assert_eq!(attempts(&setup).await.iter().sum::<i64>(), 4);
        gate.add_permits(1000);
        // The three that failed wait for an hour.
        eventually("what had waited", async || receiver.count() == 40).await;
        eventually("a closed breaker", async || {
            setup.dispatcher.breaker("one").await.unwrap().state() == BreakerState::Closed
        })
        .await;
    };
    during(&other, during(&setup.dispatcher, probe)).await;
    assert!(receiver.ids().values().all(|times| *times == 1));
    assert_eq!(setup.dispatcher.depth().await, Ok(3));
}

async fn a_probe_that_fails_begins_another_pause(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number < 6 { 500 } else { 200 })).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.max_per_second = Some(1);
        endpoint.breaker = Some(pauses(2, 1));
        endpoint.retry = Some(crate::setup::retry_after(0));
    });
    setup.enqueue(1).await;
    // Two failures, four probes that fail, one that does not.
    run_until_empty(&setup.dispatcher).await;
    assert_eq!((receiver.count(), setup.dispatcher.counts().pauses), (7, 5));
    let breaker = setup.dispatcher.breaker("one").await.unwrap();
    assert_eq!((breaker.state(), breaker.failures()), (BreakerState::Closed, 0));
}

async fn an_endpoint_that_fails_for_days_is_disabled(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number < 6 { 500 } else { 200 })).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| endpoint.breaker = Some(pauses(5, 86_400)));
    setup.enqueue(5).await;
    during(&setup.dispatcher, eventually("a pause", async || setup.dispatcher.counts().pauses == 1)).await;
    assert!(setup.disabled.lock().unwrap().is_empty());
    // Six days pass: the pause is over, and the first failure was then.
    let store = setup.bed.open().await;
    let old = store.breaker("one").await.unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&old).unwrap();
    assert!(json["failing_since"].is_u64(), "{old}");
    json["failing_since"] = (now().as_secs() - 6 * 86_400).into();
    json["state"]["open"]["until"] = (now().as_secs() - 1).into();
    assert_eq!(store.set_breaker("one", &old, &json.to_string(), Some(Duration::ZERO)).await, Ok(true));
    setup.dispatcher.enqueue(event("evt_probe")).await.unwrap();
    run_until(&setup.dispatcher, tried).await;
    assert_eq!(*setup.disabled.lock().unwrap(), [Disabled::Failing]);
    setup.dispatcher.enqueue(event("evt_later")).await.unwrap();
    during(&setup.dispatcher, tokio::time::sleep(Duration::from_millis(500))).await;
    assert_eq!(receiver.count(), 6);
    setup.dispatcher.enable("one").await.unwrap();
    let entry = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
    assert_eq!((entry.event_id.as_str(), entry.attempt), ("evt_later", 1));
}
