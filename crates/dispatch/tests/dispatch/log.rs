//! The delivery log: every filter, and previews without what must not be seen.

use countersign::UnixTime;
use countersign::dispatch::{DispatchCode, LogEntry, NewDelivery, OutgoingEvent, Store as _};
use countersign::endpoint::{CustomHeaders, DeliveryStatus, LogFilter};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{BODY, SECRET, Setup, options, run_until, tried};

on_both_stores!(every_filter_filters, previews_are_redacted);

async fn every_filter_filters(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let store = setup.bed.open().await;
    let new = (0..130).map(|number| {
        let endpoint_id = ["one", "two", "three"][number % 3];
        let event_type = ["invoice.paid", "invoice.sent"][number / 3 % 2];
        NewDelivery::new(format!("evt_{number}"), endpoint_id, event_type, BODY)
    });
    store.enqueue(new.collect()).await.unwrap();
    // Enqueued a minute apart, from 1,000,000 on, and one millisecond before the next second.
    setup
        .bed
        .sql(
            "UPDATE countersign_delivery SET created = (1000000 + 60 * id) * 1000 + 999;
             UPDATE countersign_delivery SET status = 'success' WHERE id % 5 = 1;
             UPDATE countersign_delivery SET status = 'failed' WHERE id % 5 = 2",
        )
        .await;
    let mut all: Vec<LogEntry> = Vec::new();
    for offset in [0, 100] {
        let filter = LogFilter::new().limit(100).offset(offset);
        all.extend(setup.dispatcher.log(&filter).await.unwrap());
    }
    assert_eq!(all.len(), 130);
    assert!(all.is_sorted_by_key(|entry| core::cmp::Reverse(entry.id)), "the newest first");

    let at = UnixTime::from_secs;
    let second = all[60].created_ms.unsigned_abs() / 1000;
    let filters = [
        LogFilter::default(),
        LogFilter::new().webhook_id("two"),
        LogFilter::new().webhook_id("nobody"),
        LogFilter::new().event_type("invoice.sent"),
        LogFilter::new().status(DeliveryStatus::Pending),
        LogFilter::new().status(DeliveryStatus::Success).limit(100),
        LogFilter::new().status(DeliveryStatus::Failed),
        LogFilter::new().date_from(at(second)),
        LogFilter::new().date_from(at(second + 1)),
        LogFilter::new().date_to(at(second)),
        LogFilter::new().date_to(at(second - 1)).limit(1),
        LogFilter::new().date_from(at(second)).date_to(at(second)),
        LogFilter::new().date_from(at(u64::MAX)),
        LogFilter::new().limit(7).offset(13),
        LogFilter::new().offset(i64::MAX),
        LogFilter::new()
            .webhook_id("one")
            .event_type("invoice.paid")
            .status(DeliveryStatus::Failed)
            .date_from(at(second - 3600))
            .date_to(at(second + 3600))
            .limit(3)
            .offset(1),
    ];
    for filter in filters {
        let passes = |entry: &&LogEntry| {
            filter.webhook_id.as_ref().is_none_or(|id| *id == entry.endpoint_id)
                && filter.event_type.as_ref().is_none_or(|name| *name == entry.event_type)
                && filter.status.as_ref().is_none_or(|status| *status == entry.status)
                && filter.date_from.is_none_or(|from| entry.created_ms.unsigned_abs() / 1000 >= from.as_secs())
                && filter.date_to.is_none_or(|to| entry.created_ms.unsigned_abs() / 1000 <= to.as_secs())
        };
        let number = |given: Option<i64>, default| usize::try_from(given.unwrap_or(default)).unwrap();
        let (limit, offset) = (number(filter.limit, 50), number(filter.offset, 0));
        let expected: Vec<&LogEntry> = all.iter().filter(passes).skip(offset).take(limit).collect();
        let got = setup.dispatcher.log(&filter).await.unwrap();
        assert_eq!(got.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
    let wrong = [
        LogFilter::new().limit(101),
        LogFilter::new().limit(0),
        LogFilter::new().offset(-1),
        LogFilter::new().date_from(at(2)).date_to(at(1)),
        LogFilter::new().status(DeliveryStatus::from("lost".to_string())),
    ];
    for filter in wrong {
        let error = setup.dispatcher.log(&filter).await.unwrap_err();
        assert_eq!(error.code(), DispatchCode::FilterInvalid, "{filter:?}");
    }
}

async fn previews_are_redacted(bed: Bed) {
    // A receiver that answers with whatever it was told.
    let receiver = Receiver::start(|number, request| {
        let all: String = request.headers.iter().map(|(name, value)| format!("{name}: {value}; ")).collect();
        let echo = format!(r#"{{"token":"abcdef","heard":"{all}","key":"{SECRET}"}}"#);
        match number {
            0 => Reply::with(200, "", &echo),
            1 => Reply::with(500, "", &format!("no JSON: {all} {SECRET}")),
            2 => Reply::with(500, "", r#"{"cut": "off", "password": "abcdef"#),
            _ => Reply::with(200, "", r#"[{"deep":[{"API_KEY":{"in":"abcdef"}}]},{"pin":"abcdef"}]"#),
        }
    })
    .await;
    let mut options = options(&receiver.root_pem);
    options.redacted_fields.push("pin".into());
    let setup = Setup::with(bed, &receiver, options).await;
    let credential = "Bearer swordfish-swordfish-swordfish";
    setup.change(|endpoint| endpoint.headers = Some(CustomHeaders::from_iter([("Authorization", credential)])));
    let body = r#"{"pin":"abcdef","nested":[{"Password":"abcdef"}],"name":"visible"}"#;
    for number in 0..4 {
        let event = OutgoingEvent::new(format!("evt_{number}"), "invoice.paid", body);
        setup.dispatcher.enqueue(event).await.unwrap();
        let entry = run_until(&setup.dispatcher, tried).await;
        assert!(entry.body_preview.contains("visible"), "{}", entry.body_preview);
        let preview = entry.response_preview.unwrap();
        assert!(preview.contains("[REDACTED]"), "{preview}");
        let request = receiver.requests().remove(number);
        let signature = request.header("webhook-signature").unwrap();
        let hidden = ["abcdef", "swordfish", credential, SECRET, &SECRET[6..], signature, &signature[3..]];
        for (secret, shown) in hidden.iter().flat_map(|secret| [(secret, &preview), (secret, &entry.body_preview)]) {
            assert!(!shown.contains(*secret), "{number}: {secret} in {shown}");
        }
    }
    // It is the log that is redacted, not what was sent.
    assert!(receiver.requests().iter().all(|request| request.body == body.as_bytes()));
}
