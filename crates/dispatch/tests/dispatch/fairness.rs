//! Endpoints do not take each other's turn, and none gets more than it asked for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::dispatch::{NewDelivery, Store as _};
use countersign::endpoint::retry::BreakerPolicy;
use tokio::sync::Semaphore;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, delivery, delivery_to, during, endpoint, eventually, options, retry_after, run_until_empty};

on_both_stores!(
    slow_endpoints_do_not_starve_others,
    with_more_endpoints_than_permits_all_have_their_turn,
    an_endpoint_gets_no_more_per_second_than_it_may,
);

/// So many deliveries to each of these.
fn to(endpoints: impl Iterator<Item = String>, each: usize) -> Vec<NewDelivery> {
    let to_one = |id: String| (0..each).map(move |number| delivery_to(&id, &format!("{id}_{number}")));
    endpoints.flat_map(to_one).collect()
}

/// Answers at /slow when the test says so, and elsewhere at once.
async fn receiver(gate: &Arc<Semaphore>) -> Receiver {
    let held = Arc::clone(gate);
    Receiver::start(move |_, request| match request.path.as_str() {
        "/slow" => Reply::Held(Arc::clone(&held), 200),
        _ => Reply::status(200),
    })
    .await
}

async fn slow_endpoints_do_not_starve_others(mut bed: Bed) {
    // One, as many as fill the 512 places with eight each, and more than that.
    for slow in [1, 64, 100] {
        let gate = Arc::new(Semaphore::new(0));
        let receiver = receiver(&gate).await;
        let setup = Setup::new(bed, &receiver).await;
        let slow_ids = || (0..slow).map(|number| format!("slow_{slow}_{number}"));
        for id in slow_ids() {
            let mut endpoint = endpoint(receiver.port);
            endpoint.url = format!("https://receiver.test:{}/slow", receiver.port).into();
            // Hundreds of connections at once may be too many for a machine that is busy.
            endpoint.retry = Some(retry_after(0));
            endpoint.breaker = Some(BreakerPolicy::new().failures(1000));
            setup.endpoints.set(id, endpoint);
        }
        setup.change(|endpoint| endpoint.retry = Some(retry_after(0)));
        let store = setup.bed.open().await;
        store.enqueue(to(slow_ids(), 9)).await.unwrap();
        let work = async {
            // As many as there is room for; then nothing moves.
            let mut before = 0;
            eventually("slow endpoints that hold all they can", async || {
                tokio::time::sleep(Duration::from_millis(300)).await;
                core::mem::replace(&mut before, receiver.count()) == receiver.count() && receiver.count() > 0
            })
            .await;
            let fast = (0..30).map(|number| delivery(&format!("one_{number}_{slow}")));
            store.enqueue(fast.collect()).await.unwrap();
            eventually("everything to the fast one, while the slow ones hold", async || {
                receiver.ids().keys().filter(|id| id.starts_with("one_")).count() == 30
            })
            .await;
            gate.add_permits(100_000);
        };
        during(&setup.dispatcher, work).await;
        run_until_empty(&setup.dispatcher).await;
        assert_eq!(receiver.ids().len(), slow * 9 + 30);
        bed = setup.bed;
    }
}

async fn with_more_endpoints_than_permits_all_have_their_turn(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::with(bed, &receiver, options(&receiver.root_pem).in_flight(4)).await;
    let ids = || (0..40).map(|number| format!("many_{number}"));
    for id in ids() {
        setup.endpoints.set(id, endpoint(receiver.port));
    }
    setup.bed.open().await.enqueue(to(ids(), 5)).await.unwrap();
    run_until_empty(&setup.dispatcher).await;
    assert_eq!(receiver.count(), 200);
    // Everybody has had one before anybody has had its last.
    let order: Vec<String> = receiver.requests().iter().map(|r| r.header("webhook-id").unwrap().into()).collect();
    let first_last = order.iter().position(|id| id.ends_with("_4")).unwrap();
    let begun: HashSet<&str> = order[..first_last].iter().map(|id| id.rsplit_once('_').unwrap().0).collect();
    assert!(begun.len() >= 36, "{} of 40 had begun", begun.len());
}

async fn an_endpoint_gets_no_more_per_second_than_it_may(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| endpoint.max_per_second = Some(5));
    setup.endpoints.set("two", endpoint(receiver.port));
    let store = setup.bed.open().await;
    store.enqueue(to(["one", "two"].map(String::from).into_iter(), 20)).await.unwrap();
    let start = Instant::now();
    run_until_empty(&setup.dispatcher).await;
    // A second's worth at once, and then 15 in three seconds: less than that would be too fast, more is the machine's.
    assert!(start.elapsed() >= Duration::from_millis(2_900), "{:?}", start.elapsed());
    assert_eq!(receiver.count(), 40);
}
