//! Explaining: broken deliveries and the cause of each (tests/vectors/diagnose), and what holds for all of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Base64Unpadded, Base64Url, Encoding as _};
use countersign::diagnose::{Cause, CauseCode, DiagnoseOptions, Diagnosis, Framework, StepName, Verdict, diagnose};
use countersign::{Code, Delivery, Keyring, Provider, Scheme, Secret, SignOptions, UnixTime};
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

fn diagnosis_of(provider: &str, case: &Value) -> Diagnosis {
    let (headers, body) = (headers_of(case), body_of(case));
    let delivery = Delivery::new(&headers, &body);
    let now = UnixTime::from_secs(case["now"].as_u64().unwrap());
    let framework = text(case, "framework").map(|name| name.parse::<Framework>().unwrap_or_else(|_| panic!("{name}")));
    let options = DiagnoseOptions::new().framework(framework);
    if provider == "custom" {
        let scheme: Scheme = serde_json::from_value(case["scheme"].clone()).unwrap();
        return diagnose(&scheme, keyring_of(case), &delivery, now, &options);
    }
    let provider = provider.parse::<Provider>().unwrap();
    let dialect = text(&case["options"], "dialect").map(|name| provider.dialect(name).unwrap().scheme());
    diagnose(provider, keyring_of(case), &delivery, now, &options.dialect(dialect))
}

/// The forms in which a text could leak: a secret with what it decodes to, a signature in its encodings.
fn forbidden(case: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    let bytes = |bytes: &[u8], texts: &mut Vec<String>| {
        texts.extend([hex::encode(bytes), hex::encode_upper(bytes), Base64::encode_string(bytes)]);
        texts.extend([Base64Unpadded::encode_string(bytes), Base64Url::encode_string(bytes)]);
    };
    let given =
        case["secrets"].as_array().map(|list| list.iter().map(|entry| entry["secret"].as_str().unwrap()).collect());
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
    let got = diagnosis_of(provider, case);
    let named: Vec<&str> = got.causes.iter().map(|cause| cause.code.as_str()).collect();
    let expected: Vec<&str> = case["causes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    if named != expected {
        return Err(format!("expected {expected:?}, got {named:?} ({})", serde_json::to_string(&got.causes).unwrap()));
    }
    if text(case, "code").is_some_and(|code| code != got.code.as_str()) {
        return Err(format!("code: expected {}, got {}", case["code"], got.code));
    }
    let proven = case["proven"].as_bool().unwrap_or(true);
    if got.causes.iter().any(|cause| cause.proven != proven) {
        return Err(format!("proven: expected {proven}"));
    }
    for (name, value) in case["evidence"].as_object().into_iter().flatten() {
        let says =
            |cause: &Cause| cause.evidence.get(name).is_some_and(|fact| serde_json::to_value(fact).unwrap() == *value);
        if !got.causes.iter().any(says) {
            return Err(format!(
                "evidence {name}: expected {value}, got {}",
                serde_json::to_string(&got.causes).unwrap()
            ));
        }
    }
    if got.code != Verdict::Valid && got.ruled_out.iter().any(|code| expected.contains(&code.as_str())) {
        return Err("names a cause and rules it out".into());
    }
    if let Some(framework) = text(case, "framework") {
        let title = framework.parse::<Framework>().unwrap().title();
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

/// Every provider with a secret that fits.
fn providers() -> Vec<(Provider, &'static str)> {
    Provider::ALL
        .iter()
        .map(|provider| match provider.name() {
            "resend" | "svix" | "standard-webhooks" => (*provider, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            _ => (*provider, "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5"),
        })
        .collect()
}

fn signed(provider: Provider, secret: &str, body: &[u8]) -> Vec<(String, String)> {
    let id = provider.dialects()[0].scheme().id.is_some().then_some("msg_1");
    let webhook = provider.webhook(secret).unwrap();
    webhook.sign(body, &SignOptions::at(UnixTime::from_secs(NOW)).id(id)).unwrap()
}

fn explain(provider: Provider, secrets: impl Into<Keyring>, headers: &[(String, String)], body: &[u8]) -> Diagnosis {
    let now = UnixTime::from_secs(NOW);
    diagnose(provider, secrets, &Delivery::new(headers, body), now, &DiagnoseOptions::new().preview(true))
}

/// What a diagnosis may count for a body of up to 5 MiB. Only the last thing that is tried may go beyond the bound, which
/// is 16 MiB.
const MOST_WORK: usize = 18 << 20;

/// As a person would ask, who waits for the answer.
fn patient() -> DiagnoseOptions {
    DiagnoseOptions::new().effort(20)
}

const JSON: &str =
    r#"{"type":"user.created","id":"evt_1","data":{"name":"Zoë <a/b>","lines":["x","y"],"n":3,"ok":true}}"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_valid_has_no_cause(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        for (provider, secret) in providers() {
            let got = explain(provider, secret, &signed(provider, secret, &body), &body);
            prop_assert_eq!(got.code, Verdict::Valid);
            let remark = |cause: &Cause| matches!(cause.code, CauseCode::BodyForm | CauseCode::PayloadDiffers);
            prop_assert!(got.causes.iter().all(remark) && got.steps.iter().all(|step| step.ok != Some(false)), "{:?}", got);
        }
    }

    #[test]
    fn a_changed_bit_has_no_cause(at in any::<prop::sample::Index>(), which in any::<prop::sample::Index>()) {
        let providers = providers();
        let (provider, secret) = providers[which.index(providers.len())];
        let headers = signed(provider, secret, JSON.as_bytes());
        let mut body = JSON.as_bytes().to_vec();
        let at = at.index(body.len() * 8);
        body[at / 8] ^= 1 << (at % 8);
        let got = explain(provider, secret, &headers, &body);
        prop_assert_eq!(got.code, Verdict::Refused(Code::SignatureMismatch));
        prop_assert!(got.causes.is_empty(), "{} bit {}: {:?}", provider.name(), at, got.causes);
        prop_assert!(got.work <= MOST_WORK, "{}", got.work);
    }

    #[test]
    fn no_input_panics_or_costs_more(
        which in any::<prop::sample::Index>(),
        values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 6),
        text in "[tv0-9a-f=,; .\"%+-]{0,90}",
        body in proptest::collection::vec(any::<u8>(), 0..120),
        beginning in prop::sample::select(vec!["", "{", "[", "\"", "{\"", "b'", "\u{1f}\u{8b}\u{8}", "payload={", "%7B", "{'a':", "[1e", "12,"]),
        secret in any::<String>(),
        now in any::<u64>(),
    ) {
        let providers = providers();
        let (provider, _) = providers[which.index(providers.len())];
        let body = [beginning.as_bytes(), &body].concat();
        for dialect in provider.dialects() {
            let scheme = &dialect.scheme();
            let names = [
                Some(&scheme.signature.header),
                scheme.timestamp.as_ref().map(|time| &time.header),
                scheme.id.as_ref().map(|id| &id.header),
            ];
            let mut headers: Vec<(String, Vec<u8>)> = names.into_iter().flatten().cycle()
                .zip(&values).map(|(name, value)| (name.to_string(), value.clone())).collect();
            headers[0].1 = text.clone().into_bytes();
            let known = DiagnoseOptions::new().dialect(scheme.clone());
            let delivery = Delivery::new(&headers, &body);
            let got = diagnose(provider, secret.as_str(), &delivery, UnixTime::from_secs(now), &known);
            prop_assert!(got.code != Verdict::Valid && got.work <= MOST_WORK);
            prop_assert!(serde_json::to_string(&got).is_ok());
        }
    }
}

/// A delivery may carry anything in any place, its own signature and our secret too.
#[test]
fn nothing_secret_is_shown_wherever_it_stands() {
    for (provider, secret) in providers() {
        let other = signed(provider, secret, b"{}");
        let signature = provider.dialects()[0].scheme().signature.header.to_string();
        let value = other.iter().find(|(name, _)| *name == signature).unwrap().1.clone();
        let text = value.rsplit(['=', ',']).find(|part| part.len() > 20).unwrap_or(&value).to_string();
        let decoded = secret.rsplit('_').next().unwrap();
        for body in [
            format!(r#"{{"secret":"{secret}"}}"#),
            format!(r#"{{"signature":"{text}"}}"#),
            format!("{}{secret}", "x".repeat(115)),
            format!("{}{text}{}", "x".repeat(100), "y".repeat(900)),
            format!("{}{secret}{}", "x".repeat(5000), "y".repeat(110)),
        ] {
            // Beside the given ones, the same values under every header that is read.
            let mut all = vec![other.clone()];
            for stray in [secret, &text] {
                all.push(
                    other
                        .iter()
                        .map(|(name, value)| {
                            (name.clone(), if *name == signature { value.clone() } else { stray.into() })
                        })
                        .collect(),
                );
            }
            for headers in all {
                for held in [secret.to_string(), format!("\"{secret}\"\n"), format!("{secret} ")] {
                    let got = explain(provider, held.as_str(), &headers, body.as_bytes());
                    let forbidden = [secret.to_string(), text.clone(), decoded.to_string()];
                    shows_nothing(&got, &forbidden).unwrap_or_else(|found| panic!("{}: {found}", provider.name()));
                }
            }
        }
    }
}

/// Large bodies: the frequent causes are still found, within the bound.
#[test]
fn large_bodies_are_explained_within_the_bound() {
    // The same document as Python and as JavaScript write it.
    let line = |comma: &str, colon: &str, name: &str| {
        format!(r#"{{"id"{colon}"il_1"{comma}"amount"{colon}4900{comma}"name"{colon}"{name}"}}"#)
    };
    let python = format!(r#"{{"lines": [{}]}}"#, vec![line(", ", ": ", "Z\\u00fcrich a/b"); 2000].join(", "));
    let javascript = format!(r#"{{"lines":[{}]}}"#, vec![line(",", ":", "Zürich a/b"); 2000].join(","));
    assert!(javascript.len() > 80_000 && python.len() > 100_000);
    for (provider, secret) in providers() {
        for (sent, held, secret_held, expected) in [
            (&python, javascript.clone(), secret.to_string(), vec!["body_reserialized"]),
            (&javascript, python.clone(), secret.to_string(), vec!["body_reserialized"]),
            (&javascript, python.clone(), format!("{secret}\n"), vec!["secret_whitespace", "body_reserialized"]),
            (
                &javascript,
                format!("{javascript}\r\n"),
                format!("'{secret}'"),
                vec!["secret_quoted", "body_newline_added"],
            ),
            (&javascript, format!("\u{feff}{javascript}"), secret.to_string(), vec!["body_bom_added"]),
        ] {
            let headers = signed(provider, secret, sent.as_bytes());
            let delivery = Delivery::new(&headers, held.as_bytes());
            let got = diagnose(provider, secret_held.as_str(), &delivery, UnixTime::from_secs(NOW), &patient());
            let named: Vec<&str> = got.causes.iter().map(|cause| cause.code.as_str()).collect();
            assert_eq!(named, expected, "{}", provider.name());
            assert!(got.work <= 20 * MOST_WORK);
        }
        let headers = signed(provider, secret, python.as_bytes());
        let delivery = Delivery::new(&headers, javascript.as_bytes());
        let unknown = diagnose(provider, "another-secret-than-that", &delivery, UnixTime::from_secs(NOW), &patient());
        assert!(unknown.causes.iter().all(|cause| !cause.proven) && unknown.work <= 20 * MOST_WORK);
    }
}

#[test]
fn huge_bodies_are_explained_too() {
    let rows: Vec<_> = (0..5000).map(|n| serde_json::json!({ "amount": n, "name": "Zürich", "ratio": 0.5 })).collect();
    let (compact, pretty) = (serde_json::to_string(&rows).unwrap(), serde_json::to_string_pretty(&rows).unwrap());
    assert!(compact.len() > 200_000 && pretty.len() > 300_000);
    // An object of so many keys was once the work of a minute.
    let keys: serde_json::Map<_, _> = (0..60_000).map(|n| (format!("k{n}"), n.into())).collect();
    let keys = serde_json::to_string(&keys).unwrap();
    for (sent, held, expected) in [
        (&compact, pretty.clone(), &["body_reserialized"][..]),
        (&pretty, compact.clone(), &["body_reserialized"]),
        (&keys, format!("{keys}\n"), &["body_newline_added"]),
        (&keys, keys.replacen("k1", "K1", 1), &[]),
    ] {
        let headers = signed(Provider::GITHUB, "a-secret-of-some-length", sent.as_bytes());
        let delivery = Delivery::new(&headers, held.as_bytes());
        let now = UnixTime::from_secs(NOW);
        let got = diagnose(Provider::GITHUB, "a-secret-of-some-length", &delivery, now, &patient());
        let named: Vec<&str> = got.causes.iter().map(|cause| cause.code.as_str()).collect();
        assert_eq!(named, expected, "{} {} {}", sent.len(), held.len(), got.work);
        assert!(got.work <= 20 * MOST_WORK);
    }
}

#[test]
fn every_framework_has_its_words() {
    for framework in Framework::ALL {
        assert_eq!(framework.name().parse(), Ok(*framework));
    }
    for name in [
        "express",
        "fastify",
        "koa",
        "hono",
        "nextjs-app",
        "nextjs-pages",
        "sveltekit",
        "nestjs",
        "nuxt",
        "astro",
        "react-router",
        "elysia",
        "adonisjs",
        "google-cloud",
        "firebase",
        "aws-lambda",
        "azure-functions",
        "workers",
        "deno",
        "bun",
        "fetch",
        "axum",
        "actix",
        "django",
        "flask",
        "fastapi",
        "rails",
        "laravel",
        "php",
        "spring",
        "aspnet",
        "go",
    ] {
        let framework = name.parse::<Framework>().unwrap_or_else(|_| panic!("{name}"));
        let known = DiagnoseOptions::new().framework(framework);
        let headers = signed(Provider::GITHUB, "plane_wh_1", b"{}");
        let delivery = Delivery::new(&headers, "{}\n");
        let got = diagnose(Provider::GITHUB, "plane_wh_1", &delivery, UnixTime::from_secs(NOW), &known);
        assert!(got.causes[0].fix.contains(&format!("{}: ", framework.title())), "{name}: {}", got.causes[0].fix);
    }
}

#[test]
fn causes_are_sentences_and_told_apart() {
    let mut seen = BTreeSet::new();
    for code in CauseCode::ALL {
        assert!(seen.insert(code.as_str()) && code.as_str().parse() == Ok(*code));
        for sentence in [code.message(), code.fix()] {
            assert!(sentence.ends_with('.') && sentence.len() < 170, "{code}: {sentence}");
        }
    }
}

#[test]
fn the_steps_are_those_of_a_provider_that_signs_time_and_id() {
    let got = explain(Provider::SVIX, "", &[], b"");
    let names: Vec<StepName> = got.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, StepName::ALL);
}

/// What the command line and the browser read.
#[test]
fn the_result_is_plain_data() {
    let headers = signed(Provider::STRIPE, "whsec_right", b"{}");
    let secrets = [Secret::new("whsec_wrong").named("new"), Secret::new("whsec_right").named("old")];
    let delivery = Delivery::new(&headers, "{}\n");
    let got =
        diagnose(Provider::STRIPE, secrets, &delivery, UnixTime::from_secs(NOW), &DiagnoseOptions::new().preview(true));
    let data = serde_json::to_value(&got).unwrap();
    let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["causes", "code", "complete", "hints", "provider", "ruledOut", "steps", "summary", "untried"]);
    let names: Vec<&Value> = data["steps"].as_array().unwrap().iter().map(|step| &step["name"]).collect();
    assert_eq!(names, ["secret", "signature_header", "timestamp", "signed_content", "signature", "freshness"]);
    assert_eq!(data["steps"][4]["saw"]["key_that_would_match"], "old");
    assert_eq!(data["steps"][3]["saw"]["preview"], format!("{NOW}.{{}}\n"));
    assert_eq!(data["steps"][3]["saw"]["bytes"], 14);
    assert_eq!(data["steps"][2]["saw"]["age_seconds"], 0);
    assert_eq!(data["causes"][0]["code"], "body_newline_added");
    assert!(data["ruledOut"].as_array().unwrap().iter().any(|code| code == "body_bom_added"));
}

/// Bodies as most people have them.
fn ordinary() -> Vec<String> {
    let keys = |count| (0..count).map(|n| format!(r#""key{n}":{n}"#)).collect::<Vec<_>>().join(",");
    let row = |n| format!(r#"{{"id":"il_{n}","amount":1{n}900,"name":"Zoë <a/b>","ratio":0.5,"ok":true}}"#);
    let rows = |count| format!(r#"{{"lines":[{}]}}"#, (0..count).map(row).collect::<Vec<_>>().join(","));
    let nested =
        r#"{"type":"order.paid","id":"evt_1","created":1767225600,"data":{"object":{"id":"in_1","total":12.5}}}"#;
    vec![
        r#"{"type":"user.created","data":{"id":"u_1","email":"a@b.c"}}"#.into(),
        JSON.into(),
        nested.into(),
        format!("{{{}}}", keys(3)),
        format!("{{{}}}", keys(12)),
        format!("{{{}}}", keys(60)),
        r#"{"question":"Is this so? Or not?","id":1}"#.into(),
        rows(10),
        rows(100),
    ]
}

/// What most people with a wrong secret read: it says what was not tried, and nothing more.
#[test]
fn a_wrong_secret_and_an_ordinary_body_leave_little_untried() {
    for (provider, secret) in providers() {
        let wrong = secret.replace(['f', 'Q'], "0");
        for body in ordinary() {
            let headers = signed(provider, secret, body.as_bytes());
            let got = explain(provider, wrong.as_str(), &headers, body.as_bytes());
            let of = format!("{}: {:?} of {body}", provider.name(), got.untried);
            assert!(got.code == Verdict::Refused(Code::SignatureMismatch) && got.causes.is_empty(), "{of}");
            assert!(got.complete, "{of}");
            let said: Vec<&str> = got.untried.iter().map(|untried| untried.code.as_str()).collect();
            assert!(!said.contains(&"mistakes") && !said.contains(&"json"), "{of}");
            for untried in &got.untried {
                assert!(!untried.message.contains("large") && untried.message.ends_with('.'), "{of}");
            }
            for code in [
                CauseCode::BodyReserialized,
                CauseCode::BodyUnicodeEscapes,
                CauseCode::BodyCharset,
                CauseCode::BodyNewlineAdded,
                CauseCode::BodyDoubleEncoded,
                CauseCode::SecretWhitespace,
                CauseCode::SecretEncoding,
                CauseCode::SignedContent,
            ] {
                assert!(got.ruled_out.contains(&code), "{code} of {of}");
            }
        }
        // Where the keys can stand in few orders, every order was tried.
        let body = r#"{"b":1,"a":2}"#;
        let got = explain(provider, wrong.as_str(), &signed(provider, secret, body.as_bytes()), body.as_bytes());
        assert!(got.untried.iter().all(|untried| untried.code.as_str() == "several"), "{:?}", got.untried);
    }
}

/// A large body: what is not tried is named, and is not ruled out.
#[test]
fn what_a_large_body_leaves_untried_is_named() {
    let rows: Vec<_> =
        (0..30_000).map(|n| serde_json::json!({ "amount": n, "name": "Zürich", "ratio": 0.5 })).collect();
    let body = serde_json::to_vec(&rows).unwrap();
    assert!(body.len() > 1 << 20);
    let headers = signed(Provider::GITHUB, "a-secret-of-some-length", &body);
    let got = explain(Provider::GITHUB, "another-secret-than-that", &headers, &body);
    assert!(!got.complete && got.causes.is_empty() && got.work <= MOST_WORK);
    let json = got.untried.iter().find(|untried| untried.code.as_str() == "json").unwrap();
    assert!(json.message.contains("body_reserialized") && json.message.contains("body_unicode_escapes"), "{json:?}");
    for code in [CauseCode::BodyReserialized, CauseCode::BodyUnicodeEscapes] {
        assert!(!got.ruled_out.contains(&code));
    }
    for code in [CauseCode::BodyNewlineAdded, CauseCode::BodyBomAdded, CauseCode::BodyBomLost] {
        assert!(got.ruled_out.contains(&code), "{code}: {:?}", got.untried);
    }
}

/// Words that stand in the body of a case, and nowhere else in its diagnosis.
fn body_words(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 6);
    words.map(String::from).collect()
}

/// A diagnosis may be logged where bodies may not: without being asked, it holds nothing of the body.
#[test]
fn no_diagnosis_holds_text_of_the_body() {
    let mut shown = BTreeSet::new();
    for (file, vectors) in files() {
        let provider = serde_json::from_str::<Value>(&vectors).unwrap()["provider"].as_str().unwrap().to_string();
        for case in cases(&vectors) {
            let got = diagnosis_of(&provider, &case);
            // All but the sentences, which are the same for every body.
            let evidence: Vec<_> = got.causes.iter().map(|cause| &cause.evidence).collect();
            let mut texts = Vec::new();
            strings(&serde_json::to_value((&got.steps, &got.untried, evidence)).unwrap(), &mut texts);
            let said = texts.join(" ");
            let headers: String = headers_of(&case)
                .iter()
                .map(|(name, value)| format!("{name} {} ", String::from_utf8_lossy(value.as_ref())))
                .collect();
            for word in body_words(&body_of(&case)) {
                let elsewhere = headers.contains(&word) || USUAL.contains(&word.as_str());
                if !elsewhere && said.contains(&word) {
                    shown.insert(format!("{word} of {file}/{}", case["id"]));
                }
            }
        }
    }
    assert!(shown.is_empty(), "{shown:#?}");
}

/// Words that a diagnosis says of itself, whatever the body is.
const USUAL: &[&str] = &[
    "object",
    "number",
    "message",
    "payload",
    "default",
    "content",
    "signature",
    "timestamp",
    "secret",
    "webhook",
    "webhooks",
    "Buffer",
];

/// Wherever a secret stands in a body, and however it is written, a preview does not show it.
#[test]
fn a_preview_hides_every_spelling_of_the_secret() {
    for (provider, secret) in providers() {
        let bare = secret.rsplit('_').next().unwrap();
        let swapped: String = secret
            .chars()
            .map(|c| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() })
            .collect();
        let mut spelled = vec![
            secret.to_string(),
            secret.to_uppercase(),
            secret.to_lowercase(),
            swapped,
            hex::encode(secret),
            hex::encode_upper(secret),
            Base64::encode_string(secret.as_bytes()),
            Base64Unpadded::encode_string(secret.as_bytes()),
            Base64Url::encode_string(secret.as_bytes()),
            secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            secret.replace('_', "%5f"),
            secret.replace('/', "\\/"),
        ];
        if let Ok(decoded) = Base64::decode_vec(bare) {
            spelled.extend([hex::encode(&decoded), hex::encode_upper(&decoded), Base64Url::encode_string(&decoded)]);
        }
        for text in spelled {
            for body in [format!(r#"{{"a":"{text}"}}"#), format!("{}{text}", "x".repeat(90))] {
                let got = explain(provider, secret, &signed(provider, secret, b"other"), body.as_bytes());
                let said = serde_json::to_string(&got).unwrap();
                assert!(!said.contains(&text[..12]), "{}: {text} in {said}", provider.name());
                assert!(said.contains("(not shown"), "{}: {said}", provider.name());
            }
        }
        let shown = explain(provider, secret, &signed(provider, secret, b"other"), b"{\"plain\":1}");
        assert!(serde_json::to_string(&shown).unwrap().contains("plain"));
    }
}

/// A right signature with a wrong time is two facts, in both directions.
#[test]
fn the_clock_is_two_facts() {
    let (provider, secret) = (Provider::STRIPE, "whsec_right_and_long");
    let headers = signed(provider, secret, b"{}");
    let delivery = Delivery::new(&headers, "{}");
    for (now, side, fix) in [
        (NOW - 480, "8 minutes ahead of this clock", "the clock of the machine that signed"),
        (NOW + 480, "8 minutes behind this clock", "held up"),
    ] {
        let got = diagnose(provider, secret, &delivery, UnixTime::from_secs(now), &DiagnoseOptions::new());
        assert_eq!(
            got.summary,
            format!("The signature is right. The time is refused: it is {side}, and 5 minutes are allowed.")
        );
        assert_eq!(got.causes[0].code, CauseCode::ClockSkew);
        assert!(got.causes[0].fix.contains(fix), "{}", got.causes[0].fix);
        let step = |name| got.steps.iter().find(|step| step.name == name).unwrap().ok;
        assert_eq!((step(StepName::Signature), step(StepName::Freshness)), (Some(true), Some(false)));
        assert!(got.hints.is_empty() && got.untried.is_empty() && got.complete);
    }
}

/// Where the cause is unknown, each provider has its own hints.
#[test]
fn every_provider_has_hints_of_its_own() {
    let mut seen = BTreeSet::new();
    for (provider, secret) in providers() {
        let wrong = secret.replace(['f', 'Q'], "0");
        let got = explain(provider, wrong.as_str(), &signed(provider, secret, JSON.as_bytes()), JSON.as_bytes());
        let own: Vec<&str> = got.hints.iter().copied().filter(|hint| seen.insert(hint.to_string())).collect();
        assert!(got.hints.len() > 3 && !own.is_empty(), "{}: {:?}", provider.name(), got.hints);
        assert!(got.hints.iter().all(|hint| hint.ends_with('.')), "{:?}", got.hints);
    }
    assert!(seen.iter().any(|hint| hint.contains("`stripe listen`")));
}

/// JSON as programs write it: with this comma and colon, indented by so many spaces, escaped to ASCII or not.
fn as_written(value: &Value, (comma, colon): (&str, &str), indent: usize, ascii: bool, depth: usize) -> String {
    let line = |depth: usize| if indent == 0 { String::new() } else { format!("\n{}", " ".repeat(indent * depth)) };
    let inner = |value: &Value| as_written(value, (comma, colon), indent, ascii, depth + 1);
    let joined = |items: Vec<String>| items.join(&format!("{}{}", comma, line(depth + 1)));
    match value {
        Value::Array(items) if !items.is_empty() => {
            format!("[{}{}{}]", line(depth + 1), joined(items.iter().map(inner).collect()), line(depth))
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields =
                fields.iter().map(|(key, value)| format!("{}{colon}{}", inner(&key.as_str().into()), inner(value)));
            format!("{{{}{}{}}}", line(depth + 1), joined(fields.collect()), line(depth))
        }
        Value::String(_) if ascii => {
            let text = serde_json::to_string(value).unwrap();
            let escape = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
            text.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect()
        }
        other => serde_json::to_string(other).unwrap(),
    }
}

/// Without being asked for more effort, the frequent mistakes are found in bodies of up to ten KiB.
#[test]
fn ordinary_bodies_are_explained_by_the_usual_effort() {
    for rows in [12, 45, 110] {
        let row =
            |n: usize| serde_json::json!({ "id": format!("il_{n}"), "name": "Zoë <a/b>", "note": null, "ok": true });
        let value =
            serde_json::json!({ "type": "invoice.paid", "data": { "lines": (0..rows).map(row).collect::<Vec<_>>() } });
        let styles = [
            (",", ":", 0, false),
            (", ", ": ", 0, true),
            (",", ": ", 2, false),
            (",", ": ", 4, true),
            (",", ":", 0, true),
        ];
        let texts: Vec<String> = styles
            .iter()
            .map(|(comma, colon, indent, ascii)| as_written(&value, (comma, colon), *indent, *ascii, 0))
            .collect();
        for (provider, secret) in providers() {
            for (at, sent) in texts.iter().enumerate() {
                let headers = signed(provider, secret, sent.as_bytes());
                let found = |secret: &str, held: &[u8]| -> Vec<&str> {
                    let got = explain(provider, secret, &headers, held);
                    assert!(got.causes.iter().all(|cause| cause.proven), "{:?}", got.causes);
                    got.causes.iter().map(|cause| cause.code.as_str()).collect()
                };
                let held = texts[(at + 1) % texts.len()].as_bytes();
                let of = format!("{} {rows} {at}", provider.name());
                let restyled = found(secret, held);
                assert!(matches!(restyled[..], ["body_reserialized" | "body_unicode_escapes"]), "{of}: {restyled:?}");
                assert_eq!(found(secret, format!("{sent}\r\n").as_bytes()), ["body_newline_added"], "{of}");
                assert_eq!(found(&format!("{secret}\n"), sent.as_bytes()), ["secret_whitespace"], "{of}");
                assert_eq!(found(secret, Base64::encode_string(sent.as_bytes()).as_bytes()), ["body_base64"], "{of}");
                let latin: Vec<u8> = sent.chars().map_while(|c| u8::try_from(u32::from(c)).ok()).collect();
                if !sent.is_ascii() {
                    assert_eq!(found(secret, &latin), ["body_charset"], "{of}");
                }
            }
        }
    }
}

/// Lists of secrets in one text, and base64 whose last bits are not zero, are keys as well as any other.
#[test]
fn secrets_in_lists_and_loose_base64_are_hidden_too() {
    let [first, second] = ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "jq4Jr3lHSh2nGEWb0KQmPEkVrV8xYzAb"];
    let loose = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr";
    let mut key = Base64::decode_vec(&format!("{first}AA==")).unwrap();
    key.truncate(24);
    key.push(0x06);
    let spelled = [loose.to_owned(), Base64::encode_string(&key), hex::encode(&key)];
    let cases = [
        (format!("v1,whsec_{first}|v1,whsec_{second}"), vec![first.to_owned(), second.to_owned()]),
        (format!("whsec_{loose}"), spelled.to_vec()),
    ];
    for (secret, all) in cases {
        for shown in all {
            let headers =
                [("webhook-id", shown.as_str()), ("webhook-timestamp", "1767225600"), ("webhook-signature", "v1,AA==")];
            let body = format!("{{\"note\":\"{shown}\"}}");
            let delivery = Delivery::new(&headers, &body);
            for options in [DiagnoseOptions::new(), DiagnoseOptions::new().preview(true)] {
                let now = UnixTime::from_secs(1_767_225_600);
                let said = diagnose(Provider::STANDARD_WEBHOOKS, secret.as_str(), &delivery, now, &options);
                let said = serde_json::to_string(&said).unwrap();
                assert!(!said.contains(&shown), "{shown} in {said}");
            }
        }
    }
}
