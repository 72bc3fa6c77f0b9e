//! A body that was read or written in another character set.

use alloc::string::String;
use alloc::vec::Vec;

use crate::body::candidate::List;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// The characters of Windows-1252 from 0x80 to 0x9f. Where it has none, browsers and Node use the control character.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

fn windows_1252(c: char) -> Option<u8> {
    match WINDOWS_1252.iter().position(|known| *known == c) {
        Some(at) => u8::try_from(at + 0x80).ok(),
        None => u8::try_from(u32::from(c)).ok(),
    }
}

pub(crate) fn charsets(held: &[u8], list: &mut List<'_>) {
    let code = CauseCode::BodyCharset;
    match core::str::from_utf8(held) {
        Ok(text) if text.is_ascii() => {}
        Ok(text) => {
            let latin1 = |c: char| u8::try_from(u32::from(c)).ok();
            for (name, byte) in [("Latin-1", &latin1 as &dyn Fn(char) -> Option<u8>), ("Windows-1252", &windows_1252)] {
                let mut bytes = Vec::new();
                if !all_into(&mut bytes, text, byte) {
                    continue;
                }
                // Mostly this was UTF-8 that a program has read as Latin-1; else it was Latin-1 that became UTF-8.
                let evidence = match core::str::from_utf8(&bytes) {
                    Ok(_) => facts! { "signed": "UTF-8", "read_as": name },
                    Err(_) => facts! { "signed": name, "written_as": "UTF-8" },
                };
                list.push(bytes, code, evidence, true);
            }
            if text.chars().filter(|c| *c > '\u{2ff}').count() * 2 > text.chars().count() {
                for &(name, swap) in &[("UTF-16LE", false), ("UTF-16BE", true)] {
                    if !list.has_room(text.len()) {
                        list.refused.push(code);
                        continue;
                    }
                    let mut bytes = Vec::with_capacity(text.len());
                    for unit in text.encode_utf16() {
                        bytes.extend(if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
                    }
                    list.push(bytes, code, facts! { "signed": "UTF-8", "read_as": name }, true);
                }
            }
        }
        Err(_) => {
            let windows = |b: u8| match b {
                0x80..=0x9f => WINDOWS_1252.get(usize::from(b - 0x80)).copied().unwrap_or_default(),
                other => char::from(other),
            };
            for (name, character) in [("Latin-1", &char::from as &dyn Fn(u8) -> char), ("Windows-1252", &windows)] {
                let length = held.iter().map(|b| character(*b).len_utf8()).sum();
                if !list.has_room(length) {
                    list.refused.push(code);
                    continue;
                }
                let mut text = String::with_capacity(length);
                text.extend(held.iter().map(|b| character(*b)));
                list.push(text.into_bytes(), code, facts! { "signed": "UTF-8", "written_as": name }, true);
            }
        }
    }
    let (name, little, text) = match held {
        [0xff, 0xfe, text @ ..] => ("UTF-16LE", true, text),
        [0xfe, 0xff, text @ ..] => ("UTF-16BE", false, text),
        [0, _, ..] => ("UTF-16BE", false, held),
        [_, 0, ..] => ("UTF-16LE", true, held),
        _ => return,
    };
    let units = text.chunks_exact(2).map(|pair| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    });
    let mut decoded = String::with_capacity(held.len());
    for character in char::decode_utf16(units) {
        let Ok(character) = character else { return };
        decoded.push(character);
    }
    list.push(decoded.into_bytes(), code, facts! { "signed": "UTF-8", "written_as": name }, true);
}

/// Writes the byte of every character; says whether each has one.
fn all_into(bytes: &mut Vec<u8>, text: &str, byte: impl Fn(char) -> Option<u8>) -> bool {
    bytes.reserve_exact(text.chars().count());
    text.chars().all(|c| byte(c).map(|byte| bytes.push(byte)).is_some())
}
