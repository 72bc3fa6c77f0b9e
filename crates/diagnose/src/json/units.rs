//! The characters of a JSON string, with its escapes resolved.

/// The first byte of U+2028 and U+2029.
pub(crate) const SEPARATOR: u8 = 0xe2;

/// Whether styles may differ in the character that begins with this byte.
pub(crate) const fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/' | b'<' | b'>' | b'&' | b'\'' | b'=' | b'+' | b'`' | 0x7f..)
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
        // `from_utf8` would take longer than all the other work of writing a style.
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
