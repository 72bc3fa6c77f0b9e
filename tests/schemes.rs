//! Schemes described as data: what cannot be, what a scheme must not leave unsigned, and what tells schemes apart.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use countersign::{Delivery, Provider, Scheme, SetupError, SignOptions, Tolerance, UnixTime, Webhook};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

/// The table that the npm package is tested by, too.
fn table() -> Value {
    serde_json::from_str(include_str!("schemes/cases.json")).unwrap()
}

/// What making a webhook of the table's scheme with these changes says.
fn made(changes: &Value) -> Result<Webhook, String> {
    let mut scheme = table()["scheme"].clone();
    for (key, value) in changes.as_object().unwrap() {
        scheme[key] = value.clone();
    }
    let scheme: Scheme = serde_json::from_value(scheme).map_err(|error| error.to_string())?;
    let secret =
        if scheme.key == countersign::KeyFormat::Whsec { "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } else { "s3cr3t" };
    scheme.webhook(secret).map_err(|error| error.to_string())
}

#[test]
fn mistakes_have_their_sentence() {
    let table = table();
    for case in table["refused"].as_array().unwrap() {
        let (mistake, says) = (&case["mistake"], case["says"].as_str().unwrap());
        let said = made(&case["change"]).err().unwrap_or_else(|| panic!("{mistake} was taken"));
        assert!(said.contains(says), "{mistake}: {said}");
        assert!(!said.contains("s3cr3t"), "{mistake}: {said}");
    }
    for case in table["taken"].as_array().unwrap() {
        assert!(made(&case["change"]).is_ok(), "{}: {:?}", case["what"], made(&case["change"]));
    }
}

/// A variation of a preset is checked like a scheme of one's own.
#[test]
fn a_pinned_scheme_must_sign_the_body() {
    let mut scheme = Provider::PLANE.dialect("default").unwrap().scheme();
    scheme.signed = "x".into();
    assert!(matches!(Provider::PLANE.pinned(scheme, "plane_wh_a"), Err(SetupError::Scheme(_))));
    let named = Provider::PLANE.dialect("default").unwrap().scheme().name("acme");
    let error = Provider::PLANE.pinned(named, "plane_wh_a").unwrap_err().to_string();
    assert!(error.contains("leave name out"), "{error}");
}

/// The replay key, and the seconds that it is remembered.
fn remembered(webhook: &Webhook, body: &str) -> (String, u64) {
    let headers = webhook.sign(body, &SignOptions::at(NOW).id("1")).unwrap();
    let event = webhook.verify(&Delivery::new(&headers, body), NOW).unwrap();
    (event.replay_key(), event.expires().since(NOW).as_secs())
}

#[test]
fn no_two_schemes_share_replay_keys() {
    let plain = || Scheme::hmac_sha256("X-S").event_id("id");
    let body = r#"{"id":"1"}"#;
    let mut keys: Vec<String> = [
        plain(),
        plain().prefix("v1="),
        plain().prefix("v1=").prefix_optional(),
        plain().ed25519_prefix("v1a,"),
        plain().separator(","),
        plain().encoding(countersign::Encoding::Base64),
        plain().timestamp("X-T"),
        plain().timestamp("X-T").timestamp_format(countersign::TimestampFormat::UnixMillis),
        plain().separator(",").timestamp_field("X-T"),
        plain().timestamp("X-T").signed("{timestamp}.{body}"),
        plain().id("X-I"),
        plain().id("X-I").signed("{id}.{body}"),
        plain().signed("v0:{body}"),
        plain().signed("v0:{body}").signed_if_empty("v0:"),
        plain().event_type("id"),
        plain().event_type("id").event_id("type.id"),
        Scheme::hmac_sha512("X-S").event_id("id"),
        Scheme::hmac_sha256("X-Other").event_id("id"),
        plain().key(countersign::KeyFormat::Hex),
        plain().name("acme"),
        plain().name("acme-2"),
    ]
    .map(|scheme| {
        let secret = if scheme.key == countersign::KeyFormat::Hex { "00ff" } else { "secret" };
        remembered(&scheme.webhook(secret).unwrap(), body).0
    })
    .to_vec();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "{keys:#?}");
    assert!(keys.iter().all(|key| key.starts_with("custom/")), "{keys:#?}");
}

#[test]
fn a_name_is_the_providers_and_the_horizon_is_remembered() {
    let scheme = || Scheme::hmac_sha256("X-S");
    let webhook = scheme().name("acme").retry_horizon(Duration::from_secs(3600)).webhook("secret").unwrap();
    assert_eq!(webhook.provider(), "acme");
    assert_eq!(remembered(&webhook, "{}").1, 3600);
    let headers = webhook.sign("{}", &SignOptions::at(NOW)).unwrap();
    assert_eq!(webhook.verify(&Delivery::new(&headers, "{}"), NOW).unwrap().provider(), "acme");
    assert_eq!(webhook.verify(&Delivery::new(&headers, "[]"), NOW).unwrap_err().provider(), "acme");
    let nameless = scheme().webhook("secret").unwrap();
    assert_eq!((nameless.provider(), remembered(&nameless, "{}").1), ("custom", 7 * 86_400));
    let patient = Provider::GITHUB.dialect("default").unwrap().scheme().retry_horizon(Duration::from_secs(60));
    assert_eq!(remembered(&Provider::GITHUB.pinned(patient, "secret").unwrap(), "{}").1, 60);
}

#[test]
fn scopes_part_tenants() {
    let webhook = |scope: &str| Provider::STRIPE.webhook("whsec_test").unwrap().scope(scope);
    let key = |webhook: &Webhook| remembered(webhook, r#"{"object":"event","id":"evt_1","type":"a"}"#).0;
    assert_eq!(key(&Provider::STRIPE.webhook("whsec_test").unwrap()), "stripe:id:evt_1");
    assert_eq!(key(&webhook("7")), "stripe@7:id:evt_1");
    assert_eq!(key(&webhook("a:id:b")), "stripe@a%3Aid%3Ab:id:evt_1");
    assert_eq!(key(&webhook("a%3Aid%3Ab")), "stripe@a%253Aid%253Ab:id:evt_1");
    assert_eq!(key(&webhook("a@b")), "stripe@a%40b:id:evt_1");
    assert_eq!(key(&webhook("")), "stripe@:id:evt_1");
    assert_eq!(key(&webhook("a").scope("b")), "stripe@b:id:evt_1", "the last one counts");
}

/// What JSON, digests and sentences call a word is the same.
#[test]
fn schemes_are_the_same_after_json() {
    let scheme = Scheme::hmac_sha256("X-S").name("acme").retry_horizon(Duration::from_secs(60));
    let written = serde_json::to_value(&scheme).unwrap();
    assert_eq!((&written["name"], &written["retryHorizon"]), (&json!("acme"), &json!(60)));
    assert_eq!(serde_json::from_value::<Scheme>(written).unwrap(), scheme);
}

#[test]
fn a_dialect_knows_its_provider() {
    for provider in Provider::ALL {
        for dialect in provider.dialects() {
            let secret = match dialect.scheme().key {
                countersign::KeyFormat::Whsec => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                countersign::KeyFormat::Ed25519 => "whsk_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
                _ => "a-secret-of-theirs",
            };
            let dialect = provider.dialect(dialect.name).unwrap();
            let webhook = dialect.webhook(secret).unwrap();
            let (key, kept) = remembered(&webhook, "{}");
            assert!(key.starts_with(&format!("{}:", provider.name())), "{key}");
            assert!(kept >= provider.retry_horizon().as_secs(), "{key}");
            assert_eq!(remembered(&provider.pinned(dialect, secret).unwrap(), "{}"), (key, kept));
        }
    }
}

/// Without its window, `{body}{timestamp}` would be ambiguous; a window in milliseconds is none.
#[test]
fn a_webhook_takes_no_window_that_its_scheme_cannot_have() {
    let webhook = || Scheme::hmac_sha256("X-S").timestamp("X-T").signed("{body}{timestamp}").webhook("secret").unwrap();
    assert!(webhook().tolerance(Tolerance::from_secs(600, 60)).is_ok());
    let error = webhook().tolerance(Tolerance::new(None, Some(Duration::from_secs(60)))).unwrap_err().to_string();
    assert!(error.contains("a digit could move"), "{error}");
    let error =
        Provider::STRIPE.webhook("whsec_test").unwrap().tolerance(Tolerance::from_secs(300_000, 300)).unwrap_err();
    assert!(error.to_string().contains("in seconds, not milliseconds"), "{error}");
}

#[test]
fn a_now_in_milliseconds_is_named() {
    let webhook = Provider::STRIPE.webhook("whsec_test").unwrap();
    let headers = webhook.sign("{}", &SignOptions::at(NOW)).unwrap();
    let late = UnixTime::from_secs(NOW.as_secs() * 1000);
    let said = webhook.verify(&Delivery::new(&headers, "{}"), late).unwrap_err().to_string();
    assert!(said.contains("`now` looks like milliseconds") && !said.contains("clock"), "{said}");
    let said =
        webhook.verify(&Delivery::new(&headers, "{}"), NOW.plus(Duration::from_secs(301))).unwrap_err().to_string();
    assert!(said.contains("Signed 301 s ago.") && said.contains("clock"), "{said}");
}
