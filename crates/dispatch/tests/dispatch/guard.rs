//! Which addresses are connected to: judged at every send, asked for once, past every proxy, and for tests too. No packet
//! of these tests leaves the machine: 127.0.0.2 stands for a public address.

use std::process::Command;
use std::sync::atomic::Ordering;

use countersign::dispatch::DispatchCode;
use countersign::endpoint::{DeliveryStatus, UrlPolicy};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, event, failed_once, options, resolves, run_until, tried};

on_both_stores!(
    addresses_are_judged_at_every_send,
    a_name_that_changes_its_address_is_judged_again,
    a_test_is_sent_once_and_through_the_same_guard,
    a_name_without_an_address_is_retried,
);

fn public(address: &str) -> UrlPolicy {
    UrlPolicy::new().allow_any_port().allow_network(format!("{address}/32").parse().unwrap())
}

async fn addresses_are_judged_at_every_send(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let lists: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["127.0.0.2", "127.0.0.1"],
        &["127.0.0.1", "127.0.0.2"],
        &["::ffff:169.254.169.254"],
        &["fd00:ec2::254"],
        &["0.0.0.0"],
    ];
    let resolver = resolves(&lists);
    let options = options(&receiver.root_pem).policy(public("127.0.0.2")).resolver(resolver);
    let setup = Setup::with(bed, &receiver, options).await;
    for (number, list) in lists.iter().enumerate() {
        setup.dispatcher.enable("one").await.unwrap(); // its breaker opens after five
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert_eq!(entry.error.as_deref(), Some("address_not_public"), "{list:?}");
    }
    // Addresses in URLs never reach a resolver.
    let urls = ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "169.254.169.254"];
    for (number, host) in urls.into_iter().enumerate() {
        setup.dispatcher.enable("one").await.unwrap();
        setup.change(|endpoint| endpoint.url = format!("https://{host}:{}/", receiver.port).into());
        setup.dispatcher.enqueue(event(&format!("evt_url_{number}"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert_eq!(entry.error.as_deref(), Some("address_not_public"), "{host}");
    }
    assert_eq!(receiver.count(), 0);
}

/// Public when it is asked first, this machine when it is asked again.
async fn a_name_that_changes_its_address_is_judged_again(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let rebinding = resolves(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let resolver = rebinding.clone();
    let options = options(&receiver.root_pem).policy(public("127.0.0.2")).resolver(resolver);
    let setup = Setup::with(bed, &receiver, options).await;
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    // The receiver listens on 127.0.0.1 alone.
    failed_once(&entry, "connect");
    assert_eq!(rebinding.1.load(Ordering::SeqCst), 1, "asked once for one attempt");
    setup.dispatcher.retry(entry.id).await.unwrap();
    let again = |entry: &countersign::dispatch::LogEntry| entry.error.as_deref() == Some("address_not_public");
    assert_eq!(run_until(&setup.dispatcher, again).await.attempt, 2);
    assert_eq!(rebinding.1.load(Ordering::SeqCst), 2);
    assert_eq!(receiver.count(), 0);
}

async fn a_test_is_sent_once_and_through_the_same_guard(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(500)).await;
    let setup = Setup::new(bed, &receiver).await;
    assert_eq!(setup.dispatcher.send_test("one", event("test_1")).await, Ok(true));
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!((entry.status, entry.attempt, entry.test), (DeliveryStatus::Failed, 1, true));
    assert_eq!(setup.dispatcher.send_test("one", event("test_1")).await, Ok(false), "its id is not new");
    let unknown = setup.dispatcher.send_test("two", event("test_2")).await.unwrap_err();
    assert_eq!(unknown.code(), DispatchCode::EndpointUnknown);

    let policy = UrlPolicy::new().allow_any_port();
    let guarded = options(&receiver.root_pem).policy(policy);
    let guarded = Setup::with(setup.bed, &receiver, guarded).await;
    guarded.dispatcher.send_test("one", event("test_3")).await.unwrap();
    assert_eq!(run_until(&guarded.dispatcher, tried).await.error.as_deref(), Some("address_not_public"));
    assert_eq!(receiver.count(), 1);
}

async fn a_name_without_an_address_is_retried(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let resolver = resolves(&[&[], &["127.0.0.1"]]);
    let options = options(&receiver.root_pem).resolver(resolver);
    let setup = Setup::with(bed, &receiver, options).await;
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    failed_once(&entry, "dns");
    setup.dispatcher.retry(entry.id).await.unwrap();
    run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
}

/// A proxy would resolve names itself: in a process that has its variables, deliveries arrive all the same.
#[test]
fn proxy_variables_are_ignored() {
    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "deliver::sqlite::a_delivery_arrives_signed_and_once"])
        .envs(names.map(|name| (name, "http://127.0.0.1:9")))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}
