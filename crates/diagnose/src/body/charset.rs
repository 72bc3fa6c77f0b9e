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

pub(crate) fn charsets(held: &[u8], list: &mut List) {
    let code = CauseCode::BodyCharset;
    match core::str::from_utf8(held) {
        Ok(text) if text.is_ascii() => {}
        Ok(text) => {
            let single = [
                ("Latin-1", text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>()),
                ("Windows-1252", text.chars().map(windows_1252).collect()),
            ];
            for (name, bytes) in single {
                let Some(bytes) = bytes else { continue };
                // Mostly this was UTF-8 that a program has read as Latin-1; else it was Latin-1 that became UTF-8.
                let evidence = match core::str::from_utf8(&bytes) {
                    Ok(_) => facts! { "signed": "UTF-8", "read_as": name },
                    Err(_) => facts! { "signed": name, "written_as": "UTF-8" },
                };
                list.push(bytes, code, evidence, true);
            }
            if text.chars().filter(|c| *c > '\u{2ff}').count() * 2 > text.chars().count() {
                for &(name, swap) in &[("UTF-16LE", false), ("UTF-16BE", true)] {
                    let units = text.encode_utf16();
                    let bytes = units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
                    list.push(bytes.collect(), code, facts! { "signed": "UTF-8", "read_as": name }, true);
                }
            }
        }
        Err(_) => {
            let latin: String = held.iter().map(|b| char::from(*b)).collect();
            let windows = held.iter().map(|b| match b {
                0x80..=0x9f => WINDOWS_1252.get(usize::from(b - 0x80)).copied().unwrap_or_default(),
                other => char::from(*other),
            });
            let windows: String = windows.collect();
            for (name, text) in [("Latin-1", latin), ("Windows-1252", windows)] {
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
    if let Ok(text) = char::decode_utf16(units).collect::<Result<String, _>>() {
        list.push(text.into_bytes(), code, facts! { "signed": "UTF-8", "written_as": name }, true);
    }
}
