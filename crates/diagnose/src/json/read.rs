//! Takes a JSON text apart.
//!
//! It is no JSON library: the depth is bounded, and it evaluates nothing but escapes.

use alloc::vec::Vec;

use crate::json::document::{Document, Kind, Marks, Part, Sums};
use crate::json::units::{SEPARATOR, Unit, Units, is_special};
use crate::limits::Limits;

/// JSON that is nested deeper than that is not read.
const DEEPEST: usize = 128;

/// What reading found.
pub(crate) enum Read<'a> {
    Complete(Document<'a>),
    /// The text ends too early: these closing brackets are missing. `None` where it ends inside of a token.
    Incomplete(Option<Vec<u8>>),
    NotJson,
    /// The text begins as JSON, and is larger than the limits allow to take apart.
    TooLarge,
}

struct Reader<'a> {
    pub(crate) text: &'a [u8],
    at: usize,
    parts: Vec<Part>,
    marks: Marks,
    sums: Sums,
    open: Vec<u8>,
    most_parts: usize,
}

/// Why reading stopped.
enum Stop {
    End,
    EndInToken,
    Invalid,
    TooLarge,
}

pub(crate) fn read(text: &[u8], limits: Limits) -> Read<'_> {
    if text.len() > limits.json {
        return match text.trim_ascii_start() {
            [b'{' | b'[' | b'"', ..] => Read::TooLarge,
            _ => Read::NotJson,
        };
    }
    let mut reader = Reader {
        text,
        at: 0,
        parts: Vec::new(),
        marks: Marks::default(),
        sums: Sums::default(),
        open: Vec::new(),
        most_parts: limits.parts,
    };
    let result = reader.value(0).and_then(|()| {
        reader.space();
        if reader.at == text.len() { Ok(()) } else { Err(Stop::Invalid) }
    });
    match result {
        Ok(()) => Read::Complete(Document { text, parts: reader.parts, marks: reader.marks, sums: reader.sums }),
        Err(Stop::TooLarge) => Read::TooLarge,
        Err(Stop::Invalid) => Read::NotJson,
        Err(_) if reader.open.is_empty() => Read::NotJson,
        Err(Stop::End) => Read::Incomplete(Some(reader.open.iter().rev().copied().collect())),
        Err(Stop::EndInToken) => {
            // One wrong quote can make a string of all the text after it. Then the brackets at the end fit.
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

    fn push(&mut self, kind: Kind, start: usize, special: bool) -> Result<(), Stop> {
        if self.parts.len() == self.most_parts {
            return Err(Stop::TooLarge);
        }
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
        Ok(())
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
        self.push(kind, self.at, false)?;
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
        self.push(kind, start, special)
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let unsigned = text.strip_prefix(b"-").unwrap_or(text);
        if !unsigned.first().is_some_and(u8::is_ascii_digit) || !text.last().is_some_and(u8::is_ascii_digit) {
            // A number that is cut off can end in any of these characters.
            return Err(if self.at == self.text.len() { Stop::EndInToken } else { Stop::Invalid });
        }
        self.push(Kind::Number, start, false)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(if word.starts_with(rest) { Stop::EndInToken } else { Stop::Invalid });
        }
        self.at += word.len();
        self.push(Kind::Word, start, false)
    }
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
        // The control characters whose escapes have letters as digits.
        '\u{b}' | '\u{e}' | '\u{f}' | '\u{1a}'..='\u{1f}' => marks.control = true,
        '\u{2028}' | '\u{2029}' => (marks.separators, marks.non_ascii) = (true, true),
        '\u{80}'.. => marks.non_ascii = true,
        _ => {}
    }
}

/// Resolves the escapes of a JSON string literal, quotes included; `None` where it is not one or not text.
pub(crate) fn decode_string(literal: &[u8], limits: Limits) -> Option<Vec<u8>> {
    let Read::Complete(document) = read(literal, limits) else {
        return None;
    };
    let part = document.parts.first().filter(|part| part.kind == Kind::String)?;
    document.string_at(part)
}
