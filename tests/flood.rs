//! A flood of forged requests leaves no trace: alone in its process, so that the process' memory can be measured.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;

use core::time::Duration;

use countersign::once::{MemoryStore, Outcome, handle_once};
use countersign::{Code, Delivery, SignOptions, UnixTime, VerifyError, Webhook};
use events::{NOW, webhook};

/// All that a receiver does.
async fn receive(webhook: &Webhook, store: &MemoryStore, delivery: &Delivery<'_>) -> Result<u16, VerifyError> {
    let event = webhook.verify(delivery, NOW)?;
    let outcome: Outcome<(), ()> = handle_once(store, &event, NOW, Duration::from_secs(60), async || Ok(())).await;
    Ok(outcome.status())
}

/// Resident pages, where the system says.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_million_forgeries_leave_the_memory_empty() {
    let (webhook, store) = (webhook(), MemoryStore::new(usize::MAX));
    let headers = webhook.sign("{}", &SignOptions::at(NOW).id("msg_1")).unwrap();
    let signature = &headers.iter().find(|(name, _)| *name == "webhook-signature").unwrap().1;
    let mut warm = None;
    for number in 0..1_000_000 {
        if number == 100_000 {
            warm = resident_kib();
        }
        // A real signature, but of another id.
        let headers = [
            ("webhook-id", format!("msg_forged_{number}")),
            ("webhook-timestamp", NOW.as_secs().to_string()),
            ("webhook-signature", signature.clone()),
        ];
        let refused = receive(&webhook, &store, &Delivery::new(&headers, "{}")).await.unwrap_err();
        assert_eq!(refused.code(), Code::SignatureMismatch);
    }
    assert!(store.is_empty());
    if let (Some(warm), Some(end)) = (warm, resident_kib()) {
        // 900,000 keys would be 130 MiB.
        assert!(end < warm + 8 * 1024, "{warm} KiB, then {end} KiB");
    }

    // The same receiver takes what is real, once.
    for _ in 0..3 {
        assert_eq!(receive(&webhook, &store, &Delivery::new(&headers, "{}")).await, Ok(200));
    }
    assert_eq!(store.len(), 1);
    assert!(webhook.verify(&Delivery::new(&headers, "{}"), UnixTime::from_secs(NOW.as_secs() + 301)).is_err());
}
