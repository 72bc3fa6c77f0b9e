//! Writes a document in another style: other white space, escapes, order of keys or number text.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

use crate::json::document::{Document, Kind, Part, Sums};
use crate::json::notation::{Html, KEEP, SPACINGS, Spacing, Strings, Wide};
use crate::json::style::{Order, Replaced, Style};
use crate::json::units::{Unit, Units, is_special};

/// The cost of writing a byte, …
const BYTE_COST: usize = 1;
/// … and of a part beside its bytes.
const PART_COST: usize = 2;

impl<'a> Document<'a> {
    /// How long the text is in this spacing, with its strings and numbers as they are.
    pub(crate) fn length(&self, spacing: Spacing) -> usize {
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

    /// The same without writing it, where an array on one line is counted as if it were not.
    pub(crate) fn length_at_least(&self, spacing: Spacing) -> usize {
        self.length(Spacing { arrays_inline: false, ..spacing })
    }

    /// The cost of writing the document in this spacing.
    pub(crate) fn cost(&self, spacing: Spacing) -> usize {
        self.length_at_least(spacing) * BYTE_COST + self.parts.len() * PART_COST
    }

    /// The text in another style, without white space around it.
    pub(crate) fn write(&self, style: &Style<'_>) -> Vec<u8> {
        let mut writer = self.writer(style);
        writer.value(0, 0);
        writer.out
    }

    /// The text, and where each number, string and empty container stands: its index, its beginning and its end.
    pub(crate) fn write_noting(&self, style: &Style<'_>) -> (Vec<u8>, Vec<(usize, usize, usize)>) {
        let mut writer = self.writer(style);
        writer.spots = Some(Vec::new());
        writer.value(0, 0);
        (writer.out, writer.spots.unwrap_or_default())
    }

    pub(crate) fn writer<'w>(&'w self, style: &'w Style<'w>) -> Writer<'w, 'a> {
        let length = self.length_at_least(style.spacing);
        Writer { document: self, style, out: Vec::with_capacity(length + length / 8), spots: None }
    }
}

/// The spacing in which the document is written now, if it is a known one.
pub(crate) fn spacing_of(document: &Document<'_>) -> Option<Spacing> {
    let (text, none) = (document.whole(), Replaced::new());
    SPACINGS.iter().copied().filter(|spacing| document.length(*spacing) == text.len()).find(|spacing| {
        document.write(&Style { spacing: *spacing, strings: KEEP, order: Order::Keep, replaced: &none }) == text
    })
}

pub(crate) struct Writer<'w, 'a> {
    document: &'w Document<'a>,
    style: &'w Style<'w>,
    pub(crate) out: Vec<u8>,
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

    pub(crate) fn value(&mut self, index: usize, depth: usize) {
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
    pub(crate) const fn item_depth(&self, depth: usize) -> usize {
        if self.style.spacing.arrays_inline { depth } else { depth + 1 }
    }

    /// What stands before a value in a container: a comma, the indentation, and the key.
    pub(crate) fn lead(&mut self, key: Option<usize>, first: bool, depth: usize) {
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
    pub(crate) fn end(&mut self, kind: Kind, depth: usize) {
        match kind {
            Kind::Array if self.style.spacing.arrays_inline => self.out.push(b' '),
            _ => self.line(depth),
        }
        self.out.push(if kind == Kind::Object { b'}' } else { b']' });
    }

    /// The members of an object in the style's order.
    pub(crate) fn members(&self, index: usize) -> Vec<(usize, usize)> {
        let mut members = self.document.members(index);
        let (ranks, sorted) = match self.style.order {
            Order::Keep => return members,
            Order::Sorted => (None, true),
            Order::Known(ranks) => (Some(ranks), ranks.sorted),
        };
        // A heap has a tenth of the code of a sort. Members of the same place keep their order: that of the parts.
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
    use crate::json::read::{Read, read};
    use crate::limits::SHORT;

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
            let Read::Complete(document) = read(text.as_bytes(), SHORT) else { unreachable!() };
            let none = Replaced::new();
            for spacing in SPACINGS.iter().copied() {
                let style = Style { spacing, strings: KEEP, order: Order::Keep, replaced: &none };
                assert_eq!(document.length(spacing), document.write(&style).len(), "{text} {}", spacing.name);
            }
        }
    }
}
