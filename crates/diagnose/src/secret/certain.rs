//! What is certain about a secret by its text alone.

use countersign_core::internal::{Hint, Why};
use countersign_core::{Secret, SecretError};

use crate::decode;
use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// The mistake in a secret that was refused, or in a text that is no secret.
pub(crate) fn certain(error: Option<SecretError>, secrets: &[Secret]) -> Option<Finding> {
    if secrets.iter().filter_map(Secret::text).any(|text| is_unset(text.trim())) {
        let evidence = facts! { "looks_like": "the name or the empty value of a variable" };
        return Some(Finding::new(CauseCode::SecretEmpty, evidence));
    }
    error.and_then(|error| {
        let code = match error.why() {
            Why::OfProvider(_) | Why::Known(Hint::Pem | Hint::PublicKey | Hint::PrivateKey) => {
                CauseCode::SecretWrongKind
            }
            Why::Known(
                Hint::NoSecret | Hint::Empty | Hint::Unset | Hint::Object | Hint::Variable | Hint::Placeholder,
            ) => CauseCode::SecretEmpty,
            // What is wrong with these is proven by the rest of the text, if at all.
            Why::Known(Hint::Assignment | Hint::Json | Hint::Url | Hint::SameName) => return None,
            Why::Known(Hint::Space | Hint::Invisible) => CauseCode::SecretWhitespace,
            Why::Known(Hint::Quotes) => CauseCode::SecretQuoted,
            // A beginning such as `sk_live_` says that it is another kind of key. Without one, nobody knows what it is.
            Why::Known(Hint::NotBase64 | Hint::NotWhsec | Hint::NotHex | Hint::NotEd25519) => {
                let kind = |text: &str| {
                    text.split_once('_').is_some_and(|(kind, _)| (2..8).contains(&kind.len()) && kind != "whsec")
                };
                secrets.iter().filter_map(Secret::text).any(kind).then_some(CauseCode::SecretWrongKind)?
            }
        };
        Some(Finding::new(code, facts! { "hint": error.hint() }))
    })
}

/// Whether it is a text that programs make of a variable that is not set, or that nobody filled in.
fn is_unset(text: &str) -> bool {
    let name = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    matches!(
        text,
        "undefined"
            | "null"
            | "None"
            | "nil"
            | "NULL"
            | "\"\""
            | "''"
            | "[object Object]"
            | "[object Promise]"
            | "<no value>"
    ) || (name(text)
        && text.contains('_')
        && [&b"SECRET"[..], b"KEY"].iter().any(|word| decode::contains(text.as_bytes(), word)))
        || ["process.env.", "env.", "os.environ[", "ENV["].iter().any(|start| text.starts_with(start))
        || (text.starts_with("{{") && text.ends_with("}}"))
        || (text.starts_with("${") && text.ends_with('}'))
        || text.strip_prefix('$').is_some_and(name)
}
