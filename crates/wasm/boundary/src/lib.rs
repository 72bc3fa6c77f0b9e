//! What JavaScript and the module that verifies say to each other: numbers, and messages in one shared buffer.
//!
//! Rules: JavaScript writes a message into the buffer, calls one function, and reads the answer from the same buffer.
//! The buffer is wiped before the answer is put there. Prepared webhooks live in a fixed number of slots that are reused
//! in turn; a caller whose slot is gone sends its set-up again, so nothing has to be freed and nothing leaks. Whatever a
//! message holds, a call answers with a number and never panics.
//!
//! This library knows no WebAssembly, so its tests run natively and under Miri. The module of `crates/wasm/verify` has the
//! one [`Boundary`] and exports its methods; `pkg-template/src/boundary.ts` is the other half.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod answer;
mod message;
mod setup;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use countersign_core::internal::crypto;
use countersign_core::{Delivery, SignOptions, UnixTime, Webhook};

use crate::answer::{Answer, position};
use crate::message::Reader;

pub use crate::answer::{BAD_MESSAGE, BAD_SCHEME, BAD_SIGNING, DONE, NUMBERS, ROOM, STALE, START, TEXT};
pub use crate::setup::{ALGORITHMS, ENCODINGS, KEY_FORMATS, TIMESTAMP_FORMATS};

/// How many prepared webhooks are kept at the same time.
pub const SLOTS: usize = 64;

/// One half of a conversation: the buffer, the numbers of the last answer, and the prepared webhooks.
pub struct Boundary {
    buffer: Vec<u8>,
    numbers: [f64; NUMBERS],
    webhooks: Webhooks,
}

impl Boundary {
    /// One without a webhook.
    #[must_use]
    pub const fn new() -> Self {
        Self { buffer: Vec::new(), numbers: [0.0; NUMBERS], webhooks: Webhooks(Vec::new()) }
    }

    /// Makes room for a message of that many bytes.
    pub fn room(&mut self, len: usize) -> &mut [u8] {
        if self.buffer.len() < len {
            // Replaced, not grown: growing would copy what is about to be overwritten, and fill the rest byte by byte.
            self.buffer = Vec::new();
            self.buffer = vec![0; len];
        }
        &mut self.buffer
    }

    /// The numbers of the last answer.
    #[must_use]
    pub const fn numbers(&self) -> &[f64; NUMBERS] {
        &self.numbers
    }

    /// The text of the last answer.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.buffer.get(..self.numbers[TEXT] as usize).unwrap_or_default()
    }

    /// Prepares a webhook from a set-up message under a stamp of the caller's. Numbers: slot, and 1 if a key is private; text
    /// is how replay keys begin.
    /// A refused secret or scheme: the number of its sentence, negative (from -1) for the provider's own wrong kinds.
    pub fn prepare(&mut self, len: usize, stamp: u32) -> u32 {
        self.call(len, |webhooks, message, answer| {
            let mut webhook = setup::read(message, answer)?;
            // Verifying needs only the public half; a private key stays with its caller.
            if webhook.drop_private_keys() {
                answer.numbers[1] = 1.0;
            }
            answer.text.extend_from_slice(webhook.replay_name().as_bytes());
            answer.numbers[0] = webhooks.keep(stamp, webhook) as f64;
            Ok(())
        })
    }

    /// Verifies a delivery: names and values of the headers that matter, then the body.
    ///
    /// Done: numbers are the key's position, the timestamp (-1 without), the end of its replay key, and bits
    /// (1 there is an id, 2 it is signed, 4 the timestamp is signed); text is the id from the header.
    /// Refused: numbers are signed-at (-1 without), 1 if the signature covers that time, and the clue (-1 without); text
    /// is the header.
    pub fn verify(&mut self, slot: usize, stamp: u32, headers: usize, len: usize, now: f64) -> u32 {
        self.call(len, |webhooks, message, answer| {
            let webhook = webhooks.find(slot, stamp)?;
            let (headers, body) = message.split_at_checked(headers).ok_or(BAD_MESSAGE)?;
            let now = UnixTime::from_secs(now as u64);
            let proof = webhook.check(&delivery(headers, body)?, now).map_err(|error| {
                answer.text.extend_from_slice(error.header_name().unwrap_or_default().as_bytes());
                answer.numbers[0] = error.signed_at().map_or(-1.0, seconds);
                answer.numbers[1] = f64::from(u8::from(error.is_time_signed()));
                answer.numbers[2] = error.clue().map_or(-1.0, |clue| f64::from(clue as u8));
                position(error.code())
            })?;
            let bits =
                u8::from(proof.id.is_some()) | u8::from(proof.id_signed) << 1 | u8::from(proof.timestamp_signed) << 2;
            answer.numbers[0] = proof.key as f64;
            answer.numbers[1] = proof.timestamp.map_or(-1.0, seconds);
            answer.numbers[2] = seconds(proof.expires);
            answer.numbers[3] = f64::from(bits);
            answer.text.extend_from_slice(proof.id.unwrap_or_default().as_bytes());
            Ok(())
        })
    }

    /// Signs: id (empty without), then the body. With a private key, `setup` bytes of set-up message stand before them.
    /// The text is names and values of the headers. Refused: the number of the sentence.
    pub fn sign(&mut self, slot: usize, stamp: u32, setup: usize, len: usize, now: f64) -> u32 {
        self.call(len, |webhooks, message, answer| {
            let (setup, rest) = message.split_at_checked(setup).ok_or(BAD_MESSAGE)?;
            let own;
            let webhook = if setup.is_empty() {
                webhooks.find(slot, stamp)?
            } else {
                own = setup::read(setup, answer)?;
                &own
            };
            let mut reader = Reader::new(rest);
            let id = reader.text();
            reader.end()?;
            let mut options = SignOptions::at(UnixTime::from_secs(now as u64));
            options.id = (!id.is_empty()).then_some(id);
            let text = &mut answer.text;
            let write = |name: &str, value: &str| {
                for part in [name, value] {
                    text.extend_from_slice(&(part.len() as u32).to_le_bytes());
                    text.extend_from_slice(part.as_bytes());
                }
            };
            webhook.sign_only(1, reader.rest(), &options, write).map_err(|error| {
                answer.numbers[0] = f64::from(error as u8);
                BAD_SIGNING
            })
        })
    }

    /// The SHA-256 of the buffer's first bytes, as text in hex.
    pub fn digest(&mut self, len: usize) -> u32 {
        self.call(len, |_, message, answer| {
            answer.text.extend_from_slice(crypto::sha256_hex(message).as_bytes());
            Ok(())
        })
    }

    /// Runs one call on the buffer's first `len` bytes, wipes them, and leaves the answer.
    fn call(&mut self, len: usize, work: impl FnOnce(&mut Webhooks, &[u8], &mut Answer) -> Result<(), u32>) -> u32 {
        let mut answer = Answer::default();
        let outcome = match self.buffer.get(..len) {
            Some(message) => work(&mut self.webhooks, message, &mut answer),
            None => Err(BAD_MESSAGE),
        };
        self.finish(len, &answer);
        match outcome {
            Ok(()) => DONE,
            Err(code) => code,
        }
    }

    // Not part of `call`, which is there once for each kind of work.
    #[inline(never)]
    fn finish(&mut self, len: usize, answer: &Answer) {
        // The text of the answer before may be longer than the message.
        let used = len.max(self.text().len()).min(self.buffer.len());
        let buffer = &mut self.buffer;
        // As one fill: a loop over bytes took a sixth of the whole call.
        buffer.get_mut(..used).unwrap_or_default().fill(0);
        if buffer.len() < answer.text.len() {
            buffer.resize(answer.text.len(), 0);
        }
        if let Some(start) = buffer.get_mut(..answer.text.len()) {
            start.copy_from_slice(&answer.text);
        }
        self.numbers = answer.numbers;
        self.numbers[ROOM] = buffer.len() as f64;
        self.numbers[START] = buffer.as_ptr().addr() as f64;
        self.numbers[TEXT] = answer.text.len() as f64;
    }
}

/// The buffer may hold secrets.
impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boundary").finish_non_exhaustive()
    }
}

impl Default for Boundary {
    fn default() -> Self {
        Self::new()
    }
}

/// Prepared webhooks, each with the stamp that its caller must know.
struct Webhooks(Vec<(u32, Webhook)>);

impl Webhooks {
    /// Says in which slot it is.
    fn keep(&mut self, stamp: u32, webhook: Webhook) -> usize {
        let slot = if self.0.len() < SLOTS { self.0.len() } else { stamp as usize % SLOTS };
        match self.0.get_mut(slot) {
            Some(used) => *used = (stamp, webhook),
            None => self.0.push((stamp, webhook)),
        }
        slot
    }

    fn find(&self, slot: usize, stamp: u32) -> Result<&Webhook, u32> {
        match self.0.get(slot) {
            Some((prepared, webhook)) if *prepared == stamp => Ok(webhook),
            _ => Err(STALE),
        }
    }
}

fn delivery<'a>(headers: &'a [u8], body: &'a [u8]) -> Result<Delivery<'a>, u32> {
    let mut reader = Reader::new(headers);
    let mut pairs = Vec::new();
    while !reader.rest().is_empty() {
        pairs.push((reader.bytes(), reader.bytes()));
    }
    reader.end()?;
    Ok(Delivery::from_pairs(pairs, body))
}

fn seconds(time: UnixTime) -> f64 {
    time.as_secs() as f64
}
