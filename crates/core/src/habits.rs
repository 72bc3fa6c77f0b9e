//! How a provider writes what it sends, as far as that helps to explain why a delivery does not verify.
//!
//! Rule: verifying and signing never look at it. It is a static of its own for each provider, so that programs that only
//! verify do not carry it.

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
    /// The order of keys: names with a space between them, and with a bar between different kinds of objects.
    pub key_order: &'static str,
    /// Whether keys that are not in `key_order` come sorted after those that are.
    pub others_sorted: bool,
    /// Whether every body is JSON in this style, so that a body of another style or `{}` shows a mistake.
    pub is_certain: bool,
}

impl Habits {
    /// What most programs do.
    pub const UNKNOWN: Self = Self {
        secret_prefix: "",
        spacing: JsonSpacing::Compact,
        strings: JsonStrings::Unicode,
        float_keys: &[],
        key_order: "",
        others_sorted: false,
        is_certain: false,
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
