//! A body that was encoded once more: base64, a JSON string, HTML, or a field of a larger message.

use alloc::vec::Vec;

use crate::body::candidate::List;
use crate::body::printed::{printed, python_bytes};
use crate::decode;
use crate::json::document::Kind;
use crate::json::read::{Read, decode_string, read};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

pub(crate) fn base64(held: &[u8], list: &mut List<'_>) {
    let mut text = held.trim_ascii();
    if text.starts_with(b"data:")
        && let Some(at) = text.windows(8).position(|window| window == b";base64,")
    {
        text = text.get(at + 8..).unwrap_or_default();
    }
    for (format, bytes) in [("hex", decode::hex(text)), ("base64", decode::base64(text))] {
        if let Some(bytes) = bytes {
            let evidence = facts! { "format": format, "bytes": held.len(), "decoded_bytes": bytes.len() };
            list.add(bytes, CauseCode::BodyBase64, evidence);
        }
    }
}

pub(crate) fn encoded_text(held: &[u8], list: &mut List<'_>) {
    let code = CauseCode::BodyDoubleEncoded;
    let text = held.trim_ascii();
    if text.starts_with(b"\"")
        && let Some(inner) = decode_string(text, list.limits)
    {
        list.add(inner, code, facts! { "form": "a JSON string" });
    }
    if text.windows(2).any(|pair| pair == b"\\\"")
        && !text.starts_with(b"\"")
        && let Some(inner) = decode_string(&[b"\"", text, b"\""].concat(), list.limits)
    {
        list.add(inner, code, facts! { "form": "quotes escaped with backslashes" });
    }
    if let Some(inner) = python_bytes(text) {
        list.add(inner, code, facts! { "form": "Python's b'…'" });
    }
    if let Some(inner) = html_entities(text) {
        list.add(inner, code, facts! { "form": "HTML entities" });
    }
    if let Some(inner) = printed(text, list.limits) {
        let received = "an object as Python, Ruby or Node prints it";
        list.add(inner, CauseCode::BodyReserialized, facts! { "received": received });
    }
    // The body may be a field of a larger message: of a queue, a gateway or a test tool.
    if let Read::Complete(document) = read(text, list.limits) {
        let keys = document.keys_above();
        for index in document.indices(Kind::String) {
            let Some(part) = document.part(index) else { continue };
            if index == 0 || document.text(part).len() * 2 < text.len() {
                continue;
            }
            let Some(inner) = document.string_at(part) else { continue };
            let key = name_like(keys.get(index).copied().unwrap_or_default());
            if let Some(bytes) = decode::base64(&inner) {
                list.add(bytes, CauseCode::BodyBase64, facts! { "format": "base64", "inside": key });
            }
            list.add(inner, code, facts! { "form": "a field of another JSON object", "inside": key });
        }
    }
}

/// A key as it may be shown: a diagnosis holds no text of the body, so only the usual names are named.
fn name_like(key: &[u8]) -> &'static str {
    USUAL_NAMES.iter().copied().find(|name| key == name.as_bytes()).unwrap_or("a field")
}

/// The fields in which queues, gateways and test tools pass a body on.
const USUAL_NAMES: &[&str] = &[
    "body", "rawBody", "raw_body", "Body", "payload", "data", "content", "message", "Message", "text", "event",
    "detail",
];

fn html_entities(text: &[u8]) -> Option<Vec<u8>> {
    const ENTITIES: &[(&[u8], u8)] = &[
        (b"&quot;", b'"'),
        (b"&#34;", b'"'),
        (b"&#034;", b'"'),
        (b"&#x22;", b'"'),
        (b"&#39;", b'\''),
        (b"&#039;", b'\''),
        (b"&#x27;", b'\''),
        (b"&apos;", b'\''),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&amp;", b'&'),
    ];
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut quotes = false;
    while let [first, after @ ..] = rest {
        // Only an ampersand begins an entity.
        match ENTITIES.iter().take_while(|_| *first == b'&').find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, byte)) => {
                bytes.push(*byte);
                quotes |= *byte == b'"';
                rest = rest.get(entity.len()..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    // Without escaped quotes it is no JSON that was made safe for HTML.
    quotes.then_some(bytes)
}
