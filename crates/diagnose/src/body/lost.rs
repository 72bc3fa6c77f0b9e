//! Characters that decoding has lost: the texts that may have stood where a mark stands now.

use alloc::vec::Vec;

use crate::choices::Place;

/// Bodies with more lost characters than that are not searched.
const MOST_LOST: usize = 12;

/// The places where decoding has left a mark: runs of U+FFFD (mostly one for each byte), or question marks (`asks`). Each
/// has the texts that may have stood there. None where they are too many to search.
pub(crate) fn lost(held: &[u8], asks: bool) -> Vec<Place> {
    const MARK: &[u8] = "\u{fffd}".as_bytes();
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < held.len() {
        let rest = held.get(at..).unwrap_or_default();
        let mut run = 0;
        while rest.get(run * MARK.len()..).is_some_and(|rest| rest.starts_with(MARK)) {
            run += 1;
        }
        let bytes = if asks && rest.starts_with(b"?") { 1 } else { run * MARK.len() };
        if bytes > 0 {
            let texts = alloc::vec![rest.get(..bytes).unwrap_or_default().to_vec()];
            if places.len() == MOST_LOST {
                return Vec::new();
            }
            places.push(Place { start: at, end: at + bytes, group: places.len(), texts });
        }
        at += bytes.max(1);
    }
    let few = places.len() == 1;
    for place in &mut places {
        let own = place.end - place.start;
        let mut add = |before: &[u8], from: u8, to: u8| {
            for last in from..=to {
                place.texts.push([before, &[last]].concat());
            }
        };
        // The frequent characters that have as many bytes.
        if own == MARK.len() {
            add(b"", 0x80, 0xff);
        }
        if own == 1 || own == 2 * MARK.len() {
            for lead in 0xc3..=if few { 0xd1 } else { 0xc3 } {
                add(&[lead], 0x80, 0xbf);
            }
            add(b"\xc2", 0xa0, 0xbf);
        }
        if own != MARK.len() && own < 4 * MARK.len() {
            add(b"\xe2\x80", 0x90, 0xbf);
            add(b"\xe2\x82", 0xac, 0xac);
            for second in 0x81..=if few { 0xbf } else { 0x80 } {
                add(&[0xe2, second], 0x80, 0xbf);
            }
        }
        if own == 3 * MARK.len() && few {
            for lead in 0xe3..=0xe9 {
                for second in 0x80..=0xbf {
                    add(&[lead, second], 0x80, 0xbf);
                }
            }
        }
        if own == 4 * MARK.len() {
            for third in if few { 0x80..=0xb0 } else { 0x98..=0x9a } {
                add(&[0xf0, 0x9f, third], 0x80, 0xbf);
            }
        }
    }
    places
}
