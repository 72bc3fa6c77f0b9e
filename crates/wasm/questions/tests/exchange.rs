//! The form of questions and answers, as JavaScript uses it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use countersign_wasm_questions::{Exchange, endpoints, explain};
use serde_json::{Value, json};

const NOW: u64 = 1_767_225_600;

/// Asks as `pkg-template/src/ask.ts` does.
fn ask(answer: fn(&[u8], &[u8]) -> Vec<u8>, question: &[u8], attached: &[u8]) -> Value {
    let mut exchange = Exchange::new();
    exchange.room(question.len() + attached.len()).copy_from_slice(&[question, attached].concat());
    let len = exchange.ask(question.len(), answer);
    assert_eq!(len, exchange.answer().len());
    serde_json::from_slice(exchange.answer()).unwrap()
}

/// What is known about a delivery of GitHub's own example, and its body with a line break too many.
fn known(secrets: Value) -> Value {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    json!({ "provider": "github", "secrets": secrets, "headers": [["X-Hub-Signature-256", signature]], "now": NOW, "framework": "" })
}

const BODY: &[u8] = b"Hello, World!\n";
const SECRET: &str = "It's a Secret to Everybody";

fn explained(question: &Value, attached: &[u8]) -> Value {
    ask(explain::answer, &serde_json::to_vec(question).unwrap(), attached)
}

fn cause(answer: &Value) -> &Value {
    &answer["ok"]["causes"][0]["code"]
}

#[test]
fn secrets_are_text_or_attached_before_the_body() {
    let text = explained(&known(json!([{ "text": SECRET, "name": "" }])), BODY);
    assert_eq!(cause(&text), "body_newline_added");
    let bytes = explained(&known(json!([{ "bytes": SECRET.len(), "name": "" }])), &[SECRET.as_bytes(), BODY].concat());
    assert_eq!(cause(&bytes), "body_newline_added");
    let two = json!([{ "bytes": 3, "name": "old" }, { "bytes": SECRET.len(), "name": "new" }]);
    let two = explained(&known(two), &[b"old", SECRET.as_bytes(), BODY].concat());
    assert_eq!(cause(&two), "body_newline_added");
    let expired = explained(&known(json!([{ "text": SECRET, "expires": NOW - 1 }])), b"Hello, World!");
    assert_eq!(cause(&expired), "secret_expired");
    assert_eq!(
        explained(&known(json!([{ "text": SECRET, "expires": null }])), b"Hello, World!")["ok"]["code"],
        "valid"
    );
}

#[test]
fn a_header_is_bytes_and_what_no_byte_makes_means_nothing() {
    let with = |end: &str| {
        let mut question = known(json!([{ "text": SECRET }]));
        let signature = question["headers"][0][1].as_str().unwrap().to_owned();
        question["headers"][0][1] = json!(signature + end);
        explained(&question, b"Hello, World!")
    };
    assert_eq!(with("")["ok"]["code"], "valid");
    for (end, byte) in [("\u{100}", "\u{ff}"), ("\u{1f600}", "\u{ff}\u{ff}"), ("\u{120}", "\u{ff}")] {
        assert_eq!(with(end)["ok"]["code"], "header_malformed");
        assert_eq!(with(end), with(byte));
    }
}

#[test]
fn what_is_not_as_the_providers_own() {
    let mut question = known(json!([{ "text": SECRET }]));
    let signature = question["headers"][0][1].clone();
    question["headers"] = json!([["X-Signature", signature]]);
    question["varied"] = json!({ "headers": { "signature": "X-Signature" } });
    assert_eq!(explained(&question, b"Hello, World!")["ok"]["code"], "valid");
    question["varied"] = json!({ "dialect": "none" });
    assert_eq!(explained(&question, BODY), json!({ "problem": "This provider has no dialect of that name." }));
    question["provider"] = json!("nobody");
    assert_eq!(
        explained(&question, BODY),
        json!({ "problem": "The first argument is neither a provider nor a scheme." })
    );
}

/// A side of the window that is null is off; one that is missing is the provider's own.
#[test]
fn a_side_of_the_window_is_a_number_or_off_or_the_providers() {
    let mac = "0000000000000000000000000000000000000000000000000000000000000000";
    let age = |tolerance: Value| {
        let header = format!("t={},v1={mac}", NOW - 1000);
        let question = json!({
            "provider": "stripe", "secrets": [{ "text": "whsec_secret_of_stripe" }], "now": NOW, "framework": "",
            "headers": [["Stripe-Signature", header]], "varied": { "tolerance": tolerance },
        });
        let answer = explained(&question, BODY);
        let steps = answer["ok"]["steps"].as_array().unwrap().clone();
        let step = steps.into_iter().find(|step| step["name"] == "freshness").unwrap_or_else(|| panic!("{answer}"));
        step["saw"].clone()
    };
    assert_ne!(age(json!({})), age(json!({ "past": null })));
    assert_ne!(age(json!({})), age(json!({ "past": 2000 })));
    assert_eq!(age(json!({})), age(json!({ "past": 300 })));
}

#[test]
fn a_scheme_of_ones_own() {
    let mut question = known(json!([{ "text": SECRET }]));
    question["provider"] = Value::Null;
    question["scheme"] = json!({
        "signature": { "header": "X-Hub-Signature-256", "prefix": "sha256=", "encoding": "hex" }, "signed": "{body}",
    });
    assert_eq!(explained(&question, b"Hello, World!")["ok"]["code"], "valid");
    assert_eq!(explained(&question, b"Hello, World!")["ok"]["provider"], "custom");
}

#[test]
fn rules_are_asked_in_the_same_form() {
    let asked = |question: Value| ask(endpoints::answer, &serde_json::to_vec(&question).unwrap(), b"");
    assert_eq!(
        asked(json!({ "call": "wants", "events": ["flight.*"], "type": "flight.landed" })),
        json!({ "ok": true })
    );
    assert_eq!(asked(json!({ "call": "judgeAddress", "address": "93.184.216.34" })), json!({ "ok": null }));
    let refused = asked(json!({ "call": "judgeAddress", "address": "127.0.0.1" }));
    assert_eq!(refused["problem"]["code"], "address_not_public");
    assert!(refused["problem"]["message"].is_string() && refused["problem"]["fix"].is_string());
    assert_eq!(asked(json!({ "call": "nothing" }))["problem"]["code"], "malformed");
}

#[test]
fn no_question_panics() {
    let mut exchange = Exchange::new();
    exchange.room(2).copy_from_slice(b"{}");
    exchange.ask(3, explain::answer);
    assert_eq!(exchange.answer(), br#"{"problem":"An argument could not be read."}"#, "more JSON than there is");
    for question in ["", "{", "[]", "null", "{}", "\"\"", r#"{"call":5}"#, "\u{ff}"] {
        assert!(ask(explain::answer, question.as_bytes(), BODY)["problem"].is_string(), "{question}");
        assert_eq!(ask(endpoints::answer, question.as_bytes(), BODY)["problem"]["code"], "malformed", "{question}");
    }
    let whole = serde_json::to_vec(&known(json!([{ "bytes": usize::MAX, "name": "x" }]))).unwrap();
    assert!(ask(explain::answer, &whole, BODY)["ok"].is_object(), "a secret longer than what is attached");
    for end in 0..whole.len() {
        assert!(ask(explain::answer, &whole[..end], BODY)["problem"].is_string());
    }
    let deep = "[".repeat(100_000);
    assert!(ask(explain::answer, deep.as_bytes(), b"")["problem"].is_string());
    assert!(ask(endpoints::answer, deep.as_bytes(), b"")["problem"].is_object());
}

#[test]
fn what_is_printed_holds_no_question() {
    let mut exchange = Exchange::new();
    exchange.room(SECRET.len()).copy_from_slice(SECRET.as_bytes());
    assert_eq!(format!("{exchange:?}"), "Exchange { .. }");
}
