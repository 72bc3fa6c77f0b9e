//! How a provider writes what it sends, as far as that helps to explain why a delivery does not verify.
//!
//! Rule: verifying and signing never look at habits. They are a static of their own for each provider, so that programs
//! that only verify do not carry them.

/// A provider's habits. Each provider's file has its own; [`Habits::UNKNOWN`] where nothing is known.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How the signing secrets begin, beside `whsec_`; empty where they have no such beginning.
    pub secret_prefix: &'static str,
    /// The white space in its JSON.
    pub spacing: JsonSpacing,
    /// How it writes the strings of its JSON.
    pub strings: JsonStrings,
    /// The keys whose numbers are always floating-point numbers.
    pub float_keys: &'static [&'static str],
    /// The order in which it writes the keys of an object: names with spaces between them. Kinds of objects have a bar
    /// between them.
    pub key_order: &'static str,
    /// Whether keys that are not in `key_order` come sorted after those that are.
    pub others_sorted: bool,
    /// Whether every body is JSON in this style, so that a body in another style, or `{}`, shows that a receiver has
    /// written it again.
    pub is_certain: bool,
    /// What to look at where no mistake explains a signature, as sentences: what this provider's users mix up.
    pub hints: &'static [&'static str],
}

impl Habits {
    /// Nothing is known: compact JSON in Unicode, as most programs write it.
    pub const UNKNOWN: Self = Self {
        secret_prefix: "",
        spacing: JsonSpacing::Compact,
        strings: JsonStrings::Unicode,
        float_keys: &[],
        key_order: "",
        others_sorted: false,
        is_certain: false,
        hints: &[],
    };
}

/// The white space between the tokens of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonSpacing {
    /// None: `JSON.stringify` and most others.
    Compact,
    /// A space after each comma and colon: Python's `json.dumps`.
    Spaced,
    /// Lines, indented by two spaces.
    Indented,
}

/// How characters beyond ASCII are written in the strings of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonStrings {
    /// As they are: `JSON.stringify`.
    Unicode,
    /// As escapes: Python's `json.dumps`.
    Ascii,
}
