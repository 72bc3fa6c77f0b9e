//! The feature `js` in Node: `cargo xtask test` runs this, compiled to WebAssembly.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use countersign::{Delivery, Provider, SignOptions, UnixTime, js};
use js_sys::{Array, Function, JSON, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const SECRET: &str = "It's a Secret to Everybody";
const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const BODY: &[u8] = b"Hello, World!";

/// A value that JavaScript makes.
fn made(code: &str) -> JsValue {
    Function::new_no_args(&format!("return {code}")).call0(&JsValue::UNDEFINED).unwrap()
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap()
}

fn json(of: &JsValue) -> String {
    JSON::stringify(of).unwrap().into()
}

fn body(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

#[wasm_bindgen_test]
fn now_is_the_time_of_javascript() {
    let now = UnixTime::now().as_secs() as f64;
    assert!((now - js_sys::Date::now() / 1000.0).abs() <= 2.0, "{now}");
}

#[wasm_bindgen_test]
fn headers_in_the_shapes_that_javascript_has() {
    let webhook = Provider::GITHUB.webhook(SECRET).unwrap();
    let pair = format!("['x-hub-signature-256', '{SIGNATURE}']");
    for shape in [format!("new Headers([{pair}])"), format!("new Map([{pair}])"), format!("[{pair}]")] {
        let received = js::Received::new(&made(&shape), &body(BODY)).unwrap();
        webhook.verify(&received.delivery(), UnixTime::from_secs(0)).unwrap();
        let other = js::Received::new(&made(&shape), &body(b"Hello, World?")).unwrap();
        assert_eq!(
            webhook.verify(&other.delivery(), UnixTime::from_secs(0)).unwrap_err().code().as_str(),
            "signature_mismatch"
        );
        assert!(!format!("{received:?}").contains("757107"), "{received:?}");
    }
    for shape in ["null", "5", "{}", "['flat', 'pairs']", "[['name', 5]]", "[['name']]"] {
        assert!(js::Received::new(&made(&format!("({shape})")), &body(BODY)).is_none(), "{shape}");
    }
}

#[wasm_bindgen_test]
fn a_character_of_a_header_is_a_byte() {
    let received = js::Received::new(&made(r"[['x', '\u00e9\u0100\u20ac']]"), &body(BODY)).unwrap();
    let values: Vec<&[u8]> = received.delivery().values("X").collect();
    assert_eq!(values, [b"\xe9\xff\xff"]);
}

#[wasm_bindgen_test]
fn an_event_is_a_plain_object() {
    let now = UnixTime::from_secs(1_767_225_600);
    let webhook = Provider::SVIX.webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let raw = br#"{"type":"invoice.paid","big":12345678901234567890,"list":[null,{"a":1.5}]}"#;
    let mut options = SignOptions::at(now);
    options.id = Some("msg_1");
    let headers = webhook.sign(raw, &options).unwrap();
    let pairs = Array::new();
    for (name, value) in &headers {
        pairs.push(&Array::of2(&(&**name).into(), &(&**value).into()));
    }
    let received = js::Received::new(&pairs, &body(raw)).unwrap();
    let event = js::event(&webhook.verify(&received.delivery(), now).unwrap());
    let json_of_body = field(&event, "json");
    assert_eq!(field(&json_of_body, "big").as_f64(), Some(12_345_678_901_234_567_890.0));
    assert_eq!(json(&field(&json_of_body, "list")), r#"[null,{"a":1.5}]"#);
    Reflect::delete_property(&event.clone().into(), &"json".into()).unwrap();
    assert_eq!(
        json(&event),
        r#"{"provider":"svix","type":"invoice.paid","id":"msg_1","timestamp":1767225600,"authenticated":{"id":true,"timestamp":true},"key":"default","replayKey":"svix:id:msg_1"}"#
    );

    let github = Provider::GITHUB.webhook(SECRET).unwrap();
    let headers = [("X-Hub-Signature-256", SIGNATURE)];
    let event = js::event(&github.verify(&Delivery::new(&headers, BODY), now).unwrap());
    assert!(field(&event, "json").is_undefined(), "the body is no JSON");
    assert!(field(&event, "timestamp").is_null());
}

#[wasm_bindgen_test]
fn a_diagnosis_is_what_its_json_is() {
    let headers = [("X-Hub-Signature-256", SIGNATURE)];
    let delivery = Delivery::new(&headers, b"Hello, World!\n");
    let known = countersign::diagnose::DiagnoseOptions::new();
    let now = UnixTime::from_secs(1_767_225_600);
    let why = countersign::diagnose::diagnose(Provider::GITHUB, SECRET, &delivery, now, &known);
    let value = js::diagnosis(&why);
    let expected = JSON::parse(&serde_json::to_string(&why).unwrap()).unwrap();
    assert_eq!(json(&value), json(&expected));
    assert!(json(&value).contains("body_newline_added"));
}
