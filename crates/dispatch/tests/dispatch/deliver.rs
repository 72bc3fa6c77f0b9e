//! What arrives: signed, once, whatever its size, with the endpoint's headers, and under every active secret.

use std::collections::HashSet;
use std::time::Duration;

use countersign::dispatch::OutgoingEvent;
use countersign::endpoint::{ClientIdentity, CustomHeaders, DeliveryStatus, SigningScheme, SigningSecret};
use countersign::{Provider, UnixTime};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply, Settings};
use crate::setup::{BODY, SECRET, Setup, event, failed_once, now, run_until, run_until_empty, tried, verifies};

on_both_stores!(
    a_delivery_arrives_signed_and_once,
    an_event_is_enqueued_once_by_however_many,
    a_large_body_arrives_whole,
    custom_headers_arrive_and_replace_nothing,
    while_secrets_rotate_both_verify,
    a_client_certificate_is_shown_where_it_is_demanded,
    a_receiver_that_closes_after_each_answer_gets_everything_once,
);

async fn a_delivery_arrives_signed_and_once(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    assert_eq!(setup.dispatcher.enqueue(event("evt_1")).await, Ok(1));
    assert_eq!(setup.dispatcher.depth().await, Ok(1));
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!((entry.status, entry.attempt, entry.response_status), (DeliveryStatus::Success, 1, Some(200)));
    assert_eq!((entry.event_id.as_str(), entry.endpoint_id.as_str(), entry.error), ("evt_1", "one", None));
    let requests = receiver.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].path.as_str(), requests[0].header("webhook-id")), ("/hooks", Some("evt_1")));
    assert!(verifies(Provider::STANDARD_WEBHOOKS, SECRET, &requests[0]));
    assert_eq!(setup.dispatcher.depth().await, Ok(0));
    let counts = setup.dispatcher.counts();
    assert_eq!((counts.attempts, counts.accepted, counts.failed), (1, 1, 0));
}

async fn an_event_is_enqueued_once_by_however_many(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let dispatcher = setup.another(&receiver).await;
        tasks.spawn(async move {
            let mut added = 0;
            for number in 0..50 {
                added += dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
            }
            added
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<u64>(), 50);
    // In one call, and in the other order.
    let again = (0..50).rev().map(|number| event(&format!("evt_{number}")));
    assert_eq!(setup.dispatcher.enqueue_all(again.chain([event("evt_0"), event("new"), event("new")])).await, Ok(1));
    run_until_empty(&setup.dispatcher).await;
    assert_eq!(receiver.count(), 51);
    assert_eq!(setup.dispatcher.enqueue(event("evt_7")).await, Ok(0), "when it was sent, too");
    // Until it is forgotten.
    assert_eq!(setup.dispatcher.forget(now().plus(Duration::from_secs(60))).await, Ok(51));
    assert_eq!(setup.dispatcher.enqueue(event("evt_7")).await, Ok(1));
    assert_eq!(
        setup.dispatcher.forget(now().plus(Duration::from_secs(60))).await,
        Ok(0),
        "what is pending is not forgotten"
    );
}

async fn a_large_body_arrives_whole(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    // Not UTF-8, not JSON, with NUL.
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    setup.dispatcher.enqueue(OutgoingEvent::new("evt_1", "invoice.paid", body.clone())).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!(entry.status, DeliveryStatus::Success);
    assert!(entry.body_preview.len() <= 1024);
    let requests = receiver.requests();
    assert!(requests[0].body == body && verifies(Provider::STANDARD_WEBHOOKS, SECRET, &requests[0]));
    setup.dispatcher.enqueue(OutgoingEvent::new("evt_2", "invoice.paid", "")).await.unwrap();
    run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
    assert!(receiver.requests()[1].body.is_empty());
}

async fn custom_headers_arrive_and_replace_nothing(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let reserved = ["webhook-id", "Webhook-Signature", "WEBHOOK_TIMESTAMP", "Host", "content-length", "Connection"];
    let reserved = reserved.into_iter().chain(["transfer-encoding", "Proxy-Authorization", "TE", "Stripe-Signature"]);
    let mut count = 0;
    for name in reserved {
        setup.change(|endpoint| endpoint.headers = Some(CustomHeaders::from_iter([(name, "forged")])));
        setup.dispatcher.enqueue(event(&format!("evt_{name}"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, |entry| tried(entry) && entry.event_id.ends_with(name)).await;
        failed_once(&entry, "header_reserved");
        count += 1;
        if count % 4 == 0 {
            setup.dispatcher.enable("one").await.unwrap(); // its breaker opens after five
        }
    }
    assert_eq!(receiver.count(), 0);
    setup.change(|endpoint| endpoint.headers = Some(CustomHeaders::from_iter([("X-Team", "operations")])));
    setup.dispatcher.enqueue(event("evt_good")).await.unwrap();
    run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
    let requests = receiver.requests();
    assert_eq!(requests[0].header("x-team"), Some("operations"));
    assert_eq!(requests[0].body, BODY.as_bytes());
}

async fn while_secrets_rotate_both_verify(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let (old, gone) = ("whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xk", "whsec_Z29uZSBnb25lIGdvbmUgZ29uZSBnb25lIGdvbmU=");
    let providers = [Provider::STANDARD_WEBHOOKS, Provider::SVIX, Provider::STRIPE];
    for (number, provider) in providers.into_iter().enumerate() {
        setup.change(|endpoint| {
            endpoint.signing = SigningScheme::of(provider);
            let until = |secret: &str, second| SigningSecret::new(secret).expires(UnixTime::from_secs(second));
            endpoint.secrets = vec![SigningSecret::new(SECRET), until(old, 4_000_000_000), until(gone, 1)];
        });
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
        let request = receiver.requests().remove(number);
        for (secret, expected) in [(SECRET, true), (old, true), (gone, false)] {
            assert_eq!(verifies(provider, secret, &request), expected, "{} {secret}", provider.name());
        }
    }
}

async fn a_client_certificate_is_shown_where_it_is_demanded(bed: Bed) {
    let made = rcgen::generate_simple_self_signed(["dispatcher".to_string()]).unwrap();
    let settings = Settings { client: Some(made.cert.der().clone()), ..Settings::default() };
    let receiver = Receiver::with(settings, |_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    failed_once(&run_until(&setup.dispatcher, tried).await, "tls");

    let identity = |made: &rcgen::CertifiedKey<rcgen::KeyPair>| {
        ClientIdentity::new(made.cert.pem(), made.signing_key.serialize_pem())
    };
    let stranger = rcgen::generate_simple_self_signed(["dispatcher".to_string()]).unwrap();
    setup.change(|endpoint| endpoint.identity = Some(identity(&stranger)));
    setup.dispatcher.enqueue(event("evt_2")).await.unwrap();
    failed_once(&run_until(&setup.dispatcher, tried).await, "tls");

    setup.change(|endpoint| endpoint.identity = Some(identity(&made)));
    setup.dispatcher.enqueue(event("evt_3")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!((entry.event_id.as_str(), entry.status), ("evt_3", DeliveryStatus::Success));
    assert_eq!(receiver.count(), 1);
}

/// Such an answer leaves the client a connection that is dead, or dies while the next request is being sent: that one has
/// failed and is retried, and nothing is sent twice behind the log's back.
async fn a_receiver_that_closes_after_each_answer_gets_everything_once(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::Last("HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n".into())).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.retry = Some(crate::setup::retry_after(0));
        endpoint.breaker = Some(countersign::endpoint::retry::BreakerPolicy::new().failures(1000));
    });
    setup.enqueue(300).await;
    run_until_empty(&setup.dispatcher).await;
    let sent: HashSet<String> = receiver.ids().into_keys().collect();
    assert_eq!((sent.len(), receiver.count()), (300, 300));
    let counts = setup.dispatcher.counts();
    assert_eq!((counts.accepted, counts.dead_letters), (300, 0), "{counts:?}");
}
