//! Reads the shared vectors and runs one case; used by the native and the wasm suite alike.
#![allow(unreachable_pub, dead_code, missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod suites;

pub use suites::SUITES;

/// A provider's vectors and its typed payload.
pub struct Suite {
    pub name: &'static str,
    pub vectors: &'static str,
    /// Reads a body as the typed payload and writes it back; an error if it is not this provider's envelope.
    pub payload: fn(&Event<'_>) -> Result<Value, PayloadError>,
}

fn through<T: serde::de::DeserializeOwned + serde::Serialize>(event: &Event<'_>) -> Result<Value, PayloadError> {
    event.parse::<T>().map(|payload| serde_json::to_value(payload).unwrap())
}

use std::time::Duration;

use countersign::{
    Delivery, Event, Keyring, PayloadError, Provider, Scheme, Secret, SetupError, Tolerance, UnixTime, Webhook,
};
use serde_json::Value;

/// The cases of a file, counted against what the file promises.
pub fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    let cases = file["cases"].as_array().unwrap().clone();
    assert_eq!(cases.len() as u64, file["numberOfTests"].as_u64().unwrap(), "{}: numberOfTests", file["provider"]);
    cases
}

pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str()
}

pub fn body_of(case: &Value) -> Vec<u8> {
    if let Some(body) = text(case, "body") {
        return body.into();
    }
    if let Some(body) = text(case, "bodyHex") {
        return hex::decode(body).unwrap();
    }
    let repeat = &case["bodyRepeat"];
    text(repeat, "text").unwrap().repeat(repeat["count"].as_u64().unwrap() as usize).into()
}

/// Header values are bytes; a vector writes each byte as the character of that number.
pub fn headers_of(case: &Value) -> Vec<(String, Vec<u8>)> {
    let bytes = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    case["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap().into(), bytes(pair[1].as_str().unwrap())))
        .collect()
}

pub fn keyring_of(case: &Value) -> Keyring {
    if let Some(secret) = text(case, "secret") {
        return Keyring::from(secret);
    }
    Keyring::new(case["secrets"].as_array().unwrap().iter().map(|entry| {
        let secret = Secret::new(text(entry, "secret").unwrap()).named(text(entry, "name").unwrap().to_string());
        match entry["expires"].as_u64() {
            Some(end) => secret.expires(UnixTime::from_secs(end)),
            None => secret,
        }
    }))
}

fn tolerance_of(case: &Value, default: Tolerance) -> Tolerance {
    let Some(given) = case["options"]["tolerance"].as_object() else { return default };
    let side = |key: &str, default| match given.get(key) {
        None => default,
        Some(value) => value.as_u64().map(Duration::from_secs),
    };
    Tolerance::new(side("past", default.past), side("future", default.future))
}

/// The webhook that a case describes.
pub fn webhook_of(provider: &str, case: &Value) -> Result<Webhook, String> {
    let webhook = scopeless(provider, case)?;
    Ok(match text(&case["options"], "scope") {
        Some(scope) => webhook.scope(scope),
        None => webhook,
    })
}

fn scopeless(provider: &str, case: &Value) -> Result<Webhook, String> {
    let code = |error: countersign::SecretError| error.code().as_str().to_string();
    let setup = |error: SetupError| match error {
        SetupError::Secret(error) => code(error),
        SetupError::Scheme(error) => panic!("{error}"),
    };
    let keys = keyring_of(case);
    if provider == "custom" {
        let mut scheme: Scheme = serde_json::from_value(case["scheme"].clone()).unwrap();
        scheme.tolerance = tolerance_of(case, scheme.tolerance);
        return scheme.webhook(keys).map_err(setup);
    }
    let provider = provider.parse::<Provider>().unwrap();
    let options = &case["options"];
    let mut schemes: Vec<Scheme> = match text(options, "dialect") {
        Some(name) => vec![provider.dialect(name).unwrap().scheme()],
        None => provider.dialects().iter().filter(|d| d.auto).map(|d| d.scheme()).collect(),
    };
    if options.is_null() || schemes.len() > 1 {
        let webhook = provider.webhook(keys).map_err(code)?;
        return Ok(match options["tolerance"].is_null() {
            true => webhook,
            false => webhook.tolerance(tolerance_of(case, schemes[0].tolerance)).unwrap(),
        });
    }
    let mut scheme = schemes.remove(0);
    scheme.tolerance = tolerance_of(case, scheme.tolerance);
    let names = &options["headers"];
    if let Some(name) = text(names, "signature") {
        scheme.signature.header = name.to_string().into();
    }
    if let (Some(name), Some(source)) = (text(names, "timestamp"), &mut scheme.timestamp) {
        source.header = name.to_string().into();
    }
    if let (Some(name), Some(source)) = (text(names, "id"), &mut scheme.id) {
        source.header = name.to_string().into();
    }
    provider.pinned(scheme, keys).map_err(setup)
}

/// Runs a case; the first difference is the error.
pub fn run(suite: &Suite, case: &Value) -> Result<(), String> {
    let expected = text(case, "result").unwrap();
    let webhook = match webhook_of(suite.name, case) {
        Ok(webhook) => webhook,
        Err(code) if code == expected => return Ok(()),
        Err(code) => return Err(format!("expected {expected}, the secret was refused: {code}")),
    };
    let (headers, body) = (headers_of(case), body_of(case));
    let delivery = Delivery::new(&headers, &body);
    let now = UnixTime::from_secs(case["now"].as_u64().unwrap());
    let event = match webhook.verify(&delivery, now) {
        Ok(_) if expected == "valid" && !is_detected(suite.name, case, &headers) => return Err("not detected".into()),
        Ok(event) if expected == "valid" => event,
        Ok(_) => return Err(format!("expected {expected}, got valid")),
        Err(error) if error.code().as_str() == expected => return Ok(()),
        Err(error) => return Err(format!("expected {expected}, got {} ({error})", error.code())),
    };
    let expected = &case["event"];
    if !expected.is_null() {
        let got = facts(&event);
        for (key, value) in expected.as_object().unwrap() {
            if got[key] != *value {
                return Err(format!("event.{key}: expected {value}, got {}", got[key]));
            }
        }
    }
    payload(suite, case, &event)
}

/// What reading the body says.
fn payload(suite: &Suite, case: &Value, event: &Event<'_>) -> Result<(), String> {
    let read = (suite.payload)(event);
    match (text(case, "payload"), text(case, "difference"), &read) {
        (Some("valid"), _, Err(error)) => return Err(error.to_string()),
        (Some("invalid"), _, Ok(_)) => return Err("payload: expected invalid".into()),
        (_, Some(difference), Err(error)) if !error.to_string().contains(&format!(" Found {difference}. ")) => {
            return Err(format!("expected {difference}, got {error}"));
        }
        _ => {}
    }
    if let Some(left) = case["left"].as_array() {
        let provider = suite.name.parse::<Provider>().unwrap();
        let body = event.parse::<Value>().unwrap();
        let found = (provider.about().difference)(&body).map(|difference| difference.to_string());
        if found.as_deref() != left.first().and_then(Value::as_str) {
            return Err(format!("expected {left:?}, got {found:?}"));
        }
    }
    match (case.get("json"), event.parse::<Value>()) {
        (Some(expected), Ok(json)) if *expected == json => Ok(()),
        (Some(expected), json) => Err(format!("expected {expected}, got {json:?}")),
        (None, _) => Ok(()),
    }
}

/// Whether the headers of a valid delivery tell its provider. Resend's are Svix' own.
fn is_detected(provider: &str, case: &Value, headers: &[(String, Vec<u8>)]) -> bool {
    let expected = if provider == "resend" { "svix" } else { provider };
    let found = countersign::detect(headers).map(|found| found.name());
    let signatures = headers.iter().filter(|(name, _)| name.to_lowercase().ends_with("-signature")).count();
    provider == "custom" || signatures > 1 || !case["options"].is_null() || found == Some(expected)
}

/// Runs every case of every provider. The sum of cases, and what differs.
pub fn run_all() -> (usize, Vec<String>) {
    let mut failures = Vec::new();
    let mut count = 0;
    for suite in SUITES {
        for case in cases(suite.vectors) {
            count += 1;
            if let Err(difference) = run(suite, &case) {
                failures.push(format!("{}/{}: {difference}", suite.name, case["id"].as_str().unwrap()));
            }
        }
    }
    (count, failures)
}

/// What the vectors say about an event.
pub fn facts(event: &Event<'_>) -> Value {
    serde_json::json!({
        "type": event.event_type(),
        "id": event.id(),
        "timestamp": event.timestamp().map(UnixTime::as_secs),
        "authenticated": { "id": event.authenticated().id, "timestamp": event.authenticated().timestamp },
        "replayKey": event.replay_key(),
        "key": event.key(),
    })
}
