//! Explaining: broken deliveries and the cause of each (tests/vectors/diagnose), and what holds for all of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Base64Unpadded, Base64Url, Encoding as _};
use countersign::{
    CauseCode, Delivery, Diagnosing, Diagnosis, Framework, Keyring, Provider, Scheme, Secret, Signing, UnixTime,
};
use proptest::prelude::*;
use serde_json::Value;
use support::{body_of, cases, headers_of, keyring_of, text};

const NOW: u64 = 1_767_225_600;

/// Every file of vectors.
fn files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/diagnose");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json") && !path.ends_with("schema.json"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().into(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() >= Provider::ALL.len());
    files
}

fn diagnose(provider: &str, case: &Value) -> Diagnosis {
    let (headers, body) = (headers_of(case), body_of(case));
    let delivery = Delivery::new(&headers, &body);
    let now = UnixTime::from_secs(case["now"].as_u64().unwrap());
    let framework = text(case, "framework").map(|name| Framework::named(name).unwrap_or_else(|| panic!("{name}")));
    let mut known = Diagnosing { framework, ..Diagnosing::default() };
    if provider == "custom" {
        let scheme: Scheme = serde_json::from_value(case["scheme"].clone()).unwrap();
        return scheme.diagnose(keyring_of(case), &delivery, now, &known);
    }
    let provider = Provider::named(provider).unwrap();
    known.pinned = text(&case["options"], "dialect").map(|name| provider.dialect(name).unwrap());
    provider.diagnose(keyring_of(case), &delivery, now, &known)
}

/// The forms in which a text could leak: a secret with what it decodes to, a signature in its encodings.
fn forbidden(case: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    let bytes = |bytes: &[u8], texts: &mut Vec<String>| {
        texts.extend([hex::encode(bytes), hex::encode_upper(bytes), Base64::encode_string(bytes)]);
        texts.extend([Base64Unpadded::encode_string(bytes), Base64Url::encode_string(bytes)]);
    };
    let given = case["secrets"].as_array().map(|list| list.iter().map(|entry| entry["secret"].as_str().unwrap()).collect());
    let given: Vec<&str> = given.unwrap_or_else(|| vec![text(case, "secret").unwrap()]);
    for secret in given.into_iter().chain(text(case, "rightSecret")) {
        let secret = secret.trim();
        if secret.len() >= 8 && secret != "undefined" {
            texts.push(secret.into());
            bytes(secret.as_bytes(), &mut texts);
            let bare = secret.rsplit('_').next().unwrap();
            for decoded in [Base64::decode_vec(bare).ok(), hex::decode(bare).ok()].into_iter().flatten() {
                if decoded.len() >= 8 {
                    bytes(&decoded, &mut texts);
                }
            }
        }
    }
    for mac in case["valid"].as_array().into_iter().flatten() {
        bytes(&hex::decode(mac.as_str().unwrap()).unwrap(), &mut texts);
    }
    texts
}

fn shows_nothing(diagnosis: &Diagnosis, forbidden: &[String]) -> Result<(), String> {
    // As it is stored and sent, and as it is printed.
    for shown in [serde_json::to_string(diagnosis).unwrap(), format!("{diagnosis:?}")] {
        let plain: Value = serde_json::from_str(&shown).unwrap_or(Value::Null);
        let mut texts = vec![shown];
        strings(&plain, &mut texts);
        for text in texts {
            if let Some(found) = forbidden.iter().find(|forbidden| text.contains(forbidden.as_str())) {
                return Err(format!("shows {found} in {text}"));
            }
        }
    }
    Ok(())
}

fn strings(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, all)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, all)),
        _ => {}
    }
}

fn check(provider: &str, case: &Value) -> Result<(), String> {
    let got = diagnose(provider, case);
    let named: Vec<&str> = got.causes.iter().map(|cause| cause.code.as_str()).collect();
    let expected: Vec<&str> = case["causes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    if named != expected {
        return Err(format!("expected {expected:?}, got {named:?} ({})", serde_json::to_string(&got.causes).unwrap()));
    }
    if text(case, "code").is_some_and(|code| code != got.code) {
        return Err(format!("code: expected {}, got {}", case["code"], got.code));
    }
    let proven = case["proven"].as_bool().unwrap_or(true);
    if got.causes.iter().any(|cause| cause.proven != proven) {
        return Err(format!("proven: expected {proven}"));
    }
    for (name, value) in case["evidence"].as_object().into_iter().flatten() {
        if got.causes.iter().all(|cause| cause.evidence.get(name.as_str()) != Some(value)) {
            return Err(format!("evidence {name}: expected {value}, got {}", serde_json::to_string(&got.causes).unwrap()));
        }
    }
    if got.code != "valid" && got.ruled_out.iter().any(|code| expected.contains(&code.as_str())) {
        return Err("names a cause and rules it out".into());
    }
    if let Some(framework) = text(case, "framework") {
        let title = Framework::named(framework).unwrap().title();
        if got.causes.iter().any(|cause| !cause.fix.contains(title)) {
            return Err(format!("the fix does not name {title}"));
        }
    }
    shows_nothing(&got, &forbidden(case))
}

#[test]
fn every_broken_delivery_has_its_cause() {
    let (mut count, mut failures) = (0, Vec::new());
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, vectors) in files() {
        let provider = serde_json::from_str::<Value>(&vectors).unwrap()["provider"].as_str().unwrap().to_string();
        for case in cases(&vectors) {
            count += 1;
            if let Err(difference) = check(&provider, &case) {
                failures.push(format!("{file}/{}: {difference}", case["id"].as_str().unwrap()));
            }
            for code in case["causes"].as_array().unwrap() {
                named.entry(code.as_str().unwrap().into()).or_default().insert(file.clone());
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases differ:\n{}", failures.len(), failures.join("\n"));
    for code in CauseCode::ALL {
        assert!(named.contains_key(code.as_str()), "no vector names {code}");
    }
    println!("{count} vectors");
}
