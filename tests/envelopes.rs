//! The typed payloads against every vector: which bodies are an envelope, and that nothing in one is lost.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use countersign::providers::{plane, resend, stripe};
use countersign::{Delivery, Provider, SignOptions, UnixTime};
use serde_json::{Value, json};

/// Null and absent are the same, so fields that are null are left out of the comparison. So are `1.0` and `1`.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().filter(|(_, field)| !field.is_null()).map(|(k, v)| (k, without_nulls(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        Value::Number(number) if number.is_f64() => {
            json!(number.as_f64()).to_string().trim_end_matches(".0").parse().unwrap()
        }
        other => other,
    }
}

#[test]
fn every_vector_that_is_an_envelope_reads_and_writes_back() {
    let mut checked = 0;
    for support::Suite { name: provider, vectors, payload } in support::SUITES {
        if *provider == "custom" {
            continue;
        }
        for case in support::cases(vectors) {
            if support::text(&case, "payload") != Some("valid") {
                continue;
            }
            let (headers, body) = (support::headers_of(&case), support::body_of(&case));
            let (delivery, now) = (Delivery::new(&headers, &body), UnixTime::from_secs(case["now"].as_u64().unwrap()));
            let event = support::webhook_of(provider, &case).unwrap().verify(&delivery, now).unwrap();
            let written = payload(&event).unwrap();
            let id = format!("{provider}/{}", case["id"].as_str().unwrap());
            assert_eq!(without_nulls(written), without_nulls(event.parse().unwrap()), "{id}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked} bodies");
}

/// The bodies that providers and their users publish: none is refused, nothing is lost, types are told right.
#[test]
fn documented_bodies_read_and_write_back() {
    let documented: Value = serde_json::from_str(include_str!("corpora/documented.json")).unwrap();
    let mut checked = 0;
    for support::Suite { name, payload, .. } in support::SUITES {
        for one in documented[*name].as_array().into_iter().flatten() {
            let provider = name.parse::<Provider>().unwrap();
            let now = UnixTime::from_secs(1_767_225_600);
            let webhook = provider.webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
            let body = one["body"].to_string();
            let headers = webhook.sign(body.as_bytes(), &SignOptions::at(now).id(Some("msg_1"))).unwrap();
            let event = webhook.verify(&Delivery::new(&headers, &body), now).unwrap();
            assert_eq!(event.event_type(), one["type"].as_str(), "{}", one["from"]);
            assert_eq!(without_nulls(payload(&event).unwrap()), without_nulls(one["body"].clone()), "{}", one["from"]);
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked} bodies");
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
    assert_eq!(event.data.bounce.r#type, Some(resend::BounceType::Permanent));
    assert_eq!(event.data.bounce.sub_type.unwrap().as_str(), "Brandnew");
    assert_eq!(event.data.email.extra["new"], 1);
    assert_eq!(event.data.bounce.extra["deep"], json!([null]));

    let thin = json!({"object": "v2.core.event", "type": "v1.x"});
    let thin: stripe::Payload = serde_json::from_value(thin).unwrap();
    assert!(matches!(thin, stripe::Payload::Other(stripe::Other::Thin(_))));
}

#[test]
fn a_whole_number_is_whole_and_other_forms_are_kept() {
    let base = json!({
        "id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1, "data": {"object": {"id": "in_1"}},
    });
    let read = |path: &str, value: Value| {
        let mut body = base.clone();
        *body.pointer_mut(path).unwrap() = value;
        let payload: stripe::Payload = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(serde_json::to_value(&payload).unwrap(), body, "written back as it was sent");
        let stripe::Payload::InvoicePaid(event) = payload else { panic!("not paid") };
        event
    };
    assert_eq!(
        serde_json::from_value::<stripe::Payload>(base.clone()).unwrap(),
        stripe::Payload::InvoicePaid(read("/created", json!(1)))
    );
    assert_eq!(read("/created", json!(1e18 as i64)).created, Some(1_000_000_000_000_000_000));
    for other in [json!(1.5), json!(1e19), json!("now"), json!([1]), json!({})] {
        let event = read("/created", other.clone());
        assert_eq!((event.created, &event.extra["created"]), (None, &other));
    }
    let event = read("/data/object/id", json!(["in_1"]));
    assert_eq!((event.data.object.id, &event.data.object.extra["id"]), (None, &json!(["in_1"])));
    let mut whole = base;
    whole["created"] = json!(1.0);
    let stripe::Payload::InvoicePaid(event) = serde_json::from_value(whole).unwrap() else { panic!("not paid") };
    assert_eq!(event.created, Some(1), "JavaScript cannot tell 1.0 from 1");
}

#[test]
fn what_is_refused_is_named() {
    let error = |body: Value| serde_json::from_value::<stripe::Payload>(body).unwrap_err().to_string();
    for (object, found) in [
        (json!(null), "object: null where the text event belongs"),
        (json!(0), "object: a number where the text event belongs"),
        (json!("secret"), "object: another text where the text event belongs"),
        (json!({"event": null}), "object: an object where the text event belongs"),
    ] {
        assert_eq!(error(json!({"object": object, "type": "invoice.paid", "data": {"object": {}}})), found);
    }
    let event = |data: Value| json!({"object": "event", "type": "invoice.paid", "data": data});
    assert_eq!(error(event(json!({"object": "in_1"}))), "data.object: a text where an object belongs");
    assert_eq!(error(event(json!({}))), "data.object: nothing where an object belongs");
    assert_eq!(error(json!([])), "the body: a list where an object belongs");
    assert_eq!(error(json!({"object": "v2.core.event"})), "type: nothing where a text belongs");
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
