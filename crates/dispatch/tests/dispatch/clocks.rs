//! Clocks that were wrong: times in the tables are a day or a year off. Nothing is lost, and nothing waits longer than it
//! would have with a clock that was right.

use core::time::Duration;

use countersign::dispatch::Store as _;
use countersign::endpoint::LogFilter;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, claim, delivery, during, event, eventually, now, now_ms, run_until, tried};

on_both_stores!(nothing_waits_longer_than_its_rule, nothing_is_lost_by_a_clock_that_was_behind);

const DAY: i64 = 86_400_000;

async fn shift(bed: &Bed, by: i64) {
    bed.sql(&format!(
        "UPDATE countersign_delivery SET due = due + {by}, created = created + {by};
         UPDATE countersign_endpoint SET wait_until = wait_until + {by} WHERE wait_until <> 0"
    ))
    .await;
}

async fn nothing_waits_longer_than_its_rule(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number == 0 { 500 } else { 200 })).await;
    let setup = Setup::new(bed, &receiver).await;
    // One that failed and waits for an hour, one that a worker has died with, one that is new.
    setup.dispatcher.enqueue(event("evt_failed")).await.unwrap();
    run_until(&setup.dispatcher, tried).await;
    let store = setup.bed.open().await;
    store.enqueue(vec![delivery("evt_held")]).await.unwrap();
    assert_eq!(store.claim(claim(9, 60_000)).await.unwrap().len(), 1);
    setup.dispatcher.enqueue(event("evt_new")).await.unwrap();
    for by in [DAY, 14 * DAY, 365 * DAY] {
        shift(&setup.bed, by).await;
        let again = setup.bed.open().await;
        let filter = LogFilter::default();
        let entries: Vec<_> = again.log(&filter).await.unwrap().into_iter().map(|(entry, _)| entry).collect();
        let waits: Vec<i64> = entries.iter().rev().map(|entry| entry.due_ms - now_ms()).collect();
        assert!((3_000_000..=3_600_000).contains(&waits[0]), "an hour: {waits:?}");
        assert!((1..=60_000).contains(&waits[1]), "its lease: {waits:?}");
        assert!(waits[2] <= 0, "now: {waits:?}");
    }
    // A pause, too.
    store.set_breaker("one", "", "", Some(Duration::from_secs(3600))).await.unwrap();
    let failing = "{\"state\":\"closed\",\"failures\":1,\"failing_since\":1}";
    let old = store.breaker("one").await.unwrap();
    assert_eq!(store.set_breaker("one", &old, failing, Some(Duration::from_secs(3600))).await, Ok(true));
    shift(&setup.bed, DAY).await;
    setup.bed.open().await;
    let pause = setup.bed.numbers("SELECT wait_until FROM countersign_endpoint").await[0] - now_ms();
    assert!((3_000_000..=3_600_000).contains(&pause), "{pause}");
    // And what is due is sent.
    setup.dispatcher.enable("one").await.unwrap();
    let fresh = Setup::new(setup.bed, &receiver).await;
    during(&fresh.dispatcher, eventually("the new one", async || receiver.ids().contains_key("evt_new"))).await;
}

async fn nothing_is_lost_by_a_clock_that_was_behind(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number == 0 { 500 } else { 200 })).await;
    let mut setup = Setup::new(bed, &receiver).await;
    let mut expected = Vec::new();
    for (round, by) in [-DAY, -365 * DAY, 365 * DAY, DAY].into_iter().enumerate() {
        for number in 0..10 {
            expected.push(format!("evt_{round}_{number}"));
            setup.dispatcher.enqueue(event(&format!("evt_{round}_{number}"))).await.unwrap();
        }
        if round == 0 {
            during(&setup.dispatcher, eventually("ten requests", async || receiver.count() == 10)).await;
        }
        shift(&setup.bed, by).await;
        setup = Setup::new(setup.bed, &receiver).await;
        let sent = async || expected.iter().all(|id| receiver.ids().contains_key(id));
        during(&setup.dispatcher, eventually("all of them", sent)).await;
    }
    during(&setup.dispatcher, tokio::time::sleep(Duration::from_millis(200))).await;
    // The one that had failed came again when its hour was over by a day.
    assert_eq!(receiver.count(), 41);
    assert_eq!(setup.dispatcher.depth().await, Ok(0));
    let filter = LogFilter::new().limit(100);
    assert_eq!(setup.dispatcher.log(&filter).await.unwrap().len(), 40);
    // Only the first ones were moved back to where they were.
    let before = filter.date_to(now());
    assert_eq!(setup.dispatcher.log(&before).await.unwrap().len(), 10);
}
