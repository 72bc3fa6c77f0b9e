//! For Rust that itself runs in JavaScript, such as a Worker or a page written in Rust: headers and bodies from JavaScript's
//! values, events and diagnoses as such.
//!
//! The npm package has nothing of this: its modules exchange bytes and numbers only. With the feature `js`,
//! [`UnixTime::now`](crate::UnixTime::now) works in JavaScript too, where the standard library has no clock.
//!
//! ```no_run
//! use countersign::{Provider, UnixTime, js};
//! use js_sys::Uint8Array;
//! use wasm_bindgen::JsValue;
//!
//! fn event_of(headers: &JsValue, body: &Uint8Array, secret: &str, now: UnixTime) -> Option<JsValue> {
//!     let received = js::Received::new(headers, body)?;
//!     let webhook = Provider::GITHUB.webhook(secret).ok()?;
//!     let event = webhook.verify(&received.delivery(), now).ok()?;
//!     Some(js::event(&event))
//! }
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use countersign_core::{Delivery, Event};
use js_sys::{Array, JSON, JsString, Reflect, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast as _, JsValue};

/// The headers and the body of a request, taken over from JavaScript.
#[derive(Clone)]
pub struct Received {
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
}

impl Received {
    /// From headers that can be iterated as pairs of texts (`Headers`, a `Map`, an array of pairs), and the raw body, such as
    /// `new Uint8Array(await request.arrayBuffer())`. `None` if they are no such headers.
    #[must_use]
    pub fn new(headers: &JsValue, body: &Uint8Array) -> Option<Self> {
        let mut pairs = Vec::new();
        for pair in js_sys::try_iter(headers).ok()?? {
            let pair: Array = pair.ok()?.dyn_into().ok()?;
            pairs.push((bytes_of(&pair.get(0))?, bytes_of(&pair.get(1))?));
        }
        Some(Self { headers: pairs, body: body.to_vec() })
    }

    /// What [`Webhook::verify`](crate::Webhook::verify) takes.
    #[must_use]
    pub fn delivery(&self) -> Delivery<'_> {
        Delivery::new(&self.headers, &self.body)
    }
}

/// Values may hold signatures, and the body personal data.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.delivery().fmt(f)
    }
}

/// A header's name or value. Its characters are the bytes that crossed the wire; no byte makes any other, and such a one
/// must not turn into one that means something.
fn bytes_of(text: &JsValue) -> Option<Vec<u8>> {
    let text: &JsString = text.dyn_ref()?;
    Some(text.iter().map(|unit| u8::try_from(unit).unwrap_or(0xff)).collect())
}

/// An event as a plain object with the names that the npm package's events have, and `json`: the body as `JSON.parse` reads
/// it, or undefined where it is no JSON.
#[must_use]
pub fn event(event: &Event<'_>) -> JsValue {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Facts<'a> {
        provider: &'a str,
        r#type: Option<&'a str>,
        id: Option<&'a str>,
        timestamp: Option<u64>,
        authenticated: Authenticated,
        key: &'a str,
        replay_key: String,
    }
    #[derive(Serialize)]
    struct Authenticated {
        id: bool,
        timestamp: bool,
    }
    let authenticated = event.authenticated();
    let object = value(&Facts {
        provider: event.provider(),
        r#type: event.event_type(),
        id: event.id(),
        timestamp: event.timestamp().map(|time| time.as_secs()),
        authenticated: Authenticated { id: authenticated.id, timestamp: authenticated.timestamp },
        key: event.key(),
        replay_key: event.replay_key(),
    });
    // By way of text, since JavaScript rounds whole numbers that Rust keeps.
    let json = event.parse::<serde_json::Value>().ok().and_then(|body| serde_json::to_string(&body).ok());
    let json = json.and_then(|text| JSON::parse(&text).ok()).unwrap_or_default();
    // A plain object takes any field.
    let _ = Reflect::set(&object, &"json".into(), &json);
    object
}

/// A diagnosis as the npm package's `diagnose` gives it.
#[cfg(feature = "diagnose")]
#[must_use]
pub fn diagnosis(diagnosis: &countersign_diagnose::Diagnosis) -> JsValue {
    value(diagnosis)
}

/// As `JSON.parse` would give it.
fn value(data: &impl Serialize) -> JsValue {
    // Only whole numbers beyond 2^53 could fail, and there are none: times and sizes stay below.
    data.serialize(&Serializer::json_compatible()).unwrap_or_default()
}
