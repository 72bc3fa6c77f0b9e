//! Schemes described as data: what cannot be, and what a scheme must not leave unsigned.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use countersign::{Provider, Scheme, SetupError};
use serde_json::{Value, json};

fn sentence(changes: Value) -> String {
    let mut scheme = json!({
        "signature": { "header": "X-S", "encoding": "hex" },
        "timestamp": { "header": "X-T" }, "id": { "header": "X-I" },
        "signed": "{id}.{timestamp}.{body}",
    });
    for (key, value) in changes.as_object().unwrap() {
        scheme[key] = value.clone();
    }
    match serde_json::from_value::<Scheme>(scheme).unwrap().webhook("secret") {
        Ok(_) => "fine".into(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn contradictions_have_their_sentence() {
    assert_eq!(sentence(json!({})), "fine");
    for (changes, begins) in [
        (json!({ "signed": "{timestamp}" }), "signed must contain {body} exactly once"),
        (json!({ "signed": "{body}{body}" }), "signed must contain {body} exactly once"),
        (json!({ "signed": "{bdy}.{body}" }), "signed knows only the placeholders"),
        (json!({ "signed": "{id}{body}" }), "signed needs a text between {id}"),
        (json!({ "signed": "{id}{timestamp}.{body}" }), "signed needs a text between {id}"),
        (json!({ "signed": "{body}{id}" }), "signed needs a text between {id}"),
        (json!({ "signedIfEmpty": "empty" }), "signedIfEmpty must use the same placeholders"),
        (json!({ "signedIfEmpty": "{timestamp}" }), "signedIfEmpty must use the same placeholders"),
        (json!({ "timestamp": null }), "signed uses {timestamp}"),
        (json!({ "id": null }), "signed uses {id}"),
        (json!({ "signed": "a{timestamp}b{timestamp}c{timestamp}d{timestamp}{body}" }), "signed has too many pieces"),
        (json!({ "timestamp": { "field": "t" } }), "timestamp.field needs a signature header that is a list"),
        (json!({ "timestamp": {} }), "timestamp needs either"),
        (json!({ "signature": { "header": "X S", "encoding": "hex" } }), "signature.header must be"),
        (json!({ "algorithm": "ed25519" }), "algorithm ed25519 and key ed25519"),
    ] {
        let said = sentence(changes.clone());
        assert!(said.starts_with(begins), "{changes}: {said}");
    }
    // The year of an ISO 8601 time keeps it apart from the id.
    let iso = json!({ "signed": "{id}{timestamp}{body}", "timestamp": { "header": "X-T", "format": "iso8601" } });
    assert_eq!(sentence(iso), "fine");
}

/// A variation of a preset is checked like a scheme of one's own.
#[test]
fn a_pinned_scheme_must_sign_the_body() {
    let mut scheme = Provider::PLANE.dialect("default").unwrap();
    scheme.signed = "x".into();
    assert!(matches!(Provider::PLANE.pinned(scheme, "plane_wh_a"), Err(SetupError::Scheme(_))));
}
