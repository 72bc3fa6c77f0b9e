//! What is plainly no secret: the texts of missing values, names of variables, placeholders, and whole documents.
//!
//! Rule: a secret of one's own may be any text, so only what nobody would choose as one is listed. Key bytes that are
//! passed as bytes are not looked at. No text is copied.

use crate::error::Hint;

/// Says what the text is, if it is plainly no secret.
pub(crate) fn no_secret(text: &str) -> Option<Hint> {
    let found = |is, hint| if is { Some(hint) } else { None };
    found(is_unset(text), Hint::Unset)
        .or_else(|| found(is_object(text), Hint::Object))
        .or_else(|| found(is_variable(text), Hint::Variable))
        .or_else(|| found(is_assignment(text), Hint::Assignment))
        .or_else(|| found(is_placeholder(text), Hint::Placeholder))
        .or_else(|| found(text.starts_with("{\"") && text.ends_with('}'), Hint::Json))
        .or_else(|| found(text.starts_with("https://") || text.starts_with("http://"), Hint::Url))
}

/// What programs write for a value that is not there.
fn is_unset(text: &str) -> bool {
    ["undefined", "null", "none", "nil", "nan", "<no value>", "\"\"", "''"].into_iter().any(|word| same(text, word))
}

fn is_object(text: &str) -> bool {
    text.starts_with("[object ") && text.ends_with(']')
}

/// The name of a variable, or a template that nobody has filled in.
fn is_variable(text: &str) -> bool {
    // Not `contains`, whose search for a text is as much code in the module as the rest of this file.
    let has = |text: &str, word: &str| text.as_bytes().windows(word.len()).any(|window| window == word.as_bytes());
    let is_name = |text: &str| is_constant(text) && (has(text, "SECRET") || has(text, "KEY"));
    is_name(text)
        || text.strip_prefix('$').is_some_and(is_constant)
        || (text.starts_with("${") && text.ends_with('}'))
        || (text.starts_with("{{") && text.ends_with("}}"))
        || ["process.env.", "import.meta.env.", "os.environ[", "ENV["].into_iter().any(|start| text.starts_with(start))
}

/// A line of an `.env` file.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    text.split_once('=').is_some_and(|(name, value)| {
        let is_word = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        // Base64 ends in `=`.
        let is_value = !value.trim_start_matches('=').is_empty();
        is_word && is_value && (is_constant(name) || value.trim_start_matches(['"', '\'']).starts_with("whsec_"))
    })
}

/// `SOME_NAME`: capitals and at least one underscore.
fn is_constant(text: &str) -> bool {
    text.contains('_')
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// What examples have in the place of a secret, and secrets that are masked or cut short.
fn is_placeholder(text: &str) -> bool {
    let (rest, marked) = match text.strip_prefix("whsec_") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let is_mask = |c: char| matches!(c, 'x' | 'X' | '*' | '.' | '-' | '•' | '…');
    let in_brackets = [('<', '>'), ('[', ']')]
        .into_iter()
        .any(|(open, close)| rest.len() > 2 && rest.starts_with(open) && rest.ends_with(close));
    let in_words = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || " _-<>[]".contains(c));
    // A mask is about as long as what it hides.
    ((3..=64).contains(&rest.chars().count()) && rest.chars().all(is_mask))
        || rest == "…"
        || (marked && (rest.ends_with("...") || rest.ends_with('…') || rest.ends_with("***")))
        || (in_brackets && in_words(rest))
        || ["changeme", "change_me", "change_this", "replaceme", "replace_me", "placeholder", "todo", "secret_here"]
            .into_iter()
            .any(|word| same(rest, word))
        || (ends(rest, "_here") && ["your_", "put_", "insert_", "paste_", "add_"].into_iter().any(|w| begins(rest, w)))
}

/// Whether the text is this word, which is in small letters, in any case and with `-` or a space for `_`.
fn same(text: &str, word: &str) -> bool {
    text.len() == word.len() && begins(text, word)
}

fn begins(text: &str, word: &str) -> bool {
    text.len() >= word.len() && text.bytes().zip(word.bytes()).all(is_like)
}

fn ends(text: &str, word: &str) -> bool {
    text.len() >= word.len() && text.bytes().rev().zip(word.bytes().rev()).all(is_like)
}

fn is_like((byte, wanted): (u8, u8)) -> bool {
    byte.eq_ignore_ascii_case(&wanted) || (wanted == b'_' && matches!(byte, b'-' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_alone() {
        for text in [
            "It's a Secret to Everybody",
            "your_webhook_secret",
            "whsec_your_signing_secret",
            "whsec_01jq8secretxxxxxxxxxxxxxxxx",
            "webhook_secret",
            "secret",
            "password",
            "hunter2=",
            "a=b",
            "QUJDRA==",
            "ABCDEF==",
            "A_B=",
            "00000000000000000000000000000000",
            "nullnull",
            "undefined-behaviour",
            "wait for it...",
            "{}",
            "{braces}",
            "<>",
            "xx",
            "K_9",
            "pässwörd 日本",
            "日本…",
            &"x".repeat(200),
        ] {
            assert_eq!(no_secret(text), None, "{text}");
        }
    }
}
