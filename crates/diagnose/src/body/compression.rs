//! A body that is still compressed.

use alloc::vec::Vec;

use miniz_oxide::inflate;

use crate::body::candidate::{List, Told};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

pub(crate) fn compression(held: &[u8], told: Told, list: &mut List<'_>) {
    // What is longer when decompressed is not decompressed.
    let most = list.limits.memory;
    let inflated = match held {
        [0x1f, 0x8b, 8, ..] => gzip(held, most).map(|bytes| ("gzip", bytes)),
        [first, second, ..] if first & 15 == 8 && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31) => {
            inflate::decompress_to_vec_zlib_with_limit(held, most).ok().map(|bytes| ("deflate", bytes))
        }
        _ if told.is_deflate || core::str::from_utf8(held).is_err() => {
            inflate::decompress_to_vec_with_limit(held, most).ok().map(|bytes| ("raw deflate", bytes))
        }
        _ => None,
    };
    if let Some((format, bytes)) = inflated {
        let evidence = facts! { "format": format, "bytes": held.len(), "decompressed_bytes": bytes.len() };
        list.add(bytes, CauseCode::BodyCompressed, evidence);
    }
}

/// The content of one gzip member (RFC 1952).
fn gzip(held: &[u8], most: usize) -> Option<Vec<u8>> {
    let flags = *held.get(3)?;
    let mut rest = held.get(10..)?;
    if flags & 4 != 0 {
        let [low, high, after @ ..] = rest else { return None };
        rest = after.get(usize::from(*low) | usize::from(*high) << 8..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|b| *b == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    inflate::decompress_to_vec_with_limit(rest, most).ok()
}
