//! Requests to the management APIs against the providers' own examples, and what is read from answers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::time::Duration;

use countersign::UnixTime;
use countersign::endpoint::management::planasonix::WebhookSettings;
use countersign::endpoint::management::{ApiRequest, EventType, plandocket, planeconnection};
use countersign::endpoint::{DeliveryStatus, EndpointCode, LogFilter, UrlPolicy};
use serde_json::{Value, json};

const TOKEN: &str = "TOPSECRET-token";

fn planeconnection() -> planeconnection::Api {
    planeconnection::Api::new(TOKEN).unwrap()
}

fn plandocket() -> plandocket::Api {
    plandocket::Api::at("https://your-tenant.plandocket.com", TOKEN).unwrap()
}

/// Method and URL, after checking what all requests share.
fn line<T>(request: &ApiRequest<T>) -> String {
    let headers: Vec<_> = request.headers().collect();
    let auth = format!("Bearer {TOKEN}");
    assert_eq!(headers[..2], [("Accept", "application/json"), ("Authorization", auth.as_str())]);
    assert_eq!(headers.get(2).is_some(), !request.body().is_empty());
    assert!(headers.get(2).is_none_or(|header| *header == ("Content-Type", "application/json")));
    let shown = format!("{request:?}");
    assert!(!shown.contains("TOPSECRET") && !request.url().contains("TOPSECRET"), "{shown}");
    format!("{} {}", request.method(), request.url())
}

fn body<T>(request: &ApiRequest<T>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

/// The example of PlaneConnection's page "Create Webhook".
fn planeconnection_example() -> Value {
    json!({
        "name": "Flight notifications",
        "url": "https://your-app.example.com/webhooks/planeconnection",
        "secret": "whsec_your_signing_secret",
        "events": ["flight.scheduled", "flight.departed", "flight.arrived"],
        "active": true,
        "retry_count": 3,
        "timeout_ms": 10000
    })
}

fn config(value: Value) -> planeconnection::WebhookConfig {
    serde_json::from_value(value).unwrap()
}

#[test]
fn planeconnection_requests_are_those_of_its_page() {
    let api = planeconnection();
    let base = "https://api.planeconnection.com/api/v1/webhooks";
    assert_eq!(line(&api.list()), format!("GET {base}"));
    assert_eq!(line(&api.get("wh_abc123").unwrap()), format!("GET {base}/wh_abc123"));
    assert_eq!(line(&api.delete("wh_abc123").unwrap()), format!("DELETE {base}/wh_abc123"));
    assert_eq!(line(&api.events()), format!("GET {base}/events"));
    let create = api.create(&config(planeconnection_example())).unwrap();
    assert_eq!(line(&create), format!("POST {base}"));
    assert_eq!(body(&create), planeconnection_example());
    let update = api.update("wh_abc123", &config(planeconnection_example())).unwrap();
    assert_eq!(line(&update), format!("PUT {base}/wh_abc123"));
    let test = json!({ "event_type": "flight.scheduled", "payload": { "id": "flt_test", "departure": "KJFK", "arrival": "KLAX" } });
    let request = api.test("wh_abc123", &serde_json::from_value(test.clone()).unwrap()).unwrap();
    assert_eq!(line(&request), format!("POST {base}/wh_abc123/test"));
    assert_eq!(body(&request), test);
}

#[test]
fn an_update_sends_everything_but_a_secret_that_is_not_there() {
    let small = json!({ "name": "n", "url": "https://example.com/", "events": ["*"] });
    assert_eq!(body(&planeconnection().create(&config(small.clone())).unwrap()), small);
    let update = planeconnection().update("wh_1", &config(small)).unwrap();
    let whole = json!({
        "name": "n", "url": "https://example.com/", "events": ["*"],
        "active": true, "headers": {}, "retry_count": 3, "timeout_ms": 10000,
    });
    assert_eq!(body(&update), whole);
}

#[test]
fn log_filters_become_a_query() {
    let api = planeconnection();
    let base = "https://api.planeconnection.com/api/v1/webhooks/logs";
    assert_eq!(line(&api.logs(&LogFilter::default()).unwrap()), format!("GET {base}"));
    let filter = LogFilter::new()
        .webhook_id("wh_abc123&x=1")
        .event_type("flight departed/ü#")
        .status(DeliveryStatus::Failed)
        .date_from(UnixTime::from_secs(1_767_225_600))
        .date_to(UnixTime::from_secs(1_767_312_000))
        .limit(100)
        .offset(0);
    let query = "webhook_id=wh_abc123%26x%3D1&event_type=flight+departed%2F%C3%BC%23&status=failed\
                 &date_from=2026-01-01T00%3A00%3A00Z&date_to=2026-01-02T00%3A00%3A00Z&limit=100&offset=0";
    assert_eq!(line(&api.logs(&filter).unwrap()), format!("GET {base}?{query}"));
    let beyond = LogFilter::new().limit(101);
    assert_eq!(api.logs(&beyond).unwrap_err().code(), EndpointCode::FilterInvalid);
}

#[test]
fn ids_cannot_leave_their_folder() {
    let api = planeconnection();
    for id in ["", ".", "..", "...", "a/b", "../x", "%2e%2e", "a?b", "a#b", "a b", "a\\b", "\u{e9}", &"a".repeat(201)] {
        assert_eq!(api.get(id).unwrap_err().code(), EndpointCode::IdInvalid, "{id}");
        assert!(api.delete(id).is_err() && api.update(id, &config(planeconnection_example())).is_err());
    }
    for id in ["wh_abc123", "01J-x.y~z", "a:b", "a..b"] {
        assert!(api.get(id).unwrap().url().ends_with(&format!("/webhooks/{id}")), "{id}");
    }
    assert!(plandocket().get(-1).url().ends_with("/webhooks/-1"));
}

#[test]
fn tokens_and_bases_are_judged() {
    let refused = |base: &str| planeconnection::Api::at(base, TOKEN).unwrap_err().code();
    assert_eq!(refused("http://api.planeconnection.com"), EndpointCode::UrlNotHttps);
    assert_eq!(refused("https://user:TOPSECRET@example.com"), EndpointCode::UrlUserinfo);
    assert_eq!(refused("https://example.com/?x"), EndpointCode::UrlMalformed);
    assert_eq!(refused("api.planeconnection.com"), EndpointCode::UrlMalformed);
    for token in ["", "a b", "a\n", "\"a\"", "a\r\nX: y", "\u{e9}"] {
        assert_eq!(planeconnection::Api::new(token).unwrap_err().code(), EndpointCode::TokenInvalid, "{token:?}");
    }
    // Another address with a path of its own, for gateways.
    let api = planeconnection::Api::at("https://gateway.example.com/pc/", TOKEN).unwrap();
    assert_eq!(api.list().url(), "https://gateway.example.com/pc/api/v1/webhooks");
    assert!(!format!("{api:?}").contains("TOPSECRET"));
}

#[test]
fn a_webhook_with_a_problem_makes_no_request() {
    let cases = [
        ("name", json!("n".repeat(101)), EndpointCode::NameTooLong),
        ("name", json!(""), EndpointCode::NameMissing),
        ("url", json!("http://example.com/"), EndpointCode::UrlNotHttps),
        ("url", json!("https://192.168.0.1/"), EndpointCode::AddressNotPublic),
        ("events", json!([]), EndpointCode::EventsEmpty),
        ("headers", json!({ "Host": "x" }), EndpointCode::HeaderReserved),
        ("headers", json!({ "X-Webhook-Event": "x" }), EndpointCode::HeaderReserved),
        ("secret", json!(""), EndpointCode::SecretInvalid),
        ("secret", json!(" spaced"), EndpointCode::SecretInvalid),
        ("retry_count", json!(11), EndpointCode::RetriesOutOfRange),
        ("retry_count", json!(-1), EndpointCode::RetriesOutOfRange),
        ("timeout_ms", json!(999), EndpointCode::TimeoutOutOfRange),
        ("timeout_ms", json!(30_001), EndpointCode::TimeoutOutOfRange),
    ];
    for (field, value, code) in cases {
        let mut webhook = planeconnection_example();
        webhook[field] = value;
        let webhook = config(webhook);
        assert_eq!(webhook.problems().iter().map(|error| error.code()).collect::<Vec<_>>(), [code]);
        assert!(webhook.problems()[0].field().starts_with(field));
        assert_eq!(planeconnection().create(&webhook).unwrap_err().code(), code);
        assert_eq!(planeconnection().update("wh_1", &webhook).unwrap_err().code(), code);
    }
    // Which ports are allowed is the provider's choice.
    let mut other_port = planeconnection_example();
    other_port["url"] = json!("https://example.com:8443/");
    assert!(planeconnection().create(&config(other_port)).is_ok());
}

#[test]
fn plandocket_requests_are_those_of_its_page() {
    let api = plandocket();
    let base = "https://your-tenant.plandocket.com/api/v1/webhooks";
    assert_eq!(line(&api.list()), format!("GET {base}"));
    assert_eq!(line(&api.get(1)), format!("GET {base}/1"));
    assert_eq!(line(&api.delete(1)), format!("DELETE {base}/1"));
    assert_eq!(line(&api.events()), format!("GET {base}/events"));
    let webhook = json!({
        "url": "https://example.com/", "events": ["invoice.paid"], "name": "n", "is_active": false,
        "headers": { "X-Team": "t" }, "retry_count": 10, "timeout_seconds": 30, "new": 1
    });
    let config: plandocket::WebhookConfig = serde_json::from_value(webhook.clone()).unwrap();
    let request = api.create(&config).unwrap();
    assert_eq!(line(&request), format!("POST {base}"));
    assert_eq!(body(&request), webhook);
    for (seconds, ok) in [(1, true), (30, true), (0, false), (31, false), (i64::MAX, false), (i64::MIN, false)] {
        let mut config = config.clone();
        config.timeout_seconds = Some(seconds);
        assert_eq!(api.create(&config).is_ok(), ok, "{seconds}");
    }
    let anonymous = plandocket::WebhookConfig::new("https://example.com/", ["*"]);
    assert!(api.create(&anonymous).is_ok());
    assert_eq!(anonymous.to_endpoint(None).timeout(), Duration::from_secs(30));
}

#[test]
fn answers_are_read_bare_or_wrapped() {
    let webhook = json!({
        "id": "wh_abc123", "name": "n", "url": "https://example.com/", "events": ["*"], "created_at": "2026-01-01",
        "logs": [{ "id": "log_1", "event_type": "flight.departed", "status": "failed", "response_status": 500 }],
    });
    let api = planeconnection();
    for wrapped in [
        webhook.clone(),
        json!({ "data": webhook }),
        json!({ "webhook": webhook }),
        json!({ "data": { "webhook": webhook } }),
    ] {
        let read = api.get("wh_abc123").unwrap().reply(200, wrapped.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), webhook);
        assert_eq!(read.logs.unwrap()[0].status, Some(countersign::endpoint::DeliveryStatus::Failed));
    }
    for wrapped in [json!([webhook]), json!({ "data": [webhook], "total": 1 }), json!({ "webhooks": [webhook] })] {
        let read = api.list().reply(200, wrapped.to_string().as_bytes()).unwrap();
        assert_eq!(read.len(), 1);
    }
    let logs = json!({ "logs": [{ "status": "new word" }] });
    let read = api.logs(&LogFilter::default()).unwrap().reply(200, logs.to_string().as_bytes()).unwrap();
    assert_eq!(read[0].status.as_ref().unwrap().as_str(), "new word");
    let events = api.events().reply(200, br#"["flight.departed", {"name": "invoice.paid", "label": "x"}]"#).unwrap();
    assert_eq!(events[0], EventType::Name("flight.departed".into()));
    assert!(matches!(&events[1], EventType::Described(event) if event.name.as_deref() == Some("invoice.paid")));
    assert_eq!(api.delete("wh_1").unwrap().reply(204, b"").unwrap(), Value::Null);
}

#[test]
fn plandockets_own_example_is_read() {
    let example = br#"{ "data": { "webhook_id": 1, "created_at": 1704067200, "updated_at": 1704067200 },
                        "meta": { "request_id": "req_abc123" } }"#;
    let webhook = plandocket().get(1).reply(200, example).unwrap();
    assert_eq!(webhook.id(), Some(1));
    assert_eq!(webhook.extra["updated_at"], 1_704_067_200);
    // And what its schema says, null and all.
    let schema = json!({
        "id": 7, "name": "n", "url": "https://example.com/", "events": ["invoice.paid"], "is_active": true,
        "retry_count": 3, "timeout_seconds": 30, "last_triggered_at": null, "last_success_at": "2026-01-01T00:00:00Z",
        "last_failure_at": null, "failure_count": 0, "secret": "TOPSECRET", "created_at": "2026-01-01T00:00:00Z",
    });
    let webhook = plandocket().get(7).reply(200, json!({ "data": schema }).to_string().as_bytes()).unwrap();
    assert_eq!(webhook.id(), Some(7));
    assert_eq!(webhook.secret.as_ref().unwrap().expose(), "TOPSECRET");
    assert!(!format!("{webhook:?}").contains("TOPSECRET"));
    let written = serde_json::to_value(&webhook).unwrap();
    for (name, value) in schema.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()) {
        assert_eq!(&written[name], value);
    }
}

#[test]
fn refusals_and_other_answers_are_errors_without_their_content() {
    let api = planeconnection();
    for status in [199, 301, 400, 401, 404, 429, 500] {
        let error = api.list().reply(status, b"TOPSECRET").unwrap_err();
        assert_eq!(error.code(), EndpointCode::ApiRefused);
        assert!(error.to_string().contains(&status.to_string()) && !error.to_string().contains("TOPSECRET"));
    }
    for body in
        [&b""[..], b"TOPSECRET", b"<html>TOPSECRET", b"{\"data\":\"TOPSECRET\"}", b"[{\"id\":\"TOPSECRET\"}]", b"\xff"]
    {
        let error = api.list().reply(200, body).unwrap_err();
        assert_eq!(error.code(), EndpointCode::ReplyMalformed);
        assert!(!format!("{error} {error:?}").contains("TOPSECRET"));
    }
}

#[test]
fn settings_of_others_become_endpoints_of_ours() {
    let endpoint = config(planeconnection_example()).to_endpoint();
    assert_eq!(endpoint.problems(&UrlPolicy::new()), []);
    assert_eq!((endpoint.retry().retries(), endpoint.timeout()), (3, Duration::from_secs(10)));
    assert_eq!(endpoint.webhook().unwrap().provider(), "planeconnection");
    let docket = plandocket::WebhookConfig::new("https://example.com/", ["invoice.*"]);
    let endpoint = docket.to_endpoint(Some(&"a secret".into()));
    assert_eq!(endpoint.problems(&UrlPolicy::new()), []);
    assert_eq!(endpoint.webhook().unwrap().provider(), "plandocket");
}

#[test]
fn planasonix_counts_attempts_and_we_count_retries() {
    let settings = json!({
        "url": "https://example.com/", "description": "Security", "active": true, "events": ["security.*"],
        "headers": { "X-Team": "t" }, "signature": "hmac-sha256", "secrets": [{ "secret": "old" }, { "secret": "new" }],
        "timeout_ms": 5000, "circuit_breaker": { "failures": 3, "pause_seconds": 60 },
        "retry": { "initial_backoff_seconds": 10, "multiplier": 3.0, "max_attempts": 5, "new": 1 }, "new": { "a": 1 },
    });
    let read: WebhookSettings = serde_json::from_value(settings.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), settings);
    assert_eq!(read.problems(), []);
    let endpoint = read.to_endpoint();
    assert_eq!(endpoint.retry().retries(), 4);
    assert_eq!(
        (1..=4).map(|retry| endpoint.retry().base_delay(retry).as_secs()).collect::<Vec<_>>(),
        [10, 30, 90, 270]
    );
    assert_eq!(endpoint.webhook().unwrap().provider(), "planasonix");
    let with = |field: &str, value: Value| {
        let mut changed = settings.clone();
        changed[field] = value;
        let read: WebhookSettings = serde_json::from_value(changed).unwrap();
        read.problems().first().map(|error| error.code())
    };
    let retry = |attempts: i64| json!({ "initial_backoff_seconds": 10, "multiplier": 2.0, "max_attempts": attempts });
    assert_eq!((with("retry", retry(1)), with("retry", retry(11))), (None, None));
    for attempts in [0, 12, i64::MIN] {
        assert_eq!(with("retry", retry(attempts)), Some(EndpointCode::RetriesOutOfRange), "{attempts}");
    }
    assert_eq!(with("signature", json!("rot13")), Some(EndpointCode::SchemeInvalid));
    // A key pair needs a key, not a shared secret.
    assert_eq!(with("signature", json!("asymmetric")), Some(EndpointCode::SecretInvalid));
}

#[cfg(feature = "http")]
#[test]
fn requests_become_those_of_the_http_crate() {
    let request = planeconnection().create(&config(planeconnection_example())).unwrap();
    let built: http::Request<Vec<u8>> = request.try_into().unwrap();
    assert_eq!(built.method(), http::Method::POST);
    assert_eq!(built.uri(), "https://api.planeconnection.com/api/v1/webhooks");
    assert_eq!(built.headers()["content-type"], "application/json");
    assert!(built.headers()["authorization"].is_sensitive());
    assert!(!format!("{:?}", built.headers()).contains("TOPSECRET"));
    assert_eq!(serde_json::from_slice::<Value>(built.body()).unwrap(), planeconnection_example());
}
