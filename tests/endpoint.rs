//! Endpoint settings: every limit at both of its edges, what is kept, what is refused, and that nothing leaks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::BTreeSet;
use std::time::Duration;

use countersign::endpoint::{
    CustomHeaders, Endpoint, EndpointCode, EventFilter, Host, LogFilter, SigningScheme, UrlParts, UrlPolicy, judge_url,
    judge_url_with,
};
use countersign::{Delivery, Provider, SignOptions, UnixTime};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn sound() -> Value {
    json!({
        "name": "Operations",
        "url": "https://example.com/hooks",
        "events": ["flight.*", "invoice.paid"],
        "signing": { "provider": "standard-webhooks" },
        "secrets": [{ "secret": SECRET }],
    })
}

/// The codes and fields of an endpoint that differs from a sound one in this field.
fn problems(field: &str, value: Value) -> Vec<(EndpointCode, String)> {
    let mut settings = sound();
    settings[field] = value;
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    let found = endpoint.problems(&UrlPolicy::new());
    assert_eq!(endpoint.check(&UrlPolicy::new()).err().as_ref(), found.first());
    found.iter().map(|error| (error.code(), error.field().to_string())).collect()
}

fn fine(field: &str, value: Value) {
    assert_eq!(problems(field, value.clone()), [], "{field} = {value}");
}

fn refused(field: &str, value: Value, code: EndpointCode, at: &str) {
    assert_eq!(problems(field, value.clone()), [(code, at.to_string())], "{field} = {value}");
}

#[test]
fn urls_in_every_spelling() {
    let cases: Vec<(String, String)> = serde_json::from_str(include_str!("addresses/urls.json")).unwrap();
    assert!(cases.len() > 130);
    for (text, expected) in cases {
        match judge_url(&text, &UrlPolicy::new()) {
            Ok(destination) => {
                assert_eq!(destination.as_str(), expected, "{text:?}");
                assert_eq!(destination.port(), 443);
                // The normal form is judged the same, so it can be stored.
                assert_eq!(judge_url(destination.as_str(), &UrlPolicy::new()).unwrap(), destination);
            }
            Err(error) => assert_eq!(error.code().as_str(), expected, "{text:?}"),
        }
    }
    let long =
        |length: usize| judge_url(&format!("https://example.com/{}", "a".repeat(length - 20)), &UrlPolicy::new());
    assert!(long(2048).is_ok());
    assert_eq!(long(2049).unwrap_err().code(), EndpointCode::UrlTooLong);
    let name = |labels: usize, last: usize| format!("https://{}{}/", "abcdefghi.".repeat(labels), "a".repeat(last));
    assert!(judge_url(&name(25, 3), &UrlPolicy::new()).is_ok());
    assert_eq!(judge_url(&name(25, 4), &UrlPolicy::new()).unwrap_err().code(), EndpointCode::UrlMalformed);
}

/// What a JavaScript engine gives is taken apart as the crate `url` takes apart what it has read itself.
fn producers_agree(text: &str) {
    let Some(parts) = UrlParts::parse(text).filter(|parts| parts.href().starts_with("https:")) else { return };
    assert_eq!(UrlParts::from_normal_form(parts.href()), parts, "{text:?}");
    let from_normal_form = |text: &str| UrlParts::parse(text).map(|parts| UrlParts::from_normal_form(parts.href()));
    for policy in [UrlPolicy::new(), UrlPolicy::new().allow_any_port()] {
        assert_eq!(judge_url_with(text, &policy, &from_normal_form), judge_url(text, &policy), "{text:?}");
    }
}

#[test]
fn both_producers_of_url_parts_agree() {
    let cases: Vec<(String, String)> = serde_json::from_str(include_str!("addresses/urls.json")).unwrap();
    cases.iter().for_each(|(text, _)| producers_agree(text));
    for text in [
        "https://user@example.com/",
        "https://user:p%40ss@[2606:4700::1111]:8443/a:b@c?d=e:f@g#h?i",
        "https://:secret@example.com:443",
        "https://1.1/?",
        "https://example.com/#",
        "https://example.com/?a=//b@c:1/#//d@e:2/",
    ] {
        assert!(UrlParts::parse(text).is_some(), "{text}");
        producers_agree(text);
    }
    for text in ["http://example.com/", "mailto:a@example.com", "javascript:alert(1)", "data:,https://example.com/"] {
        assert!(judge_url_with(text, &UrlPolicy::new(), &|text| Some(UrlParts::from_normal_form(text))).is_err());
    }
    // A token in the query or a password stays out of logs.
    assert_eq!(format!("{:?}", UrlParts::from_normal_form("https://a.b/?token=1")), "UrlParts(https://a.b/)");
    assert_eq!(format!("{:?}", UrlParts::from_normal_form("https://a:1@b.c/")), "UrlParts([REDACTED])");
}

proptest! {
    #[test]
    fn both_producers_agree_about_any_url(text in "https://([a-z]{1,3}(:[a-z]{0,3})?@)?([a-z0-9.]{1,12}|\\[[0-9a-f:]{2,9}\\])(:[0-9]{1,5})?(/[a-z:@/\\[\\]]{0,9})?(\\?[a-z:@/?\\[\\]]{0,9})?(#[a-z:@/?#]{0,9})?") {
        producers_agree(&text);
    }

    /// No normal form that is none panics.
    #[test]
    fn any_text_is_taken_apart(text in "\\PC{0,40}|(https?:)?[/:@\\[\\]?#a-z0-9.]{0,20}") {
        let parts = UrlParts::from_normal_form(&*text);
        prop_assert_eq!(parts.href(), text);
    }
}

#[test]
fn a_policy_opens_ports_names_and_networks_each_alone() {
    let policy = UrlPolicy::new().allow_port(8443).allow_name("Receiver").allow_network("127.0.0.0/8".parse().unwrap());
    let judge = |text: &str| judge_url(text, &policy).map_err(|error| error.code());
    assert_eq!(judge("https://receiver:8443/").unwrap().host(), Host::Name("receiver"));
    assert_eq!(judge("https://127.0.0.1:8443/").unwrap().host(), Host::Address("127.0.0.1".parse().unwrap()));
    assert_eq!(judge("https://receiver:8444/"), Err(EndpointCode::UrlPort));
    assert_eq!(judge("https://receiver2/"), Err(EndpointCode::HostNotPublic));
    assert_eq!(judge("https://a.receiver/").map(|_| ()), Ok(()), "a name of two labels is an ordinary name");
    assert_eq!(judge("https://localhost/"), Err(EndpointCode::HostNotPublic));
    assert_eq!(judge("https://10.0.0.1/"), Err(EndpointCode::AddressNotPublic));
    assert_eq!(judge("http://receiver:8443/"), Err(EndpointCode::UrlNotHttps));
    assert!(judge_url("https://example.com:1/", &UrlPolicy::new().allow_any_port()).is_ok());
}

proptest! {
    /// No text panics, and what passes is in normal form, https, and free of what was to be refused.
    #[test]
    fn any_text_is_judged(text in "(https://)?[a-z0-9.:@/\\\\?#%\\[\\]\u{ff10}-\u{ff19}\u{3002} ]{0,30}") {
        if let Ok(destination) = judge_url(&text, &UrlPolicy::new()) {
            let url = destination.as_str();
            prop_assert!(url.starts_with("https://") && !url.contains('#') && url.is_ascii());
            let host = url[8..].split(['/', '?']).next().unwrap();
            prop_assert!(!host.contains('@') && !host.is_empty());
            prop_assert_eq!(judge_url(url, &UrlPolicy::new()).unwrap(), destination);
        }
    }
}

#[test]
fn names_and_timeouts_end_where_documented() {
    fine("name", json!("n".repeat(100)));
    fine("name", json!("\u{1f6e9}".repeat(100)));
    fine("name", Value::Null);
    refused("name", json!("n".repeat(101)), EndpointCode::NameTooLong, "name");
    refused("name", json!(" "), EndpointCode::NameMissing, "name");
    for (ms, ok) in [(1000, true), (30_000, true), (999, false), (30_001, false), (-1, false), (i64::MAX, false)] {
        if ok {
            fine("timeout_ms", json!(ms));
        } else {
            refused("timeout_ms", json!(ms), EndpointCode::TimeoutOutOfRange, "timeout_ms");
        }
    }
    fine("max_per_second", json!(1));
    refused("max_per_second", json!(0), EndpointCode::RateOutOfRange, "max_per_second");
}

#[test]
fn retries_and_breakers_end_where_documented() {
    for retries in [0, 10] {
        fine("retry", json!({ "max_retries": retries }));
    }
    for retries in [-1, 11, i64::MAX] {
        refused("retry", json!({ "max_retries": retries }), EndpointCode::RetriesOutOfRange, "retry.max_retries");
    }
    let invalid = |retry: Value, field: &str| refused("retry", retry, EndpointCode::RetryInvalid, field);
    fine(
        "retry",
        json!({ "schedule": { "initial_seconds": 1, "multiplier": 1.5, "max_seconds": 60 }, "success": "200" }),
    );
    fine("retry", json!({ "schedule": { "steps_seconds": [0, 60, 60] }, "permanent_statuses": [400, 404] }));
    invalid(json!({ "schedule": { "steps_seconds": [] } }), "retry.schedule");
    invalid(json!({ "schedule": { "steps_seconds": [60, 5] } }), "retry.schedule");
    invalid(json!({ "schedule": { "steps_seconds": [-1] } }), "retry.schedule");
    invalid(json!({ "schedule": { "steps_seconds": [604_801] } }), "retry.schedule");
    invalid(json!({ "schedule": { "initial_seconds": 0, "multiplier": 2.0 } }), "retry.schedule");
    invalid(json!({ "schedule": { "initial_seconds": 1, "multiplier": 0.5 } }), "retry.schedule");
    invalid(json!({ "schedule": { "initial_seconds": 9, "multiplier": 2, "max_seconds": 8 } }), "retry.schedule");
    invalid(json!({ "jitter_percent": 101 }), "retry.jitter_percent");
    invalid(json!({ "success": "201" }), "retry.success");
    invalid(json!({ "permanent_statuses": [200] }), "retry.permanent_statuses");
    invalid(json!({ "retry_after_cap_seconds": -1 }), "retry.retry_after_cap_seconds");
    fine("breaker", json!({ "failures": 1, "pause_seconds": 1, "disable_after_days": 0 }));
    let invalid = |breaker: Value, field: &str| refused("breaker", breaker, EndpointCode::RetryInvalid, field);
    invalid(json!({ "failures": 0 }), "breaker.failures");
    invalid(json!({ "pause_seconds": 86_401 }), "breaker.pause_seconds");
    invalid(json!({ "disable_after_days": -1 }), "breaker.disable_after_days");
}

#[test]
fn events_are_exact_families_or_all() {
    let matches = |filter: &str, event: &str| EventFilter::from(filter).matches(event);
    assert!(matches("*", "anything") && matches("*", ""));
    assert!(matches("flight.departed", "flight.departed") && !matches("flight.departed", "flight.departed.late"));
    assert!(matches("flight.*", "flight.departed") && matches("flight.*", "flight.leg.departed"));
    for other in ["flight", "flight.", "flights.departed", "Flight.departed", "xflight.departed"] {
        assert!(!matches("flight.*", other), "{other}");
    }
    fine("events", json!(["*"]));
    fine("events", json!(["issue", "v1.billing.meter*".replace('*', ".*"), "a".repeat(200)]));
    refused("events", json!([]), EndpointCode::EventsEmpty, "events");
    for bad in ["", ".*", "*.created", "flight*", "fl*ight.*", "flight. departed", "flight\n", "fl\u{fc}ge", "**"] {
        refused("events", json!(["invoice.paid", bad]), EndpointCode::EventInvalid, "events[1]");
        assert!(!matches(bad, "flight.departed") || bad == "*", "{bad}");
    }
    refused("events", json!(["a".repeat(201)]), EndpointCode::EventInvalid, "events[0]");
    let mut endpoint = Endpoint::new("https://example.com/", SigningScheme::of(Provider::SVIX), SECRET);
    assert!(endpoint.wants("any"));
    endpoint.active = Some(false);
    assert!(!endpoint.wants("any"));
}

#[test]
fn custom_headers_cannot_speak_for_http_or_the_signature() {
    fine("headers", json!({ "X-Team": "operations", "Authorization": "Bearer abc", "X-Empty": "" }));
    for name in [
        "Host",
        "host",
        "CONTENT-LENGTH",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Proxy-Authorization",
        "proxy-connection",
        "webhook-id",
        "Webhook-Signature",
        "svix-anything",
        "Stripe-Signature",
        "X-Hub-Signature-256",
        "X-Plane-Signature",
        "X-Webhook-Signature",
        "X-Webhook-Timestamp",
        "X-PlaneConnection-Signature",
        "X-Planasonix-Timestamp",
        "X_Webhook_Signature",
        "webhook_id",
        "content_length",
    ] {
        refused("headers", json!({ name: "x" }), EndpointCode::HeaderReserved, &format!("headers.{name}"));
    }
    for name in ["", "X Team", "X-Team:", "X-T\u{e9}am", "X-Team\r\n", ":authority"] {
        refused("headers", json!({ name: "x" }), EndpointCode::HeaderNameInvalid, "headers");
    }
    for value in [" x", "x ", "a\r\nb", "a\nb", "a\0b", "\u{e9}", "a\tb"] {
        refused("headers", json!({ "X-Team": value }), EndpointCode::HeaderValueInvalid, "headers.X-Team");
    }
    refused("headers", json!({ "X-Team": "a", "x-team": "b" }), EndpointCode::HeaderRepeated, "headers.x-team");
    refused("headers", json!({ "X-Team": "a", "X_Team": "b" }), EndpointCode::HeaderRepeated, "headers.X_Team");
    fine("headers", json!({ "X-Long": "a".repeat(8192 - 10) }));
    refused("headers", json!({ "X-Long": "a".repeat(8192 - 9) }), EndpointCode::HeadersTooLarge, "headers");
    // What the chosen provider writes beside its signature is reserved; what another provider writes is not.
    let of = |provider: &str, header: &str| {
        let mut settings = sound();
        settings["signing"] = json!({ "provider": provider });
        settings["headers"] = json!({ header: "x" });
        let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
        endpoint.problems(&UrlPolicy::new()).iter().any(|error| error.code() == EndpointCode::HeaderReserved)
    };
    assert!(of("planeconnection", "X-Webhook-Event") && of("plane", "X-Plane-Delivery") && of("plane", "content-type"));
    assert!(!of("stripe", "X-Webhook-Event"));
}

#[test]
fn a_scheme_of_ones_own_keeps_its_headers_and_signs() {
    let mut settings = sound();
    settings["signing"] = json!({
        "signature": { "header": "X-Acme-Signature", "prefix": "v0=", "encoding": "hex" },
        "timestamp": { "header": "X-Acme-Time" },
        "signed": "v0:{timestamp}:{body}",
    });
    settings["secrets"] = json!([{ "secret": "new", "name": "2026" }, { "secret": "old", "expires": 1_800_000_000 }]);
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    assert_eq!(endpoint.problems(&UrlPolicy::new()), []);
    let webhook = endpoint.webhook().unwrap();
    let now = UnixTime::from_secs(1_767_225_600);
    let headers = webhook.sign("{}", &SignOptions::at(now)).unwrap();
    let event = webhook.verify(&Delivery::new(&headers, b"{}"), now).unwrap();
    assert_eq!(event.key(), "2026");
    for (name, reserved) in [("x-acme-signature", true), ("X_Acme_Time", true), ("X-Acme-Other", false)] {
        settings["headers"] = json!({ name: "x" });
        let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
        assert_eq!(!endpoint.problems(&UrlPolicy::new()).is_empty(), reserved, "{name}");
    }
    settings["headers"] = Value::Null;
    settings["signing"]["signed"] = json!("{timestamp}");
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    assert_eq!(endpoint.check(&UrlPolicy::new()).unwrap_err().code(), EndpointCode::SchemeInvalid);
    assert_eq!(endpoint.webhook().unwrap_err().code(), EndpointCode::SchemeInvalid);
}

#[test]
fn every_preset_and_dialect_can_be_chosen() {
    for provider in Provider::ALL {
        for dialect in provider.dialects() {
            let mut settings = sound();
            settings["signing"] = json!({ "provider": provider.name(), "dialect": dialect.name });
            let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
            assert_eq!(*endpoint.signing.scheme().unwrap(), dialect.scheme());
        }
        let endpoint = Endpoint::new("https://example.com/", SigningScheme::of(*provider), SECRET);
        assert_eq!(*endpoint.signing.scheme().unwrap(), provider.dialects()[0].scheme());
        assert_eq!(endpoint.webhook().unwrap().provider(), provider.name());
    }
    refused("signing", json!({ "provider": "nobody" }), EndpointCode::SchemeInvalid, "signing");
    refused("signing", json!({ "provider": "svix", "dialect": "x" }), EndpointCode::SchemeInvalid, "signing");
}

#[test]
fn secrets_have_to_fit_the_scheme() {
    refused("secrets", json!([]), EndpointCode::SecretMissing, "secrets");
    let bad = json!([{ "secret": SECRET }, { "secret": " spaced " }, { "secret": "" }]);
    let found = problems("secrets", bad.clone());
    let at = |field: &str| (EndpointCode::SecretInvalid, field.to_string());
    assert_eq!(found, [at("secrets[1]"), at("secrets[2]")]);
    let mut settings = sound();
    settings["secrets"] = bad;
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    assert_eq!(endpoint.webhook().unwrap_err().code(), EndpointCode::SecretInvalid);
    settings["signing"] = json!({ "provider": "stripe" });
    settings["secrets"] = json!([{ "secret": "sk_live_abc" }]);
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    let error = endpoint.check(&UrlPolicy::new()).unwrap_err();
    assert!(error.detail().contains("API key"), "{error}");
    settings["secrets"] = json!([]);
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    assert_eq!(endpoint.webhook().unwrap_err().code(), EndpointCode::SecretMissing);
}

#[test]
fn client_identities_are_pem() {
    let pem = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\nBBBB\n-----END {kind}-----\n");
    let with = |certificate: &str, key: &str| json!({ "certificate": certificate, "private_key": key });
    let chain = pem("CERTIFICATE") + &pem("CERTIFICATE");
    for kind in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
        fine("identity", with(&chain, &pem(kind)));
    }
    let certificate = |text: &str| {
        let value = with(text, &pem("PRIVATE KEY"));
        refused("identity", value, EndpointCode::IdentityInvalid, "identity.certificate");
    };
    let garbage = pem("CERTIFICATE").replace("AAAA", "A*AA");
    let cut = pem("CERTIFICATE").replace("-----END", "-----");
    for text in ["", "AAAA", &pem("PRIVATE KEY"), &garbage, &cut, &(pem("CERTIFICATE") + "AAAA")] {
        certificate(text);
    }
    for key in ["", &pem("ENCRYPTED PRIVATE KEY"), &pem("CERTIFICATE")] {
        refused("identity", with(&chain, key), EndpointCode::IdentityInvalid, "identity.private_key");
    }
}

#[test]
fn unknown_fields_survive_everywhere() {
    let settings = json!({
        "name": "n", "url": "https://example.com/", "events": ["*"], "active": false, "headers": { "X-A": "1" },
        "timeout_ms": 2000, "new": { "deep": [1, 2.5, null] }, "owner": "o",
        "signing": { "provider": "plane", "dialect": "default", "new": 1 },
        "secrets": [{ "secret": "a", "name": "n", "expires": 5, "new": true }],
        "retry": {
            "schedule": { "initial_seconds": 1, "multiplier": 2.5, "max_seconds": 60, "new": 1 },
            "max_retries": 3, "jitter_percent": 10, "retry_after_cap_seconds": 5, "success": "200",
            "permanent_statuses": [404], "new": "x",
        },
        "breaker": { "failures": 3, "pause_seconds": 60, "disable_after_days": 4, "new": [] },
        "identity": { "certificate": "c", "private_key": "k", "new": 1 },
    });
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&endpoint).unwrap(), settings);
    let steps = json!({ "steps_seconds": [1, 2], "new": 1 });
    let schedule: countersign::endpoint::retry::Schedule = serde_json::from_value(steps.clone()).unwrap();
    assert_eq!(serde_json::to_value(schedule).unwrap(), steps);
}

#[test]
fn defaults_are_the_documented_ones() {
    let endpoint = Endpoint::from_json(sound().to_string().as_bytes()).unwrap();
    assert!(endpoint.is_active());
    assert_eq!(endpoint.timeout(), Duration::from_secs(10));
    assert_eq!(endpoint.retry().retries(), 3);
    assert_eq!(endpoint.retry().base_delay(1), Duration::from_secs(60));
    let wild = |ms: i64| {
        let mut endpoint = endpoint.clone();
        endpoint.timeout_ms = Some(ms);
        endpoint.timeout()
    };
    assert_eq!((wild(i64::MIN), wild(i64::MAX)), (Duration::from_secs(1), Duration::from_secs(30)));
}

#[test]
fn settings_that_are_not_of_the_form_are_an_error_without_their_content() {
    let mut wrong = sound();
    wrong["secrets"][0]["secret"] = json!(["TOPSECRET"]);
    let mut twice = sound().to_string();
    twice.insert_str(1, "\"url\":\"https://TOPSECRET/\",");
    for text in [wrong.to_string(), twice, "TOPSECRET".into(), String::new(), "[]".into(), "{}".into()] {
        let error = Endpoint::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), EndpointCode::Malformed, "{text}");
        assert!(!format!("{error} {error:?}").contains("TOPSECRET"), "{error}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let settings = json!({
        "url": "https://example.com/hooks?token=TOPSECRET1", "events": ["*"], "headers": { "X-Key": "TOPSECRET2" },
        "signing": { "provider": "plane", "extra": "TOPSECRET3" },
        "secrets": [{ "secret": "TOPSECRET4", "extra": "TOPSECRET5" }], "signing_secret": "TOPSECRET6",
        "identity": { "certificate": "c", "private_key": "TOPSECRET7", "extra": "TOPSECRET8" },
    });
    let endpoint = Endpoint::from_json(settings.to_string().as_bytes()).unwrap();
    let policy = UrlPolicy::new();
    let destination = judge_url("https://example.com/?token=TOPSECRET", &policy).unwrap();
    let errors = endpoint.problems(&policy);
    assert!(!errors.is_empty());
    let mut bad = endpoint.clone();
    bad.url = "https://u:TOPSECRET@example.com/".into();
    let sentences: String =
        errors.iter().chain(&bad.problems(&policy)).map(|error| format!("{error} {error:?}")).collect();
    let shown = format!("{endpoint:?} {:?} {bad:?} {destination:?} {sentences}", endpoint.webhook().unwrap());
    assert!(!shown.contains("TOPSECRET"), "{shown}");
    assert!(shown.contains("X-Key") && shown.contains("https://example.com/hooks"), "{shown}");
    let headers: CustomHeaders = [("X-Key", "TOPSECRET")].into_iter().collect();
    assert_eq!(format!("{headers:?}"), "{\"X-Key\"}");
}

#[test]
fn log_filters_have_limits() {
    let limit = |limit: i64| LogFilter::new().limit(limit).check();
    assert!(limit(1).is_ok() && limit(100).is_ok() && LogFilter::default().check().is_ok());
    for bad in [0, -1, 101] {
        assert_eq!(limit(bad).unwrap_err().field(), "limit");
    }
    let offset = |offset: i64| LogFilter::new().offset(offset).check();
    assert!(offset(0).is_ok());
    assert_eq!(offset(-1).unwrap_err().field(), "offset");
    let dates = |from, to| {
        let at = UnixTime::from_secs;
        LogFilter::new().date_from(at(from)).date_to(at(to)).check()
    };
    assert!(dates(5, 5).is_ok());
    assert_eq!(dates(6, 5).unwrap_err().code(), EndpointCode::FilterInvalid);
    let status = |text: &str| LogFilter::new().status(String::from(text).into()).check();
    assert!(status("pending").is_ok() && status("success").is_ok() && status("failed").is_ok());
    assert_eq!(status("dead").unwrap_err().field(), "status");
}

#[test]
fn codes_are_told_apart_and_speak_plainly() {
    let mut seen = BTreeSet::new();
    for code in EndpointCode::ALL {
        assert!(seen.insert(code.as_str()), "{code} twice");
        assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
        for text in [code.sentence(), code.fix()] {
            assert!(text.ends_with('.') && text.len() < 140, "{code}: {text}");
        }
    }
}
