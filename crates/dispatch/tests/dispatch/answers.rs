//! Answers that are slow, endless, huge, compressed, or elsewhere; and what 410, 429 and 503 ask for.

use core::time::Duration;

use countersign::dispatch::{Disabled, DispatchCode};
use countersign::endpoint::DeliveryStatus;

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, event, eventually, failed_once, now, now_ms, retry_after, run_until, tried};

on_both_stores!(
    every_way_to_fail_has_its_word,
    an_answer_is_read_to_its_limit,
    large_heads_do_no_harm,
    retry_after_delays_in_both_forms,
    retry_after_has_a_limit,
    gone_is_gone_until_it_is_enabled,
    the_last_retry_makes_a_dead_letter,
);

/// What goes wrong, the word for it, and the status that was seen.
async fn every_way_to_fail_has_its_word(bed: Bed) {
    let redirect = || Reply::with(302, "location: https://169.254.169.254/latest/meta-data\r\n", "");
    let to_itself = || Reply::with(307, "location: /other\r\n", "");
    type Replies = fn() -> Reply;
    let cases: [(&str, Replies, &str, Option<i32>); 9] = [
        ("redirect", redirect, "status", Some(302)),
        ("redirect to itself", to_itself, "status", Some(307)),
        ("slow body", || Reply::Slow, "timeout", None),
        ("slow head", || Reply::SlowHead, "timeout", None),
        ("hangs up", || Reply::Nothing, "cut_off", None),
        ("half a body", || Reply::Last("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nhalf".into()), "cut_off", None),
        ("no HTTP", || Reply::Last("220 mail.example ESMTP\r\n".into()), "cut_off", None),
        ("refuses", || Reply::status(500), "status", Some(500)),
        ("says no", || Reply::status(404), "status", Some(404)),
    ];
    let names = cases.map(|(name, ..)| name.replace(' ', "-"));
    let receiver = Receiver::start(move |_, request| {
        let id = request.header("webhook-id").unwrap();
        cases[names.iter().position(|name| name == id).unwrap()].1()
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    for (number, (name, _, word, status)) in cases.into_iter().enumerate() {
        let slow = name.starts_with("slow");
        setup.change(|endpoint| endpoint.timeout_ms = Some(if slow { 1000 } else { 30_000 }));
        // The breaker would wait after five.
        setup.dispatcher.enable("one").await.unwrap();
        setup.dispatcher.enqueue(event(&name.replace(' ', "-"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        failed_once(&entry, word);
        assert_eq!(entry.response_status, status, "{name}");
        assert_eq!(receiver.count(), number + 1, "{name}");
    }
    assert!(receiver.requests().iter().all(|request| request.path == "/hooks"));
}

async fn an_answer_is_read_to_its_limit(bed: Bed) {
    // 64 MiB that take 64 KiB.
    let zipped = miniz_oxide::deflate::compress_to_vec(&vec![b'x'; 64 << 20], 1);
    assert!(zipped.len() < 1 << 20);
    let head = format!("HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", zipped.len() + 10);
    let bomb = [head.as_bytes(), &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &zipped].concat();
    let receiver = Receiver::start(move |number, _| match number {
        0 => Reply::Endless,
        1 => Reply::Bytes(bomb.clone()),
        // Text that PostgreSQL cannot hold as it is.
        2 => Reply::with(200, "", "a\0b\u{1}"),
        _ => Reply::Bytes(b"HTTP/1.1 200 X\r\ncontent-length: 3\r\n\r\n\xff\0\xc3".into()),
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    let mut previews = Vec::new();
    for number in 0..4 {
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert_eq!((entry.status, entry.response_status), (DeliveryStatus::Success, Some(200)), "{number}");
        previews.push(entry.response_preview.unwrap());
    }
    assert_eq!(previews[0], "x".repeat(1024));
    // What was in flight and in the buffers of two sockets; the receiver wrote without end.
    assert!(receiver.written() < 64 << 20, "{}", receiver.written());
    assert!(previews[1].len() <= 1024 && !previews[1].contains("xxx"), "{}", previews[1]);
    assert_eq!(previews[2..], ["a\u{fffd}b\u{1}", "\u{fffd}\u{fffd}\u{fffd}"]);
}

async fn large_heads_do_no_harm(bed: Bed) {
    let receiver = Receiver::start(|number, _| match number {
        0 => Reply::with(200, &format!("x: {}\r\n", "x".repeat(100 << 10)), ""),
        1 => Reply::with(200, &"x: x\r\n".repeat(10_000), ""),
        _ => Reply::EndlessHead,
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    let mut words = Vec::new();
    for number in 0..3 {
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        words.push(entry.error.clone().unwrap_or_default());
    }
    assert_eq!(words, ["", "cut_off", "cut_off"]);
    assert!(receiver.written() < 64 << 20, "{}", receiver.written());
}

async fn retry_after_delays_in_both_forms(bed: Bed) {
    let date = std::time::SystemTime::now() + core::time::Duration::from_secs(7200);
    let dated = format!("retry-after: {}\r\n", httpdate::fmt_http_date(date));
    let receiver = Receiver::start(move |number, _| match number {
        0 => Reply::with(429, "retry-after: 7200\r\n", ""),
        1 => Reply::with(503, &dated, ""),
        2 => Reply::with(503, "retry-after: 1\r\n", ""),
        3 => Reply::with(429, "retry-after: soon\r\n", ""),
        _ => Reply::status(204),
    })
    .await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.retry = Some(retry_after(3600).retry_after_cap(Duration::from_secs(86_400)));
    });
    for (number, status, wait) in [(0, 429, 7200), (1, 503, 7200), (2, 503, 3600), (3, 429, 3600)] {
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        let before = now_ms();
        let entry = run_until(&setup.dispatcher, tried).await;
        failed_once(&entry, "status");
        assert_eq!(entry.response_status, Some(status));
        // A date is in whole seconds, and began before.
        let waits = entry.due_ms - before;
        let most = wait * 1000 + (now_ms() - before);
        assert!((wait * 1000 - 60_000..=most).contains(&waits), "{number}: {waits}");
        assert!(number == 1 || waits >= wait * 1000 - 100, "{number}: {waits}");
    }
    // A retry by hand does not wait.
    let entry = crate::setup::newest(&setup.dispatcher).await;
    setup.dispatcher.retry(entry.id).await.unwrap();
    let entry = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Success).await;
    assert_eq!((entry.attempt, entry.response_status), (2, Some(204)));
    let unknown = setup.dispatcher.retry(999_999).await.unwrap_err();
    assert_eq!(unknown.code(), DispatchCode::DeliveryUnknown);
}

async fn retry_after_has_a_limit(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::with(429, "retry-after: 99999999999999999999\r\n", "")).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    // The schedule's longest step.
    assert!(entry.due_ms <= now_ms() + 3_600_000);
}

async fn gone_is_gone_until_it_is_enabled(bed: Bed) {
    let receiver = Receiver::start(|number, _| Reply::status(if number == 0 { 410 } else { 200 })).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, tried).await;
    assert_eq!((entry.status, entry.attempt, entry.response_status), (DeliveryStatus::Failed, 1, Some(410)));
    assert_eq!(*setup.disabled.lock().unwrap(), [Disabled::Gone]);
    // Others, and after a restart, too.
    let other = setup.another(&receiver).await;
    setup.dispatcher.enqueue(event("evt_2")).await.unwrap();
    crate::setup::during(&other, tokio::time::sleep(core::time::Duration::from_millis(300))).await;
    assert_eq!((setup.dispatcher.depth().await, receiver.count()), (Ok(1), 1));
    setup.dispatcher.enable("one").await.unwrap();
    let entry = run_until(&other, |entry| entry.status == DeliveryStatus::Success).await;
    assert_eq!((entry.event_id.as_str(), entry.attempt), ("evt_2", 1));
}

async fn the_last_retry_makes_a_dead_letter(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(500)).await;
    let setup = Setup::new(bed, &receiver).await;
    setup.change(|endpoint| {
        endpoint.retry = Some(retry_after(0).max_retries(3));
    });
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    let entry = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Failed).await;
    assert_eq!((entry.attempt, receiver.count()), (4, 4));
    assert_eq!(setup.dispatcher.counts().dead_letters, 1);
    // By hand it has all its retries again; its attempts are still counted on.
    setup.dispatcher.enable("one").await.unwrap();
    setup.dispatcher.retry(entry.id).await.unwrap();
    let again = run_until(&setup.dispatcher, |entry| entry.status == DeliveryStatus::Failed).await;
    assert_eq!((again.attempt, receiver.count()), (8, 8));
    let stamps: Vec<u64> =
        receiver.requests().iter().map(|r| r.header("webhook-timestamp").unwrap().parse().unwrap()).collect();
    assert!(stamps.is_sorted() && receiver.ids() == [("evt_1".to_string(), 8)].into());
    assert!(stamps.iter().all(|stamp| now().as_secs() >= *stamp));
    eventually("an empty queue", async || setup.dispatcher.depth().await == Ok(0)).await;
}
