//! The typed payloads against every vector: which bodies are an envelope, and that nothing in one is lost.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use countersign::providers::{plane, resend, stripe};
use serde_json::{Value, json};

/// Null and absent are the same, so fields that are null are left out of the comparison.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().filter(|(_, field)| !field.is_null()).map(|(k, v)| (k, without_nulls(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn json_of(case: &Value) -> Option<Value> {
    let body = support::body_of(case);
    let text = std::str::from_utf8(&body).ok()?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

#[test]
fn every_vector_that_is_an_envelope_reads_and_writes_back() {
    let mut checked = 0;
    for support::Suite { name: provider, vectors, payload } in support::SUITES {
        if *provider == "custom" {
            continue;
        }
        for case in support::cases(vectors) {
            let (Some(expected), Some(body)) = (support::text(&case, "payload"), json_of(&case)) else { continue };
            let id = format!("{provider}/{}", case["id"].as_str().unwrap());
            match payload(body.clone()) {
                Ok(written) => {
                    assert_eq!(expected, "valid", "{id}");
                    assert_eq!(without_nulls(written), without_nulls(body), "{id}");
                }
                Err(error) => assert_eq!(expected, "invalid", "{id}: {error}"),
            }
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked} bodies");
}

/// Vectors of types that no page of the provider lists, or that its page only lists as one of very many.
const UNLISTED: &[&str] = &["v2.", "account.", "WebhookScope.", "policy."];

/// Every documented event type of a provider with vectors for them has a variant of its own.
#[test]
fn documented_types_are_not_other() {
    for support::Suite { name: provider, vectors, .. } in support::SUITES {
        let Ok(known) = provider.parse::<countersign::Provider>() else { continue };
        let events = known.about().events;
        for case in support::cases(vectors).iter().filter(|case| case["id"].as_str().unwrap().starts_with("event-")) {
            let unknown = case["flags"].as_array().unwrap().iter().any(|flag| flag == "UnknownEvent");
            let name = support::text(&case["event"], "type").unwrap();
            if !unknown && !UNLISTED.iter().any(|prefix| name.starts_with(prefix)) {
                assert!(events.contains(&name), "{provider}/{name}");
            }
        }
    }
}

#[test]
fn variants_carry_the_documented_data() {
    let bounced = json!({
        "type": "email.bounced", "created_at": "2026-01-01T00:00:00.000Z",
        "data": {
            "email_id": "e", "created_at": "2026-01-01T00:00:00.000Z", "from": "a@example.com", "to": ["b@example.com"],
            "subject": "s", "new": 1,
            "bounce": {"message": "m", "type": "Permanent", "subType": "Brandnew", "diagnosticCode": "x", "deep": [null]},
        },
    });
    let resend::Payload::Bounced(event) = serde_json::from_value(bounced).unwrap() else { panic!("not bounced") };
    assert_eq!(event.data.bounce.r#type, resend::BounceType::Permanent);
    assert_eq!(event.data.bounce.sub_type.as_str(), "Brandnew");
    assert_eq!(event.data.email.extra["new"], 1);
    assert_eq!(event.data.bounce.extra["deep"], json!([null]));

    let thin = json!({"id": "e", "object": "v2.core.event", "type": "v1.x", "created": "2026", "livemode": true});
    let thin: stripe::Payload = serde_json::from_value(thin).unwrap();
    assert!(matches!(thin, stripe::Payload::Other(stripe::Other::Thin(_))));
}

#[test]
fn a_word_is_text_and_a_whole_number_is_whole() {
    let base = json!({
        "id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1.0, "livemode": false,
        "data": {"object": {"id": "in_1", "object": "invoice"}},
    });
    let with = |path: &str, value: Value| {
        let mut body = base.clone();
        *body.pointer_mut(path).unwrap() = value;
        serde_json::from_value::<stripe::Payload>(body).is_ok()
    };
    assert!(with("/created", json!(1.0)), "JavaScript cannot tell 1.0 from 1");
    assert!(with("/created", json!(1e18)));
    assert!(!with("/created", json!(1.5)));
    assert!(!with("/created", json!(1e19)));
    assert!(!with("/object", json!({"event": null})));
    assert!(!with("/object", json!(0)));
    assert!(!with("/data/object", json!(["in_1", "invoice"])));
}

#[test]
fn deleted_does_not_always_mean_deleted() {
    let event = |event: &str, action: &str, activity: Value| {
        let body = json!({
            "event": event, "action": action, "webhook_id": "w", "workspace_id": "s", "data": {"id": "i"}, "activity": activity,
        });
        serde_json::from_value::<plane::Envelope<plane::Entity>>(body).unwrap().is_deletion()
    };
    assert!(event("issue", "delete", Value::Null));
    assert!(event("issue", "deleted", json!({"field": null})));
    assert!(event("issue", "deleted", json!({"field": "issue"})));
    assert!(!event("issue", "deleted", json!({"field": "link"})));
    assert!(event("issue_comment", "deleted", json!({"field": "description"})));
    assert!(!event("issue", "updated", json!({"field": "issue"})));
}
