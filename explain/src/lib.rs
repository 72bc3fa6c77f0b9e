//! The second module of the npm package: one function, from JavaScript values to a diagnosis as a JavaScript value.
//!
//! Rules: it wipes nothing itself, since JavaScript gives every call an instance of its own and wipes all of its memory
//! afterwards (`pkg-template/src/explain/instance.ts`); sentences about wrong arguments quote no value, which may be a secret.

use countersign::{
    Delivery, Diagnosing, Diagnosis, Encoding, Framework, KeyFormat, Keyring, Provider, Scheme, Secret, Tolerance,
    UnixTime,
};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize as _};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a diagnosis is about, without the body.
#[derive(Deserialize)]
struct About {
    /// A sender's name, or a scheme.
    provider: Option<String>,
    scheme: Option<Scheme>,
    secrets: Vec<Given>,
    /// Each character of a value is the byte of that number.
    headers: Vec<(String, String)>,
    now: f64,
    framework: Option<String>,
    dialect: Option<String>,
    tolerance: Option<Window>,
    names: Names,
    encoding: Option<Encoding>,
    key: Option<KeyFormat>,
}

#[derive(Deserialize)]
struct Given {
    name: Option<String>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    expires: Option<f64>,
}

/// A side left out is the sender's own; an infinite one is off.
#[derive(Clone, Copy, Deserialize)]
struct Window {
    past: Option<f64>,
    future: Option<f64>,
}

/// Other names of headers.
#[derive(Deserialize)]
struct Names {
    signature: Option<String>,
    timestamp: Option<String>,
    id: Option<String>,
}

/// Explains a delivery.
///
/// # Errors
/// A sentence about an argument that does not fit.
#[wasm_bindgen]
pub fn diagnose(about: JsValue, body: &Uint8Array) -> Result<JsValue, JsValue> {
    let about: About = serde_wasm_bindgen::from_value(about).map_err(|error| misfit(&error.to_string()))?;
    let diagnosis = explain(about, &body.to_vec())?;
    Ok(diagnosis.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn explain(about: About, body: &[u8]) -> Result<Diagnosis, &'static str> {
    let headers: Vec<(String, Vec<u8>)> =
        about.headers.iter().map(|(name, value)| (name.clone(), latin1(value))).collect();
    let delivery = Delivery::new(&headers, body);
    let now = UnixTime::from_secs(about.now as u64);
    let secrets = Keyring::new(about.secrets.iter().map(Given::secret));
    let framework = about.framework.as_deref().and_then(Framework::named);
    let known = Diagnosing { framework, ..Diagnosing::default() };

    if let Some(scheme) = &about.scheme {
        return Ok(about.varied(scheme).diagnose(secrets, &delivery, now, &known));
    }
    let provider = about
        .provider
        .as_deref()
        .and_then(Provider::named)
        .ok_or("The first argument is neither a sender nor a scheme.")?;
    if about.as_preset() {
        return Ok(provider.diagnose(secrets, &delivery, now, &known));
    }
    let scheme = match &about.dialect {
        Some(name) => provider.dialect(name).ok_or("This sender has no dialect of that name.")?,
        None => about.chosen(provider).ok_or("This sender has no dialect.")?,
    };
    let known = Diagnosing { pinned: Some(about.varied(&scheme)), ..known };
    Ok(provider.diagnose(secrets, &delivery, now, &known))
}

impl About {
    /// Whether nothing is pinned or other than the sender's own.
    const fn as_preset(&self) -> bool {
        let Names { signature, timestamp, id } = &self.names;
        self.dialect.is_none()
            && self.tolerance.is_none()
            && self.encoding.is_none()
            && self.key.is_none()
            && signature.is_none()
            && timestamp.is_none()
            && id.is_none()
    }

    /// Of the dialects that need no pin, the one whose header is there; else the first.
    fn chosen(&self, provider: Provider) -> Option<Scheme> {
        let is_there = |scheme: &&Scheme| {
            let header = self.names.signature.as_deref().unwrap_or(&scheme.signature.header);
            self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header))
        };
        let automatic = || provider.dialects().iter().filter(|dialect| dialect.auto).map(|dialect| &dialect.scheme);
        automatic().find(is_there).or_else(|| automatic().next()).cloned()
    }

    /// As `vary` in pkg-template/src/options.ts.
    fn varied(&self, scheme: &Scheme) -> Scheme {
        let mut scheme = scheme.clone();
        if let Some(name) = &self.names.signature {
            scheme.signature.header = name.clone().into();
        }
        if let (Some(name), Some(source)) = (&self.names.timestamp, &mut scheme.timestamp)
            && !source.header.is_empty()
        {
            source.header = name.clone().into();
        }
        if let (Some(name), Some(source)) = (&self.names.id, &mut scheme.id) {
            source.header = name.clone().into();
        }
        scheme.signature.encoding = self.encoding.unwrap_or(scheme.signature.encoding);
        scheme.key = self.key.unwrap_or(scheme.key);
        if let Some(window) = self.tolerance {
            let side =
                |given: Option<f64>, own| given.map_or(own, |seconds| seconds.is_finite().then_some(seconds as u64));
            scheme.tolerance = Tolerance {
                past: side(window.past, scheme.tolerance.past),
                future: side(window.future, scheme.tolerance.future),
            };
        }
        scheme
    }
}

impl Given {
    fn secret(&self) -> Secret {
        let secret = match &self.bytes {
            Some(bytes) => Secret::from_bytes(bytes.as_slice()),
            None => Secret::new(self.text.as_deref().unwrap_or_default()),
        };
        let secret = match &self.name {
            Some(name) => secret.named(name.clone()),
            None => secret,
        };
        match self.expires {
            Some(end) if end.is_finite() => secret.expires(UnixTime::from_secs(end as u64)),
            _ => secret,
        }
    }
}

/// A character that no byte on the wire makes must not turn into one that means something.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(u8::MAX)).collect()
}

/// What serde says about a value, without the value.
fn misfit(said: &str) -> String {
    match said.split_once(", expected ") {
        Some((_, expected)) => {
            format!("A word or value of the scheme or the options is none of those that fit: {expected}.")
        }
        None if said.starts_with("missing field") => format!("The scheme or the options: {said}."),
        None => "The scheme or the options have another form than their types say.".into(),
    }
}
