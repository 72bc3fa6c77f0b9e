//! Why a delivery does not verify. The question is what is known about the delivery; attached are the secrets that are
//! bytes, one after the other, and the body.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::{PRESETS, Preset};
use countersign_core::{Delivery, Encoding, KeyFormat, Keyring, Scheme, Secret, UnixTime};
use countersign_diagnose::{DiagnoseOptions, Diagnosis, diagnose, diagnose_preset};
use serde::{Deserialize, Deserializer};

use crate::written;

/// Explains a delivery: `{"ok": diagnosis}`, or `{"problem": sentence}` about an argument.
#[must_use]
pub fn answer(json: &[u8], attached: &[u8]) -> Vec<u8> {
    let question = serde_json::from_slice(json).map_err(|_| "An argument could not be read.");
    written(question.and_then(|question| explain(question, attached)))
}

/// All that is known about a delivery but its body.
#[derive(Deserialize)]
struct Question {
    /// The provider's name, where there is no scheme.
    provider: Option<String>,
    scheme: Option<Scheme>,
    /// What is not as the provider's own. Where it is missing, all the ways that the provider signs count.
    varied: Option<Varied>,
    secrets: Vec<Given>,
    /// Each character is a byte.
    headers: Vec<(String, String)>,
    now: f64,
    framework: String,
    /// 1 where nothing is said.
    effort: Option<u32>,
    #[serde(default)]
    preview: bool,
}

/// A secret: text, or so many of the attached bytes.
#[derive(Deserialize)]
struct Given {
    text: Option<String>,
    #[serde(default)]
    bytes: usize,
    name: Option<String>,
    /// The last second it counts.
    expires: Option<f64>,
}

/// Options of a webhook. What is missing or an empty text changes nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Varied {
    dialect: Option<String>,
    headers: Option<Headers>,
    encoding: Option<Encoding>,
    key: Option<KeyFormat>,
    tolerance: Sides,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Headers {
    signature: Option<String>,
    timestamp: Option<String>,
    id: Option<String>,
}

/// Null switches a side off.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sides {
    #[serde(deserialize_with = "present")]
    past: Option<Option<f64>>,
    #[serde(deserialize_with = "present")]
    future: Option<Option<f64>>,
}

/// A value that is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn explain(question: Question, attached: &[u8]) -> Result<Diagnosis, &'static str> {
    let (secrets, body) = keyring(question.secrets, attached);
    let headers: Vec<(Vec<u8>, Vec<u8>)> =
        question.headers.iter().map(|(name, value)| (on_the_wire(name), on_the_wire(value))).collect();
    let pairs = headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
    let delivery = Delivery::from_pairs(pairs, body);
    let now = UnixTime::from_secs(question.now as u64);
    let options = DiagnoseOptions::new()
        .framework(question.framework.parse().ok())
        .effort(question.effort.unwrap_or(1))
        .preview(question.preview);
    if let Some(scheme) = &question.scheme {
        return Ok(diagnose(scheme, secrets, &delivery, now, &options));
    }
    // By the presets: `Provider::named` would bring along every provider's events.
    let preset = PRESETS.iter().find(|preset| question.provider.as_deref() == Some(preset.name));
    let preset = preset.ok_or("The first argument is neither a provider nor a scheme.")?;
    let pinned = match question.varied {
        Some(varied) => Some(varied.scheme(preset, &delivery).ok_or("This provider has no dialect of that name.")?),
        None => None,
    };
    Ok(diagnose_preset(preset, secrets, &delivery, now, &options.dialect(pinned)))
}

/// The secrets, and the body: what is attached after them.
fn keyring(given: Vec<Given>, attached: &[u8]) -> (Keyring, &[u8]) {
    let mut rest = attached;
    let mut secrets = Vec::new();
    for Given { text, bytes, name, expires } in given {
        let secret = match text {
            Some(text) => Secret::new(text),
            None => {
                let (secret, after) = rest.split_at_checked(bytes).unwrap_or((rest, &[]));
                rest = after;
                Secret::from_bytes(secret)
            }
        };
        let secret = match expires {
            Some(end) => secret.expires(UnixTime::from_secs(end as u64)),
            None => secret,
        };
        secrets.push(match name.filter(|name| !name.is_empty()) {
            Some(name) => secret.named(name),
            None => secret,
        });
    }
    (Keyring::from(secrets), rest)
}

/// The bytes of a header. No byte makes a character beyond Latin-1; such a one must not turn into one that means something.
fn on_the_wire(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend(core::iter::repeat_n(0xff, character.len_utf16())),
        }
    }
    bytes
}

impl Varied {
    /// The dialect of that name; without a name, of those that need no pin, the one whose header is there, else the first.
    fn scheme(self, preset: &'static Preset, delivery: &Delivery<'_>) -> Option<Scheme> {
        let dialect = self.dialect.unwrap_or_default();
        let headers = self.headers.unwrap_or_default();
        let signature = headers.signature.unwrap_or_default();
        let mut found: Option<Scheme> = None;
        for known in preset.dialects {
            let (name, auto, scheme) = (known.name, known.auto, known.scheme());
            let header = if signature.is_empty() { &scheme.signature.header } else { signature.as_str() };
            if dialect.is_empty() {
                let is_there = delivery.values(header).next().is_some();
                if auto && (found.is_none() || is_there) {
                    found = Some(scheme);
                }
                if auto && is_there {
                    break;
                }
            } else if name == dialect {
                found = Some(scheme);
            }
        }
        let mut scheme = found?;
        replace(&mut scheme.signature.header, signature);
        if let Some(source) = &mut scheme.timestamp
            && !source.header.is_empty()
        {
            replace(&mut source.header, headers.timestamp.unwrap_or_default());
        }
        if let Some(source) = &mut scheme.id {
            replace(&mut source.header, headers.id.unwrap_or_default());
        }
        scheme.signature.encoding = self.encoding.unwrap_or(scheme.signature.encoding);
        scheme.key = self.key.unwrap_or(scheme.key);
        let tolerance = &mut scheme.tolerance;
        let sides = [(&mut tolerance.past, self.tolerance.past), (&mut tolerance.future, self.tolerance.future)];
        for (side, given) in sides {
            if let Some(seconds) = given {
                *side = seconds.map(|seconds| Duration::from_secs(seconds as u64));
            }
        }
        Some(scheme)
    }
}

fn replace(header: &mut Cow<'static, str>, name: String) {
    if !name.is_empty() {
        *header = Cow::Owned(name);
    }
}
