//! A form that was decoded or written anew, and JSON that was taken for a form.

use alloc::vec::Vec;

use crate::body::candidate::{List, Told};
use crate::decode;
use crate::json::document::Kind;
use crate::json::read::{Read, read};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// How a program writes a form: which characters it keeps, what it makes of a space, and the digits of its escapes.
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

/// A form of more fields than that is not taken apart.
const MOST_FIELDS: usize = 1 << 12;

/// A name, a value, and whether `=` stood between them.
type Field = (Vec<u8>, Vec<u8>, bool);

fn form_fields(text: &[u8], plus_is_space: bool) -> Option<Vec<Field>> {
    let field = |field: &[u8]| {
        let at = field.iter().position(|b| *b == b'=');
        let (name, value) = field.split_at_checked(at.unwrap_or(field.len()))?;
        let value = value.get(1..).unwrap_or_default();
        Some((decode::percent(name, plus_is_space)?, decode::percent(value, plus_is_space)?, at.is_some()))
    };
    if text.iter().filter(|b| **b == b'&').count() > MOST_FIELDS {
        return None;
    }
    text.split(|b| *b == b'&').map(field).collect()
}

/// A form with these names and values.
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

/// The order of the fields in a slash command of Slack, which other services have adopted.
const FORM_ORDER: &str = "token team_id team_domain channel_id channel_name user_id user_name command text \
    api_app_id response_url trigger_id";

impl List<'_> {
    /// The form that these fields came in. Where they are sorted now, it is tried in the usual order as well.
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

    /// JSON that a form parser has split at its `&` and `=`.
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

/// A form, or the JSON in a form, from what a program has made of it.
pub(crate) fn forms(held: &[u8], told: Told, list: &mut List<'_>) {
    let text = held.trim_ascii();
    escaped_json(text, list);
    one_field(text, list);
    if text.starts_with(b"{") || text.starts_with(b"[") {
        fields_as_json(held, text, told, list);
        value_alone(text, told, list);
        return;
    }
    // A form that was decoded, or encoded by another program.
    for plus_is_space in [true, false] {
        let Some(fields) = form_fields(held, plus_is_space).filter(|fields| fields.iter().all(|field| field.2)) else {
            return;
        };
        list.form_of_fields(held, fields, "a form, written in another way");
    }
}

/// JSON whose bytes were percent-encoded as if it were a form, mostly with the `=` of an empty value.
fn escaped_json(text: &[u8], list: &mut List<'_>) {
    if [b"%7B", b"%7b", b"%5B", b"%5b"].iter().any(|start| text.starts_with(*start)) {
        for plus_is_space in [true, false] {
            if let Some(fields) = form_fields(text, plus_is_space) {
                list.json_of_form(&fields, "percent-encoded");
            }
        }
    }
}

/// A form with one field that holds JSON: its value was decoded, or the JSON is what was signed.
fn one_field(text: &[u8], list: &mut List<'_>) {
    let code = CauseCode::BodyFormDecoded;
    let Some(at) = text.iter().position(|b| *b == b'=').filter(|at| *at <= 24) else { return };
    let (name, value) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
    if !name.iter().take(at).all(|b| b.is_ascii_alphabetic() || *b == b'_') {
        return;
    }
    if value.starts_with(b"{") || value.starts_with(b"[") {
        for style in FORM_STYLES {
            let mut bytes = Vec::from(name);
            form_encode(value, style, &mut bytes);
            let evidence = facts! { "signed": "a form", "received": "a form, decoded", "style": style.name };
            list.add(bytes, code, evidence);
        }
    } else if let Some(bytes) = decode::percent(value, true).filter(|bytes| bytes.starts_with(b"{")) {
        list.add(bytes, code, facts! { "signed": "JSON", "received": "a form with the JSON in a field" });
    }
}

/// The fields of a form as one JSON object.
fn fields_as_json(held: &[u8], text: &[u8], told: Told, list: &mut List<'_>) {
    let Read::Complete(document) = read(text, list.limits) else { return };
    let fields = document.members(0).into_iter().map(|(key, value)| {
        let key = document.string_at(document.part(key)?)?;
        // Python and Go give each name a list of values.
        let is_list = document.part(value).is_some_and(|part| part.kind == Kind::Array);
        let value = if is_list { value + 1 } else { value };
        let value = document.part(value).filter(|part| part.kind == Kind::String)?;
        Some((key, document.string_at(value)?, true))
    });
    let Some(fields) = fields.collect::<Option<Vec<_>>>().filter(|fields| !fields.is_empty()) else { return };
    let is_json = |text: &[u8]| text.starts_with(b"{") || text.starts_with(b"[");
    if fields.first().is_some_and(|(key, _, _)| is_json(key)) {
        list.json_of_form(&fields, "the JSON as name of a form field");
    } else if told.is_form || fields.iter().any(|(_, value, _)| is_json(value)) || fields.len() <= 64 {
        list.form_of_fields(held, fields, "its fields as JSON");
    }
}

/// The JSON in a form's only field, without the form around it.
fn value_alone(text: &[u8], told: Told, list: &mut List<'_>) {
    let names: &[&str] = if told.is_form { &["payload", "data", "body", "json"] } else { &["payload"] };
    for name in names {
        for style in FORM_STYLES {
            let mut bytes = [name.as_bytes(), b"="].concat();
            form_encode(text, style, &mut bytes);
            let received = "the value of its field";
            let evidence = facts! { "signed": "a form", "received": received, "field": *name, "style": style.name };
            list.add(bytes, CauseCode::BodyFormDecoded, evidence);
        }
    }
}
