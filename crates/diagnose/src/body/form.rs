//! A form that was decoded or written anew, and JSON that was taken for a form.

use alloc::vec::Vec;

use crate::body::candidate::{List, Told};
use crate::decode;
use crate::json::document::Kind;
use crate::json::read::{Read, read};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// How programs write a form: which characters stay, what a space becomes, and the digits of an escape.
struct FormStyle {
    name: &'static str,
    kept: &'static [u8],
    space: &'static str,
    digits: &'static [u8; 16],
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";

const fn form_style(name: &'static str, kept: &'static [u8], space: &'static str) -> FormStyle {
    FormStyle { name, kept, space, digits: UPPER }
}

const FORM_STYLES: &[FormStyle] = &[
    form_style("browsers, Ruby, PHP, Java", b"*-._", "+"),
    form_style("Python, Go", b"-._~", "+"),
    form_style("encodeURIComponent", b"-_.!~*'()", "%20"),
    form_style("RFC 3986", b"-._~", "%20"),
    FormStyle { digits: b"0123456789abcdef", ..form_style(".NET", b"-_.!*()", "+") },
];

fn form_encode(text: &[u8], style: &FormStyle, out: &mut Vec<u8>) {
    out.reserve(text.len() * 2);
    let digit = |digit: u8| style.digits.get(usize::from(digit)).copied().unwrap_or_default();
    for byte in text {
        match byte {
            b' ' => out.extend_from_slice(style.space.as_bytes()),
            byte if byte.is_ascii_alphanumeric() || byte.is_ascii() && style.kept.contains(byte) => out.push(*byte),
            byte => out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]),
        }
    }
}

/// A name, a value, and whether there was a sign between them.
type Field = (Vec<u8>, Vec<u8>, bool);

fn form_fields(text: &[u8], plus_is_space: bool) -> Option<Vec<Field>> {
    let field = |field: &[u8]| {
        let at = field.iter().position(|b| *b == b'=');
        let (name, value) = field.split_at_checked(at.unwrap_or(field.len()))?;
        let value = value.get(1..).unwrap_or_default();
        Some((decode::percent(name, plus_is_space)?, decode::percent(value, plus_is_space)?, at.is_some()))
    };
    text.split(|b| *b == b'&').map(field).collect()
}

/// Names and values as a form.
fn form_of(fields: &[Field], style: &FormStyle) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value, _) in fields {
        if !bytes.is_empty() {
            bytes.push(b'&');
        }
        form_encode(name, style, &mut bytes);
        bytes.push(b'=');
        form_encode(value, style, &mut bytes);
    }
    bytes
}

/// The order of a slash command at Slack, which many have taken over.
const FORM_ORDER: &str = "token team_id team_domain channel_id channel_name user_id user_name command text \
    api_app_id response_url trigger_id";

impl List {
    /// Fields as the form that they came as; where they are sorted now, in the usual order as well.
    fn form_of_fields(&mut self, held: &[u8], fields: Vec<Field>, received: &'static str) {
        let mut usual = Vec::new();
        if fields.len() > 2 && fields.is_sorted() {
            let mut left = fields.clone();
            for name in FORM_ORDER.as_bytes().split(|b| *b == b' ') {
                if let Some(at) = left.iter().position(|(own, _, _)| own == name) {
                    usual.push(left.remove(at));
                }
            }
            usual.append(&mut left);
        }
        for fields in [fields, usual] {
            for style in FORM_STYLES {
                let bytes = form_of(&fields, style);
                if !bytes.is_empty() && bytes != held {
                    let evidence = facts! { "signed": "a form", "received": received, "style": style.name };
                    self.add(bytes, CauseCode::BodyFormDecoded, evidence);
                }
            }
        }
    }

    /// JSON that was split at its own `&` and `=`.
    fn json_of_form(&mut self, fields: &[Field], received: &'static str) {
        let mut bytes = Vec::new();
        for (position, (name, value, _)) in fields.iter().enumerate() {
            if position > 0 {
                bytes.push(b'&');
            }
            bytes.extend_from_slice(name);
            if !value.is_empty() {
                bytes.push(b'=');
                bytes.extend_from_slice(value);
            }
        }
        self.add(bytes, CauseCode::BodyFormDecoded, facts! { "signed": "JSON", "received": received });
    }
}

pub(crate) fn forms(held: &[u8], told: Told, list: &mut List) {
    let code = CauseCode::BodyFormDecoded;
    let text = held.trim_ascii();
    // JSON whose bytes were percent-encoded as if it were a form, mostly with the `=` of an empty value.
    if text.starts_with(b"%7B") || text.starts_with(b"%7b") || text.starts_with(b"%5B") || text.starts_with(b"%5b") {
        for plus_is_space in [true, false] {
            if let Some(fields) = form_fields(text, plus_is_space) {
                list.json_of_form(&fields, "percent-encoded");
            }
        }
    }
    // `payload={…}`, its value decoded.
    if let Some(at) = text.iter().position(|b| *b == b'=')
        && at <= 24
        && text.iter().take(at).all(|b| b.is_ascii_alphabetic() || *b == b'_')
    {
        let (name, value) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
        if value.starts_with(b"{") || value.starts_with(b"[") {
            for style in FORM_STYLES {
                let mut bytes = Vec::from(name);
                form_encode(value, style, &mut bytes);
                list.add(
                    bytes,
                    code,
                    facts! { "signed": "a form", "received": "a form, decoded", "style": style.name },
                );
            }
        } else if let Some(bytes) = decode::percent(value, true).filter(|bytes| bytes.starts_with(b"{")) {
            list.add(bytes, code, facts! { "signed": "JSON", "received": "a form with the JSON in a field" });
        }
    }
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        // A form that was decoded, or encoded by another program.
        for plus_is_space in [true, false] {
            let Some(fields) = form_fields(held, plus_is_space).filter(|fields| fields.iter().all(|field| field.2))
            else {
                return;
            };
            list.form_of_fields(held, fields, "a form, written in another way");
        }
        return;
    }
    // The fields of a form as one JSON object.
    if let Read::Complete(document) = read(text) {
        let fields = document.members(0).into_iter().map(|(key, value)| {
            let key = document.string_at(document.part(key)?)?;
            // Python and Go give each name a list.
            let list = document.part(value).is_some_and(|part| part.kind == Kind::Array);
            let value = document.part(if list { value + 1 } else { value }).filter(|part| part.kind == Kind::String)?;
            Some((key, document.string_at(value)?, true))
        });
        if let Some(fields) = fields.collect::<Option<Vec<_>>>().filter(|fields| !fields.is_empty()) {
            let is_json = |text: &[u8]| text.starts_with(b"{") || text.starts_with(b"[");
            if fields.first().is_some_and(|(key, _, _)| is_json(key)) {
                list.json_of_form(&fields, "the JSON as name of a form field");
            } else if told.is_form || fields.iter().any(|(_, value, _)| is_json(value)) || fields.len() <= 64 {
                list.form_of_fields(held, fields, "its fields as JSON");
            }
        }
    }
    // The JSON of a form's only field.
    let names: &[&str] = if told.is_form { &["payload", "data", "body", "json"] } else { &["payload"] };
    for name in names {
        for style in FORM_STYLES {
            let mut bytes = [name.as_bytes(), b"="].concat();
            form_encode(text, style, &mut bytes);
            let evidence = facts! { "signed": "a form", "received": "the value of its field", "field": *name, "style": style.name };
            list.add(bytes, code, evidence);
        }
    }
}
