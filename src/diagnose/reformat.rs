//! JSON text in another style: other white space, escapes, key order or number text, with everything else kept.
//!
//! Not a JSON library: it knows where tokens begin and end and copies them. Nesting is bounded, nothing is evaluated but
//! escapes, and text that is not JSON is said to be not.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

use super::numbers::Replaced;

/// What writing a part costs beside its bytes.
const PART_COST: usize = 2;

/// Deeper nesting is not read.
const DEEPEST: usize = 128;

/// A part of the text, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{` up to its `}`; the parts between are its keys and values.
    Object,
    /// `[` up to its `]`.
    Array,
    /// A string before a colon.
    Key,
    String,
    Number,
    /// `true`, `false` or `null`.
    Word,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    start: usize,
    end: usize,
    /// Index of the part after this one and all that is inside of it.
    after: usize,
    /// Whether a string may look different in another style.
    special: bool,
}

/// A JSON text, taken apart.
pub(super) struct Document<'a> {
    text: &'a [u8],
    parts: Vec<Part>,
    /// Characters that styles write differently, over all strings.
    pub(super) marks: Marks,
    sums: Sums,
}

/// What the length of a text in each spacing follows from.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// Bytes of the tokens.
    tokens: usize,
    keys: usize,
    items: usize,
    /// Objects and arrays that hold something.
    filled: usize,
    /// The depths of all lines.
    levels: usize,
}

/// What reading found.
pub(super) enum Read<'a> {
    Complete(Document<'a>),
    /// The text ends too early. These are the brackets that it lacks; `None` where it ends inside of a token.
    Incomplete(Option<Vec<u8>>),
    NotJson,
}

/// Which characters occur that not every style writes in the same way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) non_ascii: bool,
    pub(super) separators: bool,
    pub(super) slash: bool,
    pub(super) html: bool,
    pub(super) quotes: bool,
    pub(super) apostrophe: bool,
    pub(super) equals: bool,
    pub(super) plus: bool,
    pub(super) delete: bool,
    pub(super) control: bool,
}

/// Where the lines break and what stands between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spacing {
    pub(super) name: &'static str,
    pub(super) comma: &'static str,
    colon: &'static str,
    /// The indentation of one level; `None` for one line.
    indent: Option<&'static str>,
    line: &'static str,
    /// Jackson: arrays stay on one line, with spaces inside of brackets.
    arrays_inline: bool,
}

const fn one_line(name: &'static str, comma: &'static str, colon: &'static str) -> Spacing {
    Spacing { name, comma, colon, indent: None, line: "", arrays_inline: false }
}

const fn indented(name: &'static str, indent: &'static str, line: &'static str) -> Spacing {
    Spacing { name, comma: ",", colon: ": ", indent: Some(indent), line, arrays_inline: false }
}

/// One line without spaces: JSON.stringify and most others.
pub(super) const COMPACT: Spacing = one_line("compact", ",", ":");
/// One line with spaces: Python's json.dumps.
pub(super) const SPACED: Spacing = one_line("spaces after comma and colon", ", ", ": ");
/// Indented by two spaces.
pub(super) const TWO: Spacing = indented("indented by 2 spaces", "  ", "\n");

/// Every spacing, the most frequent first.
pub(super) const SPACINGS: &[Spacing] = &[
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
enum Wide {
    Raw,
    /// Raw, but U+2028 and U+2029 as escapes.
    RawButSeparators,
    Lower,
    Upper,
}

/// Which ASCII characters are written as `\u00xx`, beside those that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Html {
    None,
    /// `<`, `>`, `&`.
    Tags,
    /// Those, `=` and `'`.
    Gson,
    /// Those, `'`, `"`, `+` and the back quote, with upper-case digits.
    DotNet,
}

/// How strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strings {
    pub(super) name: &'static str,
    /// Copy the text of each string as it is.
    keep: bool,
    wide: Wide,
    slash: bool,
    html: Html,
    upper: bool,
}

const fn strings(name: &'static str, wide: Wide, slash: bool, html: Html, upper: bool) -> Strings {
    Strings { name, keep: false, wide, slash, html, upper }
}

/// Strings as they are.
pub(super) const KEEP: Strings =
    Strings { name: "as received", keep: true, wide: Wide::Raw, slash: false, html: Html::None, upper: false };
pub(super) const RAW: Strings = strings("raw Unicode (JSON.stringify)", Wide::Raw, false, Html::None, false);
pub(super) const ASCII: Strings =
    strings("escaped to ASCII (Python json.dumps)", Wide::Lower, false, Html::None, false);

/// Every way to write strings, the most frequent first.
pub(super) const STRINGS: &[Strings] = &[
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

impl Strings {
    /// Whether what begins with this special byte may be written in another way.
    const fn changes(self, byte: u8) -> bool {
        match (byte, self.wide) {
            (b'/', _) => self.slash,
            (0x80.., Wide::Raw) => false,
            (0x80.., Wide::RawButSeparators) => byte == SEPARATOR,
            (0x80.., _) | (b'\\', _) => true,
            _ => !matches!(self.html, Html::None),
        }
    }

    /// What this style does to these characters. Styles that do the same need not both be tried.
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
pub(super) fn distinct_strings(marks: Marks) -> Vec<Strings> {
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

/// In which order keys are written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order<'o> {
    Keep,
    Sorted,
    /// As a sender is known to write them.
    Known(&'o Ranks),
}

/// The places of a document's keys in a list, by index of the part. Keys that are not in it come after those that are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ranks {
    places: Vec<usize>,
    /// Whether those that are not in it are sorted, and not as they are.
    sorted: bool,
}

impl Ranks {
    /// The place of a key, if it has one.
    pub(super) fn place(&self, key: usize) -> Option<usize> {
        self.places.get(key).copied().filter(|place| *place < usize::MAX)
    }
}

/// What to write differently.
#[derive(Clone, Copy)]
pub(super) struct Style<'o> {
    pub(super) spacing: Spacing,
    pub(super) strings: Strings,
    pub(super) order: Order<'o>,
    /// Other texts for parts, by index.
    pub(super) replaced: &'o Replaced,
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    parts: Vec<Part>,
    marks: Marks,
    sums: Sums,
    open: Vec<u8>,
}

/// Why reading stopped.
enum Stop {
    End,
    EndInToken,
    Invalid,
}

pub(super) fn read(text: &[u8]) -> Read<'_> {
    let mut reader =
        Reader { text, at: 0, parts: Vec::new(), marks: Marks::default(), sums: Sums::default(), open: Vec::new() };
    let result = reader.value(0).and_then(|()| {
        reader.space();
        if reader.at == text.len() { Ok(()) } else { Err(Stop::Invalid) }
    });
    match result {
        Ok(()) => Read::Complete(Document { text, parts: reader.parts, marks: reader.marks, sums: reader.sums }),
        Err(Stop::Invalid) => Read::NotJson,
        Err(_) if reader.open.is_empty() => Read::NotJson,
        Err(Stop::End) => Read::Incomplete(Some(reader.open.iter().rev().copied().collect())),
        Err(Stop::EndInToken) => {
            // One wrong quote can make all that follows a string: then the brackets at the end would fit.
            let closed = text.trim_ascii_end().ends_with(&reader.open.iter().rev().copied().collect::<Vec<u8>>());
            if closed { Read::NotJson } else { Read::Incomplete(None) }
        }
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: Kind, start: usize, special: bool) {
        let after = self.parts.len() + 1;
        self.parts.push(Part { kind, start, end: self.at, after, special });
        let sums = &mut self.sums;
        sums.tokens += self.at - start;
        if kind == Kind::Key {
            sums.keys += 1;
            sums.levels += self.open.len();
        } else if self.open.last() == Some(&b']') {
            sums.items += 1;
            sums.levels += self.open.len();
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Stop> {
        self.space();
        match self.peek().ok_or(Stop::End)? {
            b'{' => self.container(depth, b'}'),
            b'[' => self.container(depth, b']'),
            b'"' => self.string(Kind::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => Err(Stop::Invalid),
        }
    }

    fn container(&mut self, depth: usize, close: u8) -> Result<(), Stop> {
        if depth == DEEPEST {
            return Err(Stop::Invalid);
        }
        let index = self.parts.len();
        let kind = if close == b'}' { Kind::Object } else { Kind::Array };
        self.push(kind, self.at, false);
        self.open.push(close);
        self.at += 1;
        self.space();
        if self.peek() != Some(close) {
            loop {
                if kind == Kind::Object {
                    self.space();
                    match self.peek() {
                        None => return Err(Stop::End),
                        Some(b'"') => self.string(Kind::Key)?,
                        Some(_) => return Err(Stop::Invalid),
                    }
                    self.space();
                    match self.peek() {
                        None => return Err(Stop::EndInToken),
                        Some(b':') => self.at += 1,
                        Some(_) => return Err(Stop::Invalid),
                    }
                }
                self.value(depth + 1).map_err(|stop| match stop {
                    // After a colon or a comma, brackets alone do not complete it.
                    Stop::End if self.open.len() == depth + 1 => Stop::EndInToken,
                    other => other,
                })?;
                self.space();
                match self.peek() {
                    None => return Err(Stop::End),
                    Some(b',') => self.at += 1,
                    Some(byte) if byte == close => break,
                    Some(_) => return Err(Stop::Invalid),
                }
            }
        }
        self.at += 1;
        self.open.pop();
        let after = self.parts.len();
        let sums = &mut self.sums;
        sums.tokens += 2;
        if after > index + 1 {
            sums.filled += 1;
            sums.levels += depth;
        }
        if let Some(part) = self.parts.get_mut(index) {
            part.end = self.at;
            part.after = after;
        }
        Ok(())
    }

    fn string(&mut self, kind: Kind) -> Result<(), Stop> {
        let start = self.at;
        let mut special = false;
        self.at += 1;
        loop {
            let from = self.at;
            let byte = self.peek().ok_or(Stop::EndInToken)?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => match self.peek().ok_or(Stop::EndInToken)? {
                    b'u' => {
                        let digits = self.text.get(self.at + 1..).unwrap_or_default();
                        let digits = digits.get(..4).ok_or(Stop::EndInToken)?;
                        if !digits.iter().all(u8::is_ascii_hexdigit) {
                            return Err(Stop::Invalid);
                        }
                        self.at += 5;
                    }
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                    _ => return Err(Stop::Invalid),
                },
                0..=0x1f => return Err(Stop::Invalid),
                0x80.. if byte != SEPARATOR => self.marks.non_ascii = true,
                other if !is_special(other) => continue,
                _ => {}
            }
            special = true;
            if byte < 0x80 || byte == SEPARATOR {
                mark(&mut self.marks, Units::new(self.text.get(from..).unwrap_or_default()).next());
            }
        }
        self.push(kind, start, special);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let unsigned = text.strip_prefix(b"-").unwrap_or(text);
        if !unsigned.first().is_some_and(u8::is_ascii_digit) || !text.last().is_some_and(u8::is_ascii_digit) {
            // A number that is cut off can end in anything of this.
            return Err(if self.at == self.text.len() { Stop::EndInToken } else { Stop::Invalid });
        }
        self.push(Kind::Number, start, false);
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(if word.starts_with(rest) { Stop::EndInToken } else { Stop::Invalid });
        }
        self.at += word.len();
        self.push(Kind::Word, start, false);
        Ok(())
    }
}

/// How U+2028 and U+2029 begin.
const SEPARATOR: u8 = 0xe2;

/// Whether styles may differ about a byte of a string.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/' | b'<' | b'>' | b'&' | b'\'' | b'=' | b'+' | b'`' | 0x7f..)
}

fn mark(marks: &mut Marks, unit: Option<Unit>) {
    let Some(Unit::Char(c)) = unit else {
        marks.non_ascii = true;
        return;
    };
    match c {
        '/' => marks.slash = true,
        '<' | '>' | '&' => marks.html = true,
        '"' => marks.quotes = true,
        '\'' => marks.apostrophe = true,
        '=' => marks.equals = true,
        '+' | '`' => marks.plus = true,
        '\u{7f}' => marks.delete = true,
        // Those whose digits have a case.
        '\u{b}' | '\u{e}' | '\u{f}' | '\u{1a}'..='\u{1f}' => marks.control = true,
        '\u{2028}' | '\u{2029}' => (marks.separators, marks.non_ascii) = (true, true),
        '\u{80}'.. => marks.non_ascii = true,
        _ => {}
    }
}

/// A character of a string, escapes resolved.
#[derive(Clone, Copy)]
enum Unit {
    Char(char),
    /// Half of a surrogate pair, which exists only as an escape.
    Half(u16),
    /// A byte that is not UTF-8.
    Byte(u8),
}

struct Units<'a> {
    text: &'a [u8],
}

impl<'a> Units<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self { text }
    }

    fn cut(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.text.split_at_checked(count).unwrap_or((self.text, &[]));
        self.text = rest;
        taken
    }
}

/// The four digits of a `\u` escape at the beginning of the text.
fn escape_at(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let first = *self.text.first()?;
        if first == b'\\' {
            if let Some(high) = escape_at(self.text) {
                self.cut(6);
                let low = escape_at(self.text);
                return Some(match (high, low) {
                    (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                        self.cut(6);
                        let point = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(low) - 0xdc00);
                        char::from_u32(point).map_or(Unit::Half(high), Unit::Char)
                    }
                    _ => char::from_u32(u32::from(high)).map_or(Unit::Half(high), Unit::Char),
                });
            }
            let escape = self.cut(2).last().copied().unwrap_or_default();
            return Some(Unit::Char(match escape {
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                other => char::from(other),
            }));
        }
        if first < 0x80 {
            self.cut(1);
            return Some(Unit::Char(char::from(first)));
        }
        let (length, least) = match first {
            0xc2..=0xdf => (2, 0x80),
            0xe0..=0xef => (3, 0x800),
            0xf0..=0xf4 => (4, 0x1_0000),
            _ => (1, u32::MAX),
        };
        // `from_utf8` takes longer than all the rest of a style.
        let mut point = u32::from(first) & (0x7f >> length);
        for byte in self.text.get(1..length).unwrap_or(&[0]) {
            point = if byte & 0xc0 == 0x80 { point << 6 | u32::from(byte & 0x3f) } else { 0 };
            if point == 0 {
                break;
            }
        }
        match char::from_u32(point).filter(|_| point >= least) {
            Some(c) => {
                self.cut(length);
                Some(Unit::Char(c))
            }
            None => {
                self.cut(1);
                Some(Unit::Byte(first))
            }
        }
    }
}

/// Resolves the escapes of a JSON string literal, quotes included; `None` where it is not one or not text.
pub(super) fn decode_string(literal: &[u8]) -> Option<Vec<u8>> {
    let Read::Complete(document) = read(literal) else {
        return None;
    };
    let part = document.parts.first().filter(|part| part.kind == Kind::String)?;
    document.string_at(part)
}

impl<'a> Document<'a> {
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn part(&self, index: usize) -> Option<&Part> {
        self.parts.get(index)
    }

    pub(super) fn text(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start..part.end).unwrap_or_default()
    }

    /// The text of a string without its quotes, escapes as they are.
    fn inner(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start + 1..part.end - 1).unwrap_or_default()
    }

    /// What a string says.
    pub(super) fn string_at(&self, part: &Part) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for unit in Units::new(self.inner(part)) {
            match unit {
                Unit::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Unit::Byte(byte) => bytes.push(byte),
                Unit::Half(_) => return None,
            }
        }
        Some(bytes)
    }

    /// The members of the object at this index: the indices of key and value.
    pub(super) fn members(&self, index: usize) -> Vec<(usize, usize)> {
        let Some(object) = self.parts.get(index).filter(|part| part.kind == Kind::Object) else {
            return Vec::new();
        };
        let mut members = Vec::new();
        let mut key = index + 1;
        while key < object.after {
            members.push((key, key + 1));
            key = self.parts.get(key + 1).map_or(usize::MAX, |value| value.after);
        }
        members
    }

    /// The items of the array at this index, each as its own key.
    pub(super) fn items(&self, index: usize) -> Vec<(usize, usize)> {
        let mut items = Vec::new();
        let after = self.parts.get(index).map_or(0, |part| part.after);
        let mut item = index + 1;
        while item < after {
            items.push((item, item));
            item = self.parts.get(item).map_or(usize::MAX, |item| item.after);
        }
        items
    }

    /// Whether an object with more than one key is in this part.
    pub(super) fn has_order(&self, index: usize) -> bool {
        let after = self.parts.get(index).map_or(0, |part| part.after);
        (index..after).any(|index| {
            let second = self.parts.get(index + 2).map_or(usize::MAX, |value| value.after);
            self.parts.get(index).is_some_and(|part| part.kind == Kind::Object && second < part.after)
        })
    }

    pub(super) fn key_text(&self, index: usize) -> &'a [u8] {
        self.parts.get(index).map_or(&[], |part| self.inner(part))
    }

    /// The value of this key in the outermost object.
    pub(super) fn field(&self, name: &str) -> Option<&Part> {
        let found = self.members(0).into_iter().find(|(key, _)| self.key_text(*key) == name.as_bytes())?;
        self.parts.get(found.1)
    }

    /// Where each key stands in these lists: for each object in the one (between bars) that has most of its keys, the first
    /// or the last of those that have as many.
    pub(super) fn ranks(&self, lists: &[&str], sorted: bool, last: bool) -> Ranks {
        let mut places = alloc::vec![usize::MAX; self.parts.len()];
        let mut own: Vec<(usize, usize)> = Vec::new();
        for index in self.indices(Kind::Object) {
            let members = self.members(index);
            let mut most = 0;
            for list in lists.iter().flat_map(|list| list.as_bytes().split(|b| *b == b'|')) {
                own.clear();
                for (at, name) in list.split(|b| *b == b' ').enumerate() {
                    own.extend(
                        members.iter().filter(|(key, _)| self.key_text(*key) == name).map(|(key, _)| (*key, at)),
                    );
                }
                if own.len() > most || (last && most > 0 && own.len() == most) {
                    most = own.len();
                    for (key, _) in &members {
                        let at = own.iter().find(|(own, _)| own == key).map_or(usize::MAX, |(_, at)| *at);
                        if let Some(slot) = places.get_mut(*key) {
                            *slot = at;
                        }
                    }
                }
            }
        }
        Ranks { places, sorted }
    }

    /// Whether the keys of every object are sorted, and how many keys the largest has.
    pub(super) fn sorted_keys(&self) -> Option<usize> {
        let mut most = 0;
        for index in self.indices(Kind::Object) {
            let keys: Vec<&[u8]> = self.members(index).iter().map(|(key, _)| self.key_text(*key)).collect();
            if !keys.is_sorted() {
                return None;
            }
            most = most.max(keys.len());
        }
        Some(most)
    }

    pub(super) fn indices(&self, kind: Kind) -> impl Iterator<Item = usize> {
        self.parts.iter().enumerate().filter(move |(_, part)| part.kind == kind).map(|(index, _)| index)
    }

    pub(super) fn is_empty_container(&self, index: usize) -> bool {
        self.parts.get(index).is_some_and(|part| part.after == index + 1)
    }

    /// The key that each part stands under; parts of an array stand under the array's.
    pub(super) fn keys_above(&self) -> Vec<&'a [u8]> {
        let mut above: Vec<&[u8]> = alloc::vec![&[]; self.parts.len()];
        let mut open: Vec<(usize, &[u8])> = Vec::new();
        let mut key: &[u8] = &[];
        for (index, part) in self.parts.iter().enumerate() {
            while open.last().is_some_and(|(after, _)| *after <= index) {
                open.pop();
            }
            if part.kind == Kind::Key {
                key = self.inner(part);
                continue;
            }
            let is_value = index > 0 && self.parts.get(index - 1).is_some_and(|before| before.kind == Kind::Key);
            let name = if is_value { key } else { open.last().map_or(&[][..], |(_, name)| name) };
            if let Some(slot) = above.get_mut(index) {
                *slot = name;
            }
            if matches!(part.kind, Kind::Object | Kind::Array) {
                open.push((part.after, name));
            }
        }
        above
    }

    /// How long the text is in this spacing, with its strings and numbers as they are.
    pub(super) fn length(&self, spacing: Spacing) -> usize {
        if spacing.arrays_inline {
            return self.write(&Style { spacing, strings: KEEP, order: Order::Keep, replaced: &Replaced::new() }).len();
        }
        let Sums { tokens, keys, items, filled, levels, .. } = self.sums;
        let lines = |indent: &str| (keys + items + filled) * spacing.line.len() + levels * indent.len();
        tokens
            + keys * spacing.colon.len()
            + (keys + items - filled) * spacing.comma.len()
            + spacing.indent.map_or(0, lines)
    }

    /// What writing it costs.
    pub(super) fn cost(&self, spacing: Spacing) -> usize {
        self.length(Spacing { arrays_inline: false, ..spacing }) + self.parts.len() * PART_COST
    }

    /// The text in another style, without white space around it.
    pub(super) fn write(&self, style: &Style<'_>) -> Vec<u8> {
        let mut writer = self.writer(style);
        writer.value(0, 0);
        writer.out
    }

    /// The text, and where each number, string and empty container stands: its index, its beginning and its end.
    pub(super) fn write_noting(&self, style: &Style<'_>) -> (Vec<u8>, Vec<(usize, usize, usize)>) {
        let mut writer = self.writer(style);
        writer.spots = Some(Vec::new());
        writer.value(0, 0);
        (writer.out, writer.spots.unwrap_or_default())
    }

    pub(super) fn writer<'w>(&'w self, style: &'w Style<'w>) -> Writer<'w, 'a> {
        Writer { document: self, style, out: Vec::with_capacity(self.text.len() * 2), spots: None }
    }
}

pub(super) struct Writer<'w, 'a> {
    document: &'w Document<'a>,
    style: &'w Style<'w>,
    pub(super) out: Vec<u8>,
    spots: Option<Vec<(usize, usize, usize)>>,
}

impl Writer<'_, '_> {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.style.spacing.indent {
            self.push(self.style.spacing.line);
            for _ in 0..depth {
                self.push(indent);
            }
        }
    }

    pub(super) fn value(&mut self, index: usize, depth: usize) {
        let Some(part) = self.document.part(index).copied() else {
            return;
        };
        let start = self.out.len();
        match self.style.replaced.get(index) {
            Some(text) => self.push(text),
            None => match part.kind {
                Kind::Object => self.object(index, &part, depth),
                Kind::Array => self.array(index, &part, depth),
                Kind::Key | Kind::String => self.string(&part),
                Kind::Number | Kind::Word => self.out.extend_from_slice(self.document.text(&part)),
            },
        }
        if let Some(spots) = self.spots.as_mut().filter(|_| part.after == index + 1) {
            spots.push((index, start, self.out.len()));
        }
    }

    fn object(&mut self, index: usize, part: &Part, depth: usize) {
        if part.after == index + 1 {
            self.push(if self.style.spacing.arrays_inline { "{ }" } else { "{}" });
            return;
        }
        self.out.push(b'{');
        if let Order::Keep = self.style.order {
            let mut key = index + 1;
            while key < part.after {
                self.lead(Some(key), key == index + 1, depth);
                self.value(key + 1, depth + 1);
                key = self.document.part(key + 1).map_or(usize::MAX, |value| value.after);
            }
        } else {
            for (position, (key, _)) in self.members(index).iter().enumerate() {
                self.lead(Some(*key), position == 0, depth);
                self.value(key + 1, depth + 1);
            }
        }
        self.end(Kind::Object, depth);
    }

    fn array(&mut self, index: usize, part: &Part, depth: usize) {
        if part.after == index + 1 {
            self.push(if self.style.spacing.arrays_inline { "[ ]" } else { "[]" });
            return;
        }
        self.out.push(b'[');
        let mut item = index + 1;
        while item < part.after {
            self.lead(None, item == index + 1, depth);
            self.value(item, self.item_depth(depth));
            item = self.document.part(item).map_or(usize::MAX, |item| item.after);
        }
        self.end(Kind::Array, depth);
    }

    /// How deep the items of an array are.
    pub(super) const fn item_depth(&self, depth: usize) -> usize {
        if self.style.spacing.arrays_inline { depth } else { depth + 1 }
    }

    /// What stands before a value in a container: a comma, the indentation, and the key.
    pub(super) fn lead(&mut self, key: Option<usize>, first: bool, depth: usize) {
        let spacing = self.style.spacing;
        if key.is_none() && spacing.arrays_inline {
            self.push(if first { " " } else { ", " });
            return;
        }
        if !first {
            self.push(spacing.comma);
        }
        self.line(depth + 1);
        if let Some(part) = key.and_then(|key| self.document.part(key)).copied() {
            self.string(&part);
            self.push(spacing.colon);
        }
    }

    /// What stands after the last value of a container.
    pub(super) fn end(&mut self, kind: Kind, depth: usize) {
        match kind {
            Kind::Array if self.style.spacing.arrays_inline => self.out.push(b' '),
            _ => self.line(depth),
        }
        self.out.push(if kind == Kind::Object { b'}' } else { b']' });
    }

    /// The members of an object in the style's order.
    pub(super) fn members(&self, index: usize) -> Vec<(usize, usize)> {
        let mut members = self.document.members(index);
        let (ranks, sorted) = match self.style.order {
            Order::Keep => return members,
            Order::Sorted => (None, true),
            Order::Known(ranks) => (Some(ranks), ranks.sorted),
        };
        // A heap, since it weighs a tenth of a sort. Members of the same place keep their order, which is that of the parts.
        let mut heap = BinaryHeap::new();
        for (key, value) in members.drain(..) {
            let text = if sorted { self.document.key_text(key) } else { &[] };
            let place = ranks.and_then(|ranks| ranks.place(key)).unwrap_or(usize::MAX);
            heap.push((place, text, key, value));
        }
        for (_, _, key, value) in heap.into_sorted_vec() {
            members.push((key, value));
        }
        members
    }

    fn string(&mut self, part: &Part) {
        if self.style.strings.keep || !part.special {
            let text = self.document.text(part);
            self.out.extend_from_slice(text);
            return;
        }
        self.out.push(b'"');
        let style = self.style.strings;
        let mut units = Units::new(self.document.inner(part));
        loop {
            let special = |byte: &u8| is_special(*byte) && style.changes(*byte);
            let plain = units.text.iter().position(special).unwrap_or(units.text.len());
            self.out.extend_from_slice(units.cut(plain));
            match units.next() {
                Some(Unit::Char(c)) => write_char(&mut self.out, c, style),
                Some(Unit::Half(unit)) => write_escape(&mut self.out, unit, style.upper),
                Some(Unit::Byte(byte)) => self.out.push(byte),
                None => break,
            }
        }
        self.out.push(b'"');
    }
}

fn write_char(out: &mut Vec<u8>, c: char, style: Strings) {
    let escaped = match c {
        '"' if style.html == Html::DotNet => true,
        '"' | '\\' => {
            out.extend_from_slice(&[b'\\', c as u8]);
            return;
        }
        '\u{8}' | '\u{c}' | '\n' | '\r' | '\t' => {
            out.extend_from_slice(match c {
                '\u{8}' => b"\\b",
                '\u{c}' => b"\\f",
                '\n' => b"\\n",
                '\r' => b"\\r",
                _ => b"\\t",
            });
            return;
        }
        '/' if style.slash => {
            out.extend_from_slice(b"\\/");
            return;
        }
        '\0'..='\u{1f}' => true,
        '<' | '>' | '&' => style.html != Html::None,
        '\'' => matches!(style.html, Html::Gson | Html::DotNet),
        '=' => style.html == Html::Gson,
        '+' | '`' | '\u{7f}' => style.html == Html::DotNet,
        '\u{2028}' | '\u{2029}' => style.wide != Wide::Raw,
        '\u{80}'.. => matches!(style.wide, Wide::Lower | Wide::Upper),
        _ => false,
    };
    if escaped {
        for unit in c.encode_utf16(&mut [0; 2]) {
            write_escape(out, *unit, style.upper);
        }
    } else {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

fn write_escape(out: &mut Vec<u8>, unit: u16, upper: bool) {
    let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(digits.get(usize::from(unit >> shift & 15)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_known_before_writing() {
        for text in [
            r#"{"a":[1,2,{"b":[],"c":{}}],"d":"x","e":[[3],[{"f":null,"g":1.5}]]}"#,
            "[]",
            "{}",
            "1",
            r#"[ [ ] , { } ,"" ]"#,
            r#"{"a":{"b":{"c":[1,[2,[{"d":0,"e":[]}]]]}}}"#,
        ] {
            let Read::Complete(document) = read(text.as_bytes()) else { unreachable!() };
            let none = Replaced::new();
            for spacing in SPACINGS.iter().copied() {
                let style = Style { spacing, strings: KEEP, order: Order::Keep, replaced: &none };
                assert_eq!(document.length(spacing), document.write(&style).len(), "{text} {}", spacing.name);
            }
        }
    }
}
