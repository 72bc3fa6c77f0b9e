//! The boundary of the npm package's module: numbers and one shared buffer, no imports, nothing left behind.
//!
//! Rules: JavaScript writes a message into the buffer, calls one function, and reads the answer from the same buffer.
//! Strings travel as a length (u32, little-endian) and bytes. The buffer is wiped after every call, freed memory is
//! zero-filled, and the caller clears the stack. Prepared webhooks live in a fixed number of slots that are reused
//! round-robin; a caller whose slot is gone sends its set-up again, so nothing needs to be freed and nothing leaks.
//! `pkg-template/src/boundary.ts` is the other half.

#![no_std]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub, clippy::must_use_candidate)]

extern crate alloc;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::time::Duration;

use countersign_core::internal::{DEFAULT_RETRY_HORIZON, Why, crypto};
use countersign_core::{
    Algorithm, Code, Delivery, Encoding, KeyFormat, Keyring, Scheme, Secret, SignOptions, TimestampFormat, Tolerance,
    UnixTime, Webhook,
};

/// How many prepared webhooks are kept at the same time.
const SLOTS: usize = 64;

/// Answers beside 0 (done) and the position of a [`Code`] plus one.
const STALE: u32 = 1000;
const BAD_SCHEME: u32 = 1001;
const BAD_SIGNING: u32 = 1002;
pub const BAD_MESSAGE: u32 = 1003;

pub struct State {
    /// Messages and answers.
    buffer: Vec<u8>,
    /// Numbers of an answer. The last three are of the buffer: its size, where it is, and how much of it is the answer's text.
    numbers: [f64; 8],
    /// Prepared webhooks, each with the stamp that its caller must know.
    slots: Vec<(u32, Webhook)>,
}

struct Global(UnsafeCell<State>);

// SAFETY: a wasm32 module without threads runs one call at a time, and no call calls out.
unsafe impl Sync for Global {}

static STATE: Global = Global(UnsafeCell::new(State { buffer: Vec::new(), numbers: [0.0; 8], slots: Vec::new() }));

/// Every exported function takes the state once and lets go of it before it returns.
fn state() -> &'static mut State {
    // SAFETY: see `Global`.
    unsafe { &mut *STATE.0.get() }
}

/// Makes room for a message of that many bytes and says where it goes.
#[unsafe(no_mangle)]
pub extern "C" fn room(len: usize) -> *mut u8 {
    let buffer = &mut state().buffer;
    if buffer.len() < len {
        // Replaced, not grown: growing would copy what is about to be overwritten.
        *buffer = Vec::new();
        buffer.resize(len, 0);
    }
    buffer.as_mut_ptr()
}

/// Where the numbers of an answer are.
#[unsafe(no_mangle)]
pub extern "C" fn numbers() -> *const f64 {
    state().numbers.as_ptr()
}

/// Prepares a webhook from a set-up message under a stamp of the caller's. Numbers: slot, and 1 if a key is private.
/// A refused secret or scheme: the number of its sentence, negative (from -1) for the sender's own wrong kinds.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(len: usize, stamp: u32) -> u32 {
    call(len, |state, message, answer| {
        let mut webhook = set_up(message, answer)?;
        // Verifying needs only the public half; a private key stays with its caller.
        if webhook.drop_private_keys() {
            answer.numbers[1] = 1.0;
        }
        let prepared = (stamp, webhook);
        let next = stamp as usize % SLOTS;
        let slot = if state.slots.len() < SLOTS { state.slots.len() } else { next };
        match state.slots.get_mut(slot) {
            Some(used) => *used = prepared,
            None => state.slots.push(prepared),
        }
        answer.numbers[0] = slot as f64;
        Ok(())
    })
}

/// Verifies a delivery: names and values of the headers that matter, then the body.
///
/// Done: numbers are the key's position, the timestamp (-1 without), the end of its replay key, and bits
/// (1 there is an id, 2 it is signed, 4 the timestamp is signed); text is the id from the header.
/// Refused: numbers are signed-at (-1 without); text is the header.
#[unsafe(no_mangle)]
pub extern "C" fn verify(slot: usize, stamp: u32, headers: usize, len: usize, now: f64) -> u32 {
    call(len, |state, message, answer| {
        let webhook = state.webhook(slot, stamp)?;
        let (headers, body) = message.split_at_checked(headers).ok_or(BAD_MESSAGE)?;
        let now = UnixTime::from_secs(now as u64);
        let proof = webhook.check(&delivery(headers, body)?, now).map_err(|error| {
            answer.text.extend_from_slice(error.header_name().unwrap_or_default().as_bytes());
            answer.numbers[0] = error.signed_at().map_or(-1.0, seconds);
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

/// Signs: id (empty without), then the body. With a private key, `set_up` bytes of set-up message stand before them.
/// The text is names and values of the headers. Refused: the number of the sentence.
#[unsafe(no_mangle)]
pub extern "C" fn sign(slot: usize, stamp: u32, setup: usize, len: usize, now: f64) -> u32 {
    call(len, |state, message, answer| {
        let (setup, rest) = message.split_at_checked(setup).ok_or(BAD_MESSAGE)?;
        let own;
        let webhook = if setup.is_empty() {
            state.webhook(slot, stamp)?
        } else {
            own = set_up(setup, answer)?;
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
        webhook.sign_only(1, reader.rest, &options, write).map_err(|error| {
            answer.numbers[0] = f64::from(error as u8);
            BAD_SIGNING
        })
    })
}

/// The SHA-256 of the buffer's first bytes, as text in hex.
#[unsafe(no_mangle)]
pub extern "C" fn digest(len: usize) -> u32 {
    call(len, |_, message, answer| {
        answer.text.extend_from_slice(crypto::sha256_hex(message).as_bytes());
        Ok(())
    })
}

#[derive(Default)]
pub struct Answer {
    pub text: Vec<u8>,
    pub numbers: [f64; 8],
}

/// Runs one call on the buffer's first `len` bytes, wipes them, and leaves the answer.
pub fn call(len: usize, work: impl FnOnce(&mut State, &[u8], &mut Answer) -> Result<(), u32>) -> u32 {
    let state = state();
    let buffer = core::mem::take(&mut state.buffer);
    let mut answer = Answer::default();
    let outcome = match buffer.get(..len) {
        Some(message) => work(state, message, &mut answer),
        None => Err(BAD_MESSAGE),
    };
    finish(state, buffer, len, &answer);
    match outcome {
        Ok(()) => 0,
        Err(code) => code,
    }
}

// Not part of `call`, which is there once for each kind of work.
#[inline(never)]
fn finish(state: &mut State, mut buffer: Vec<u8>, len: usize, answer: &Answer) {
    let used = len.min(buffer.len());
    // As one fill: a loop over bytes took a sixth of the whole call.
    buffer.get_mut(..used).unwrap_or_default().fill(0);
    if buffer.len() < answer.text.len() {
        buffer.resize(answer.text.len(), 0);
    }
    if let Some(start) = buffer.get_mut(..answer.text.len()) {
        start.copy_from_slice(&answer.text);
    }
    state.numbers = answer.numbers;
    state.numbers[5] = buffer.len() as f64;
    state.numbers[6] = buffer.as_ptr() as usize as f64;
    state.numbers[7] = answer.text.len() as f64;
    state.buffer = buffer;
}

impl State {
    fn webhook(&self, slot: usize, stamp: u32) -> Result<&Webhook, u32> {
        match self.slots.get(slot) {
            Some((prepared, webhook)) if *prepared == stamp => Ok(webhook),
            _ => Err(STALE),
        }
    }
}

fn position(code: Code) -> u32 {
    Code::ALL.iter().position(|c| *c == code).map_or(BAD_MESSAGE, |at| at as u32 + 1)
}

fn seconds(time: UnixTime) -> f64 {
    time.as_secs() as f64
}

pub fn delivery<'a>(headers: &'a [u8], body: &'a [u8]) -> Result<Delivery<'a>, u32> {
    let mut reader = Reader::new(headers);
    let mut pairs = Vec::new();
    while !reader.rest.is_empty() {
        pairs.push((reader.bytes(), reader.bytes()));
    }
    reader.end()?;
    Ok(Delivery::from_pairs(pairs, body))
}

/// Takes a message apart. What is cut off or not in the vocabulary reads as nothing, and so does all that follows;
/// [`end`](Self::end) then refuses the message. One check at the end is a fifth of the code of one at every step.
pub struct Reader<'a> {
    pub rest: &'a [u8],
    broken: bool,
}

impl<'a> Reader<'a> {
    pub const fn new(message: &'a [u8]) -> Self {
        Self { rest: message, broken: false }
    }

    pub const fn end(&self) -> Result<(), u32> {
        if self.broken { Err(BAD_MESSAGE) } else { Ok(()) }
    }

    #[inline(never)]
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        match self.rest.split_at_checked(len) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => self.give_up(),
        }
    }

    pub fn give_up(&mut self) -> &'a [u8] {
        *self = Self { rest: &[], broken: true };
        &[]
    }

    #[inline(never)]
    pub fn bytes(&mut self) -> &'a [u8] {
        let len = self.take(4).first_chunk().copied().unwrap_or_default();
        self.take(u32::from_le_bytes(len) as usize)
    }

    #[inline(never)]
    pub fn text(&mut self) -> &'a str {
        crypto::utf8(self.bytes()).unwrap_or_else(|| {
            self.give_up();
            ""
        })
    }

    #[inline(never)]
    pub fn owned(&mut self) -> Cow<'static, str> {
        Cow::Owned(String::from(self.text()))
    }

    /// A text, or nothing where it is empty.
    pub fn optional(&mut self) -> Option<Cow<'static, str>> {
        Some(self.owned()).filter(|text| !text.is_empty())
    }

    #[inline(never)]
    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    pub fn number(&mut self) -> f64 {
        f64::from_le_bytes(self.take(8).first_chunk().copied().unwrap_or_default())
    }

    /// Seconds; infinity switches off what they limit.
    #[inline(never)]
    pub fn limit(&mut self) -> Option<u64> {
        let seconds = self.number();
        seconds.is_finite().then_some(seconds as u64)
    }

    /// 1 for text or 0 for bytes, the secret, and the last second it counts (infinity for no end).
    pub fn secret(&mut self) -> Secret {
        let is_text = self.byte() == 1;
        let secret = if is_text { Secret::new(self.text()) } else { Secret::from_bytes(self.bytes()) };
        match self.limit() {
            Some(end) => secret.expires(UnixTime::from_secs(end)),
            None => secret,
        }
    }

    /// A word of a small vocabulary, by position.
    pub fn word<T: Copy>(&mut self, first: T, words: &[T]) -> T {
        let at = usize::from(self.byte());
        self.broken |= at >= words.len();
        words.get(at).copied().unwrap_or(first)
    }
}

/// A set-up message: the retry horizon, the beginnings of the sender's wrong kinds of secrets, the schemes (each list
/// with its length before it), and the secrets.
#[inline(never)]
fn set_up(message: &[u8], answer: &mut Answer) -> Result<Webhook, u32> {
    let reader = &mut Reader::new(message);
    let retry_horizon = reader.limit().map_or(DEFAULT_RETRY_HORIZON, Duration::from_secs);
    let mut wrong_kinds = Vec::new();
    for _ in 0..reader.byte() {
        wrong_kinds.push(reader.text());
    }
    let mut dialects = Vec::new();
    for _ in 0..reader.byte() {
        let scheme = scheme(reader);
        if let Err(error) = scheme.check() {
            answer.numbers[0] = f64::from(error.number());
            return Err(BAD_SCHEME);
        }
        dialects.push(scheme);
    }
    let secrets = secrets(reader);
    reader.end()?;
    match Webhook::new(dialects, &secrets, &wrong_kinds) {
        Ok(webhook) => Ok(webhook.retrying_for(retry_horizon)),
        Err(error) => {
            answer.numbers[0] = match error.why() {
                Why::Known(hint) => f64::from(hint as u8),
                Why::OfProvider(at) => -1.0 - at as f64,
            };
            Err(position(error.code()))
        }
    }
}

pub const ENCODINGS: &[Encoding] = &[Encoding::Hex, Encoding::Base64, Encoding::HexOrBase64];
pub const KEY_FORMATS: &[KeyFormat] =
    &[KeyFormat::Utf8, KeyFormat::Base64, KeyFormat::Hex, KeyFormat::Whsec, KeyFormat::Ed25519];
const ALGORITHMS: &[Algorithm] =
    &[Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519];
const FORMATS: &[TimestampFormat] =
    &[TimestampFormat::UnixSeconds, TimestampFormat::UnixMillis, TimestampFormat::Iso8601];

/// A scheme, complete: JavaScript has the presets and puts the defaults in. The body's own words are read there.
pub fn scheme(reader: &mut Reader<'_>) -> Scheme {
    let mut scheme = Scheme::hmac_sha256(reader.owned()).prefix(reader.owned());
    scheme.signature.prefix_optional = reader.byte() == 1;
    scheme.signature.ed25519_prefix = reader.optional();
    scheme.signature.separator = reader.owned();
    scheme.signature.encoding = reader.word(Encoding::Hex, ENCODINGS);
    if reader.byte() != 0 {
        scheme = scheme.timestamp(reader.owned());
        let (field, format) = (reader.owned(), reader.word(TimestampFormat::UnixSeconds, FORMATS));
        if let Some(source) = &mut scheme.timestamp {
            source.field = field;
            source.format = format;
        }
    }
    if reader.byte() != 0 {
        scheme = scheme.id(reader.owned());
    }
    scheme.signed = reader.owned();
    scheme.signed_if_empty = reader.optional();
    scheme.key = reader.word(KeyFormat::Utf8, KEY_FORMATS);
    scheme.algorithm = reader.word(Algorithm::HmacSha256, ALGORITHMS);
    let (past, future) = (reader.limit(), reader.limit());
    scheme.tolerance(Tolerance::new(past.map(Duration::from_secs), future.map(Duration::from_secs)))
}

/// The secrets, up to the end.
fn secrets(reader: &mut Reader<'_>) -> Keyring {
    let mut secrets = Vec::new();
    while !reader.rest.is_empty() {
        secrets.push(reader.secret());
    }
    Keyring::from(secrets)
}
