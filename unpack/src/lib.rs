//! Unpacks the npm package's module where the package is first used: LZMA without a header, `lc = 3`, `lp = pb = 0`, written
//! with six bits in a character. The build packs, and tries this very code.
//!
//! Names are those of the format's description in the LZMA SDK (`lzma-specification.txt`).

#![no_std]

/// Where each kind of decision keeps its probabilities.
const IS_MATCH: usize = 0;
const IS_REP: usize = 12;
const IS_REP_G0: usize = 24;
const IS_REP_G1: usize = 36;
const IS_REP_G2: usize = 48;
const IS_REP0_LONG: usize = 60;
const POS_SLOT: usize = 72;
const POS_SPECIAL: usize = 328;
const ALIGN: usize = 456;
const LEN: usize = 472;
const REP_LEN: usize = 762;
const LITERAL: usize = 1052;
const COUNT: usize = LITERAL + 8 * LITERALS;
/// Each of eight kinds of bytes before it gives a literal probabilities of its own.
const LITERALS: usize = 3 * 256;

/// The first of the 64 characters, and the one that stands in for the backslash, which has a meaning in texts.
pub const FIRST: u8 = b'#';
/// See [`FIRST`].
pub const FOR_BACKSLASH: u8 = b'~';

/// The range decoder.
#[repr(C)]
struct Decoder<'a> {
    text: core::slice::Iter<'a, u8>,
    /// Bits of the text that are read but not used, and how many.
    pending: u32,
    bits: u32,
    range: u32,
    code: u32,
    probabilities: [u16; COUNT],
}

impl Decoder<'_> {
    fn normalize(&mut self) {
        if self.range >> 24 != 0 {
            return;
        }
        while self.bits < 8 {
            let digit = match self.text.next() {
                Some(&FOR_BACKSLASH) => b'\\' - FIRST,
                Some(character) => character.wrapping_sub(FIRST),
                None => 0,
            };
            self.pending = self.pending << 6 | u32::from(digit);
            self.bits += 6;
        }
        self.bits -= 8;
        self.range <<= 8;
        self.code = self.code << 8 | (self.pending >> self.bits & 0xff);
    }

    fn bit(&mut self, at: usize) -> usize {
        self.normalize();
        let Some(slot) = self.probabilities.get_mut(at) else {
            return 0;
        };
        let probability = *slot;
        let bound = (self.range >> 11) * u32::from(probability);
        if self.code < bound {
            self.range = bound;
            *slot = probability + ((2048 - probability) >> 5);
            0
        } else {
            self.range -= bound;
            self.code -= bound;
            *slot = probability - (probability >> 5);
            1
        }
    }

    /// A number below `end`, its highest bit first.
    fn tree(&mut self, base: usize, end: usize) -> usize {
        let mut symbol = 1;
        while symbol < end {
            symbol = symbol << 1 | self.bit(base + symbol);
        }
        symbol - end
    }

    /// The same, its lowest bit first.
    fn reverse_tree(&mut self, base: usize, bits: usize) -> usize {
        let mut symbol = 1;
        let mut number = 0;
        for at in 0..bits {
            let bit = self.bit(base + symbol);
            symbol = symbol << 1 | bit;
            number |= bit << at;
        }
        number
    }

    fn len(&mut self, base: usize) -> usize {
        if self.bit(base) == 0 {
            2 + self.tree(base + 2, 8)
        } else if self.bit(base + 1) == 0 {
            10 + self.tree(base + 10, 8)
        } else {
            18 + self.tree(base + 18, 256)
        }
    }

    fn distance(&mut self, len: usize) -> usize {
        let slot = self.tree(POS_SLOT + 64 * (len - 2).min(3), 64);
        if slot < 4 {
            return slot;
        }
        let bits = (slot >> 1) - 1;
        let distance = (2 | slot & 1) << bits;
        if slot < 14 {
            return distance + self.reverse_tree(POS_SPECIAL + distance - slot, bits);
        }
        let mut high = 0;
        for _ in 4..bits {
            self.normalize();
            self.range >>= 1;
            high <<= 1;
            if self.code >= self.range {
                self.code -= self.range;
                high |= 1;
            }
        }
        distance + (high << 4) + self.reverse_tree(ALIGN, 4)
    }
}

/// Fills `out` with what the text holds.
pub fn unpack(text: &[u8], out: &mut [u8]) {
    let mut decoder = Decoder { text: text.iter(), pending: 0, bits: 0, range: 0, code: 0, probabilities: [0; COUNT] };
    decoder.probabilities.fill(1024);
    // The first byte is always zero.
    for _ in 0..5 {
        decoder.normalize();
    }
    decoder.range = u32::MAX;
    let mut state = 0;
    let mut rep = [0; 4];
    let mut at = 0;
    while at < out.len() {
        let old = state;
        let mut len = 0;
        if decoder.bit(IS_MATCH + old) == 0 {
            let mut symbol = 1;
            let literal = LITERAL + LITERALS * usize::from(back(out, at, 0) >> 5);
            if old > 6 {
                let mut matched = usize::from(back(out, at, rep[0]));
                while symbol < 256 {
                    matched <<= 1;
                    let expected = matched & 256;
                    symbol = symbol << 1 | decoder.bit(literal + 256 + expected + symbol);
                    if expected >> 8 != symbol & 1 {
                        break;
                    }
                }
            }
            while symbol < 256 {
                symbol = symbol << 1 | decoder.bit(literal + symbol);
            }
            put(out, &mut at, symbol as u8);
            state = if old < 4 {
                0
            } else if old < 10 {
                old - 3
            } else {
                old - 6
            };
        } else {
            if decoder.bit(IS_REP + old) == 0 {
                len = decoder.len(LEN);
                rep = [decoder.distance(len), rep[0], rep[1], rep[2]];
                state = if old < 7 { 7 } else { 10 };
            } else {
                if decoder.bit(IS_REP_G0 + old) == 0 {
                    len = 1 - decoder.bit(IS_REP0_LONG + old);
                } else {
                    let [first, second, third, fourth] = rep;
                    rep = if decoder.bit(IS_REP_G1 + old) == 0 {
                        [second, first, third, fourth]
                    } else if decoder.bit(IS_REP_G2 + old) == 0 {
                        [third, first, second, fourth]
                    } else {
                        [fourth, first, second, third]
                    };
                }
                state = if old > 6 { 11 } else { 8 + len };
                if len == 0 {
                    len = decoder.len(REP_LEN);
                }
            }
            for _ in 0..len {
                let byte = back(out, at, rep[0]);
                put(out, &mut at, byte);
            }
        }
    }
}

fn back(out: &[u8], at: usize, distance: usize) -> u8 {
    out.get(at.wrapping_sub(distance + 1)).copied().unwrap_or_default()
}

fn put(out: &mut [u8], at: &mut usize, byte: u8) {
    if let Some(slot) = out.get_mut(*at) {
        *slot = byte;
    }
    *at += 1;
}

/// What JavaScript calls: `out` begins where the text ends or later, and the memory holds both.
#[cfg(target_arch = "wasm32")]
#[allow(clippy::missing_safety_doc)] // as above
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(text: *const u8, len: usize, out: *mut u8, size: usize) {
    // SAFETY: the caller keeps to the words above.
    unsafe { unpack(core::slice::from_raw_parts(text, len), core::slice::from_raw_parts_mut(out, size)) }
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
