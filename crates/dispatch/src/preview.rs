//! What the log shows of a body: its beginning, without secrets.

use std::string::{String, ToString as _};

use countersign_endpoint::Endpoint;
use serde_json::Value;

/// How many bytes of an answer are read, and how many of a body are looked at.
pub(crate) const MOST_READ: usize = 16 * 1024;

const MOST_KEPT: usize = 1024;
const REDACTED: &str = "[REDACTED]";

/// The beginning of a body, without the values of these fields, without the endpoint's secrets and header values, and
/// without what signed the request. A body that names such a field and is not JSON, be it because it is cut, is
/// not shown at all.
pub(crate) fn preview(
    body: &[u8],
    fields: &[String],
    endpoint: Option<&Endpoint>,
    signed: &[(String, String)],
) -> String {
    let text = String::from_utf8_lossy(body);
    let mut text = match serde_json::from_slice::<Value>(body) {
        Ok(mut json) => {
            redact(&mut json, fields);
            json.to_string()
        }
        Err(_) if fields.iter().any(|field| text.to_lowercase().contains(&field.to_lowercase())) => REDACTED.into(),
        // A text in PostgreSQL cannot hold NUL.
        Err(_) => text.replace('\0', "\u{fffd}"),
    };
    let secrets = endpoint.iter().flat_map(|endpoint| &endpoint.secrets);
    let secrets = secrets.flat_map(|secret| parts(secret.secret.expose()));
    let headers = endpoint.iter().filter_map(|endpoint| endpoint.headers.as_ref());
    let headers = headers.flat_map(|headers| headers.values().flat_map(|value| parts(value)));
    let signatures = signed.iter().flat_map(|(_, value)| parts(value));
    let mut hidden: Vec<&str> = secrets.chain(headers).chain(signatures).collect();
    // The longest first: replacing a part of a secret would leave the rest of it readable.
    hidden.sort_unstable_by_key(|secret| core::cmp::Reverse(secret.len()));
    for secret in hidden {
        text = text.replace(secret, REDACTED);
    }
    // `floor_char_boundary` is newer than the oldest Rust that builds this.
    let end = (0..=MOST_KEPT.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
    text
}

/// A secret and its parts without a prefix (`whsec_`, `Bearer `, `v1=`), as far as they are long enough to be secret.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    core::iter::once(secret).chain(secret.split(['_', ' ', '=', ','])).filter(|part| part.len() >= 12)
}

fn redact(json: &mut Value, fields: &[String]) {
    match json {
        Value::Object(object) => {
            for (name, value) in object {
                if fields.iter().any(|field| field.eq_ignore_ascii_case(name)) {
                    *value = REDACTED.into();
                } else {
                    redact(value, fields);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| redact(value, fields)),
        _ => {}
    }
}
