//! A JSON text taken apart: where its tokens begin and end, and what its strings say.
//!
//! Not a JSON library: nesting is bounded, nothing is evaluated but escapes, and text that is not JSON is said to be not.

use alloc::vec::Vec;

/// Deeper nesting is not read.
const DEEPEST: usize = 128;

/// A part of the text, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
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
pub(crate) struct Part {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Index of the part after this one and all that is inside of it.
    pub(crate) after: usize,
    /// Whether a string may look different in another style.
    pub(crate) special: bool,
}

/// A JSON text, taken apart.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) parts: Vec<Part>,
    /// Characters that styles write differently, over all strings.
    pub(crate) marks: Marks,
    pub(crate) sums: Sums,
}

/// What the length of a text in each spacing follows from.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    /// Bytes of the tokens.
    pub(crate) tokens: usize,
    pub(crate) keys: usize,
    pub(crate) items: usize,
    /// Objects and arrays that hold something.
    pub(crate) filled: usize,
    /// The depths of all lines.
    pub(crate) levels: usize,
}

/// What reading found.
pub(crate) enum Read<'a> {
    Complete(Document<'a>),
    /// The text ends too early. These are the brackets that it lacks; `None` where it ends inside of a token.
    Incomplete(Option<Vec<u8>>),
    NotJson,
}

/// Which characters occur that not every style writes in the same way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) non_ascii: bool,
    pub(crate) separators: bool,
    pub(crate) slash: bool,
    pub(crate) html: bool,
    pub(crate) quotes: bool,
    pub(crate) apostrophe: bool,
    pub(crate) equals: bool,
    pub(crate) plus: bool,
    pub(crate) delete: bool,
    pub(crate) control: bool,
}

struct Reader<'a> {
    pub(crate) text: &'a [u8],
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

pub(crate) fn read(text: &[u8]) -> Read<'_> {
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
pub(crate) const SEPARATOR: u8 = 0xe2;

/// Whether styles may differ about a byte of a string.
pub(crate) const fn is_special(byte: u8) -> bool {
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
pub(crate) enum Unit {
    Char(char),
    /// Half of a surrogate pair, which exists only as an escape.
    Half(u16),
    /// A byte that is not UTF-8.
    Byte(u8),
}

pub(crate) struct Units<'a> {
    pub(crate) text: &'a [u8],
}

impl<'a> Units<'a> {
    pub(crate) const fn new(text: &'a [u8]) -> Self {
        Self { text }
    }

    pub(crate) fn cut(&mut self, count: usize) -> &'a [u8] {
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
pub(crate) fn decode_string(literal: &[u8]) -> Option<Vec<u8>> {
    let Read::Complete(document) = read(literal) else {
        return None;
    };
    let part = document.parts.first().filter(|part| part.kind == Kind::String)?;
    document.string_at(part)
}

impl<'a> Document<'a> {
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn part(&self, index: usize) -> Option<&Part> {
        self.parts.get(index)
    }

    pub(crate) fn text(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start..part.end).unwrap_or_default()
    }

    /// The text of a string without its quotes, escapes as they are.
    pub(crate) fn inner(&self, part: &Part) -> &'a [u8] {
        self.text.get(part.start + 1..part.end - 1).unwrap_or_default()
    }

    /// What a string says.
    pub(crate) fn string_at(&self, part: &Part) -> Option<Vec<u8>> {
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
    pub(crate) fn members(&self, index: usize) -> Vec<(usize, usize)> {
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
    pub(crate) fn items(&self, index: usize) -> Vec<(usize, usize)> {
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
    pub(crate) fn has_order(&self, index: usize) -> bool {
        let after = self.parts.get(index).map_or(0, |part| part.after);
        (index..after).any(|index| {
            let second = self.parts.get(index + 2).map_or(usize::MAX, |value| value.after);
            self.parts.get(index).is_some_and(|part| part.kind == Kind::Object && second < part.after)
        })
    }

    pub(crate) fn key_text(&self, index: usize) -> &'a [u8] {
        self.parts.get(index).map_or(&[], |part| self.inner(part))
    }

    /// The value of this key in the outermost object.
    pub(crate) fn field(&self, name: &str) -> Option<&Part> {
        let found = self.members(0).into_iter().find(|(key, _)| self.key_text(*key) == name.as_bytes())?;
        self.parts.get(found.1)
    }

    /// Whether the keys of every object are sorted, and how many keys the largest has.
    pub(crate) fn sorted_keys(&self) -> Option<usize> {
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

    pub(crate) fn indices(&self, kind: Kind) -> impl Iterator<Item = usize> {
        self.parts.iter().enumerate().filter(move |(_, part)| part.kind == kind).map(|(index, _)| index)
    }

    pub(crate) fn is_empty_container(&self, index: usize) -> bool {
        self.parts.get(index).is_some_and(|part| part.after == index + 1)
    }

    /// The key that each part stands under; parts of an array stand under the array's.
    pub(crate) fn keys_above(&self) -> Vec<&'a [u8]> {
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
}
