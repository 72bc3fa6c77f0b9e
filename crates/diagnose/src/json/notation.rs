//! The notations in which programs write JSON: white space and strings, as data.

use alloc::vec::Vec;

use countersign_core::internal::{JsonSpacing, JsonStrings};

use crate::json::document::Marks;
use crate::json::units::SEPARATOR;

/// Where the lines break and what stands between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spacing {
    pub(crate) name: &'static str,
    pub(crate) comma: &'static str,
    pub(crate) colon: &'static str,
    /// The indentation of one level; `None` for one line.
    pub(crate) indent: Option<&'static str>,
    pub(crate) line: &'static str,
    /// Jackson: arrays stay on one line, with spaces inside of brackets.
    pub(crate) arrays_inline: bool,
}

const fn one_line(name: &'static str, comma: &'static str, colon: &'static str) -> Spacing {
    Spacing { name, comma, colon, indent: None, line: "", arrays_inline: false }
}

const fn indented(name: &'static str, indent: &'static str, line: &'static str) -> Spacing {
    Spacing { name, comma: ",", colon: ": ", indent: Some(indent), line, arrays_inline: false }
}

/// One line without spaces: JSON.stringify and most others.
pub(crate) const COMPACT: Spacing = one_line("compact", ",", ":");
/// One line with spaces: Python's json.dumps.
const SPACED: Spacing = one_line("spaces after comma and colon", ", ", ": ");
/// Indented by two spaces.
const TWO: Spacing = indented("indented by 2 spaces", "  ", "\n");

/// Every spacing, the most frequent first.
pub(crate) const SPACINGS: &[Spacing] = &[
    COMPACT,
    SPACED,
    TWO,
    indented("indented by 4 spaces", "    ", "\n"),
    indented("indented by a tab", "\t", "\n"),
    one_line("spaces after colon", ",", ": "),
    one_line("spaces after comma", ", ", ":"),
    indented("indented by 2 spaces, CRLF", "  ", "\r\n"),
    indented("indented by 4 spaces, CRLF", "    ", "\r\n"),
    indented("indented by a tab, CRLF", "\t", "\r\n"),
    Spacing {
        name: "Jackson's pretty printer",
        comma: ",",
        colon: " : ",
        indent: Some("  "),
        line: "\n",
        arrays_inline: true,
    },
    indented("indented by 3 spaces", "   ", "\n"),
    indented("indented by 1 space", " ", "\n"),
    indented("indented by 8 spaces", "        ", "\n"),
    indented("lines without indentation", "", "\n"),
    one_line("spaces around colon", ", ", " : "),
];

/// How characters beyond ASCII are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wide {
    Raw,
    /// Raw, but U+2028 and U+2029 as escapes.
    RawButSeparators,
    Lower,
    Upper,
}

/// Which ASCII characters are written as `\u00xx`, beside those that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Html {
    None,
    /// `<`, `>`, `&`.
    Tags,
    /// `<`, `>`, `&`, `=` and `'`.
    Gson,
    /// `<`, `>`, `&`, `'`, `"`, `+` and the back quote, with upper-case digits.
    DotNet,
}

/// How strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strings {
    pub(crate) name: &'static str,
    /// Copy the text of each string as it is.
    pub(crate) keep: bool,
    pub(crate) wide: Wide,
    pub(crate) slash: bool,
    pub(crate) html: Html,
    pub(crate) upper: bool,
}

const fn strings(name: &'static str, wide: Wide, slash: bool, html: Html, upper: bool) -> Strings {
    Strings { name, keep: false, wide, slash, html, upper }
}

/// Strings as they are.
pub(crate) const KEEP: Strings =
    Strings { name: "as received", keep: true, wide: Wide::Raw, slash: false, html: Html::None, upper: false };
const RAW: Strings = strings("raw Unicode (JSON.stringify)", Wide::Raw, false, Html::None, false);
const ASCII: Strings = strings("escaped to ASCII (Python json.dumps)", Wide::Lower, false, Html::None, false);

/// Every way to write strings, the most frequent first.
pub(crate) const STRINGS: &[Strings] = &[
    RAW,
    ASCII,
    strings("escaped to ASCII, slashes too (PHP json_encode)", Wide::Lower, true, Html::None, false),
    strings(
        "raw Unicode, escaped <, > and & (Go encoding/json, Rails)",
        Wide::RawButSeparators,
        false,
        Html::Tags,
        false,
    ),
    strings("escaped to ASCII in upper case (.NET System.Text.Json)", Wide::Upper, false, Html::DotNet, true),
    strings(
        "raw Unicode, escaped slashes (PHP JSON_UNESCAPED_UNICODE)",
        Wide::RawButSeparators,
        true,
        Html::None,
        false,
    ),
    strings(
        "raw Unicode but line separators (Newtonsoft, Go without HTML)",
        Wide::RawButSeparators,
        false,
        Html::None,
        false,
    ),
    strings("escaped to ASCII in upper case", Wide::Upper, false, Html::None, true),
    strings("escaped to ASCII, and <, > and &", Wide::Lower, false, Html::Tags, false),
    strings("raw Unicode, escaped <, >, &, = and ' (Gson)", Wide::RawButSeparators, false, Html::Gson, false),
    strings("escaped to ASCII, and slashes, <, > and &", Wide::Lower, true, Html::Tags, false),
    strings("escaped to ASCII in upper case, slashes too", Wide::Upper, true, Html::None, true),
    strings("raw Unicode, upper-case control escapes (Jackson)", Wide::Raw, false, Html::None, true),
    strings("raw Unicode, all slashes escaped", Wide::Raw, true, Html::None, false),
];

impl Spacing {
    pub(crate) const fn of(habit: JsonSpacing) -> Self {
        match habit {
            JsonSpacing::Compact => COMPACT,
            JsonSpacing::Spaced => SPACED,
            JsonSpacing::Indented => TWO,
        }
    }
}

impl Strings {
    pub(crate) const fn of(habit: JsonStrings) -> Self {
        match habit {
            JsonStrings::Unicode => RAW,
            JsonStrings::Ascii => ASCII,
        }
    }

    /// Whether this style may change the character that begins with this byte.
    pub(crate) const fn changes(self, byte: u8) -> bool {
        match (byte, self.wide) {
            (b'/', _) => self.slash,
            (0x80.., Wide::Raw) => false,
            (0x80.., Wide::RawButSeparators) => byte == SEPARATOR,
            (0x80.., _) | (b'\\', _) => true,
            _ => !matches!(self.html, Html::None),
        }
    }

    /// What this style does to these characters. Of two styles that do the same, one is tried.
    fn effect(self, marks: Marks) -> [u8; 7] {
        let wide = match self.wide {
            Wide::RawButSeparators if !marks.separators => Wide::Raw as u8,
            other => other as u8,
        };
        let html = |present: bool, styles: &[Html]| u8::from(present && styles.contains(&self.html));
        [
            if marks.non_ascii { wide } else { 0 },
            u8::from(marks.slash && self.slash),
            html(marks.html, &[Html::Tags, Html::Gson, Html::DotNet]) * (1 + u8::from(self.upper)),
            html(marks.equals, &[Html::Gson]) + 2 * html(marks.apostrophe, &[Html::Gson, Html::DotNet]),
            html(marks.plus || marks.quotes, &[Html::DotNet]),
            html(marks.delete, &[Html::DotNet]),
            u8::from(marks.control && self.upper),
        ]
    }
}

/// The styles of strings that differ for a document, in the order of the table.
pub(crate) fn distinct_strings(marks: Marks) -> Vec<Strings> {
    let mut seen: Vec<[u8; 7]> = Vec::new();
    STRINGS
        .iter()
        .copied()
        .filter(|style| {
            let effect = style.effect(marks);
            let new = !seen.contains(&effect);
            if new {
                seen.push(effect);
            }
            new
        })
        .collect()
}
