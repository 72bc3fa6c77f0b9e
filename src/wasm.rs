//! The boundary of the npm package's module: numbers and one shared buffer, no imports, nothing left behind.
//!
//! Rules: JavaScript writes a message into the buffer, calls one function, and reads the answer from the same buffer.
//! Strings travel as a length (u32, little-endian) and bytes. The buffer is wiped after every call, freed memory is
//! zero-filled, and the caller clears the stack. Prepared webhooks live in a fixed number of slots that are reused
//! round-robin; a caller whose slot is gone sends its set-up again, so nothing needs to be freed and nothing leaks.
//! `pkg-template/src/boundary.ts` is the other half.

#![allow(unreachable_pub)] // exported to JavaScript, not to Rust

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::crypto::{self, Algorithm};
use crate::delivery::Delivery;
use crate::detect::position as sender_position;
use crate::error::{Code, SignError};
use crate::providers::PRESETS;
use crate::scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
use crate::secret::{Keyring, Secret};
use crate::sign::Signing;
use crate::time::{TimestampFormat, UnixTime};
use crate::webhook::Webhook;

/// How many prepared webhooks are kept at the same time.
const SLOTS: usize = 64;

/// Answers beside 0 (done) and the position of a [`Code`] plus one.
const STALE: u32 = 1000;
const BAD_SCHEME: u32 = 1001;
const BAD_SIGNING: u32 = 1002;
const BAD_MESSAGE: u32 = 1003;

struct State {
    /// Messages and answers.
    buffer: Vec<u8>,
    /// Numbers of an answer; the last is the length of its text.
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
#[wasm_bindgen]
pub fn room(len: usize) -> *mut u8 {
    let buffer = &mut state().buffer;
    if buffer.len() < len {
        // Replaced, not grown: growing would copy what is about to be overwritten.
        *buffer = Vec::new();
        buffer.resize(len, 0);
    }
    buffer.as_mut_ptr()
}

/// Where the numbers of an answer are.
#[wasm_bindgen]
pub fn numbers() -> *const f64 {
    state().numbers.as_ptr()
}

/// Prepares a webhook from a set-up message under a stamp of the caller's. Numbers: slot, and 1 if the first key is private.
/// A refused secret has its position and its hint as text.
#[wasm_bindgen]
pub fn prepare(len: usize, stamp: u32) -> u32 {
    call(len, |state, message, answer| {
        let mut webhook = set_up(&mut Reader(message), answer)?;
        let private = webhook.keys.first().is_some_and(|named| named.key.is_private());
        for named in &mut webhook.keys {
            // Verifying needs only the public half; a private key stays with its caller.
            named.key = named.key.public_half();
        }
        let prepared = (stamp, webhook);
        let next = stamp as usize % SLOTS;
        let slot = if state.slots.len() < SLOTS { state.slots.len() } else { next };
        match state.slots.get_mut(slot) {
            Some(used) => *used = prepared,
            None => state.slots.push(prepared),
        }
        answer.numbers[0] = slot as f64;
        answer.numbers[1] = f64::from(u8::from(private));
        Ok(())
    })
}

/// Verifies a delivery: names and values of the headers that matter, then the body.
///
/// Done: numbers are the key's position, the timestamp (-1 without), the end of its replay key, and bits
/// (1 there is an id, 2 it is signed, 4 the timestamp is signed); text is the id from the header.
/// Refused: numbers are signed-at (-1 without); text is the header.
#[wasm_bindgen]
pub fn verify(slot: usize, stamp: u32, headers: usize, len: usize, now: f64) -> u32 {
    call(len, |state, message, answer| {
        let webhook = state.webhook(slot, stamp)?;
        let (headers, body) = message.split_at_checked(headers).ok_or(BAD_MESSAGE)?;
        let now = UnixTime::from_secs(now as u64);
        let proof = webhook.check(&delivery(headers, body)?, now).map_err(|error| {
            answer.text.extend(error.header.as_deref().unwrap_or_default().bytes());
            answer.numbers[0] = error.signed_at.map_or(-1.0, seconds);
            position(error.code)
        })?;
        let bits =
            u8::from(proof.id.is_some()) | u8::from(proof.id_signed) << 1 | u8::from(proof.timestamp_signed) << 2;
        answer.numbers[0] = proof.key as f64;
        answer.numbers[1] = proof.timestamp.map_or(-1.0, seconds);
        answer.numbers[2] = seconds(proof.expires);
        answer.numbers[3] = f64::from(bits);
        answer.text.extend(proof.id.unwrap_or_default().bytes());
        Ok(())
    })
}

/// Signs: id (empty without), then the body. With a private key, `set_up` bytes of set-up message stand before them.
/// The text is names and values of the headers.
#[wasm_bindgen]
pub fn sign(slot: usize, stamp: u32, setup: usize, len: usize, now: f64) -> u32 {
    call(len, |state, message, answer| {
        let (setup, rest) = message.split_at_checked(setup).ok_or(BAD_MESSAGE)?;
        let own;
        let webhook = if setup.is_empty() {
            state.webhook(slot, stamp)?
        } else {
            own = set_up(&mut Reader(setup), answer)?;
            &own
        };
        let mut reader = Reader(rest);
        let id = reader.text()?;
        let signing =
            Signing { now: UnixTime::from_secs(now as u64), id: (!id.is_empty()).then_some(id), event_type: None };
        let headers = webhook.sign_only(reader.0, &signing).map_err(|error: SignError| {
            answer.text.extend(error.sentence().bytes());
            BAD_SIGNING
        })?;
        for text in headers.iter().flat_map(|(name, value)| [name, value]) {
            answer.text.extend((text.len() as u32).to_le_bytes());
            answer.text.extend(text.bytes());
        }
        Ok(())
    })
}

/// The position of the sender that the headers belong to, plus one; 0 for none.
#[wasm_bindgen]
pub fn detect(len: usize) -> u32 {
    call(len, |_, message, _| {
        let found = sender_position(&delivery(message, b"")?);
        Err(found.map_or(0, |at| at as u32 + 1))
    })
}

/// The SHA-256 of the buffer's first bytes, as text in hex.
#[wasm_bindgen]
pub fn digest(len: usize) -> u32 {
    call(len, |_, message, answer| {
        answer.text.extend(crypto::sha256_hex(message).bytes());
        Ok(())
    })
}

#[derive(Default)]
struct Answer {
    text: Vec<u8>,
    numbers: [f64; 8],
}

/// Runs one call on the buffer's first `len` bytes, wipes them, and leaves the answer.
fn call(len: usize, work: impl FnOnce(&mut State, &[u8], &mut Answer) -> Result<(), u32>) -> u32 {
    let state = state();
    let mut buffer = core::mem::take(&mut state.buffer);
    let mut answer = Answer::default();
    let outcome = match buffer.get(..len) {
        Some(message) => work(state, message, &mut answer),
        None => Err(BAD_MESSAGE),
    };
    let used = len.min(buffer.len());
    // As one fill: a loop over bytes took a sixth of the whole call.
    buffer.get_mut(..used).unwrap_or_default().fill(0);
    if buffer.len() < answer.text.len() {
        buffer.resize(answer.text.len(), 0);
    }
    for (to, from) in buffer.iter_mut().zip(&answer.text) {
        *to = *from;
    }
    state.numbers = answer.numbers;
    state.numbers[7] = answer.text.len() as f64;
    state.buffer = buffer;
    match outcome {
        Ok(()) => 0,
        Err(code) => code,
    }
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

fn delivery<'a>(headers: &'a [u8], body: &'a [u8]) -> Result<Delivery<'a>, u32> {
    let mut reader = Reader(headers);
    let mut pairs = Vec::new();
    while !reader.0.is_empty() {
        pairs.push((reader.bytes()?, reader.bytes()?));
    }
    Ok(Delivery::from_pairs(pairs, body))
}

/// Takes a message apart.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline(never)]
    fn bytes(&mut self) -> Result<&'a [u8], u32> {
        let (len, rest) = self.0.split_first_chunk().ok_or(BAD_MESSAGE)?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize).ok_or(BAD_MESSAGE)?;
        self.0 = rest;
        Ok(bytes)
    }

    #[inline(never)]
    fn text(&mut self) -> Result<&'a str, u32> {
        core::str::from_utf8(self.bytes()?).map_err(|_| BAD_MESSAGE)
    }

    #[inline(never)]
    fn owned(&mut self) -> Result<Cow<'static, str>, u32> {
        Ok(Cow::Owned(String::from(self.text()?)))
    }

    /// A text, or nothing where it is empty.
    fn optional(&mut self) -> Result<Option<Cow<'static, str>>, u32> {
        Ok(Some(self.owned()?).filter(|text| !text.is_empty()))
    }

    fn byte(&mut self) -> Result<u8, u32> {
        let (byte, rest) = self.0.split_first().ok_or(BAD_MESSAGE)?;
        self.0 = rest;
        Ok(*byte)
    }

    #[inline(never)]
    fn number(&mut self) -> Result<f64, u32> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(BAD_MESSAGE)?;
        self.0 = rest;
        Ok(f64::from_le_bytes(*bytes))
    }

    /// A word of a small vocabulary, by position; 255 leaves the preset's own.
    fn word<T: Copy>(&mut self, words: &[T]) -> Result<Option<T>, u32> {
        match self.byte()? {
            255 => Ok(None),
            at => words.get(usize::from(at)).copied().map(Some).ok_or(BAD_MESSAGE),
        }
    }
}

/// A set-up message: the sender's position (255 for a scheme of one's own) and the dialect to pin, then what differs
/// (header names, words, windows), then for a scheme of one's own the rest of it, then the secrets.
fn set_up(reader: &mut Reader<'_>, answer: &mut Answer) -> Result<Webhook, u32> {
    let preset = match reader.byte()? {
        255 => None,
        at => Some(*PRESETS.get(usize::from(at)).ok_or(BAD_MESSAGE)?),
    };
    let pinned = reader.text()?;
    let mut dialects: Vec<Scheme> = match preset {
        Some(preset) => preset
            .dialects
            .iter()
            .filter(|dialect| if pinned.is_empty() { dialect.auto } else { dialect.name == pinned })
            .map(|dialect| dialect.scheme.clone())
            .collect(),
        None => alloc::vec![blank_scheme()],
    };
    vary(&mut dialects, reader)?;
    if preset.is_none() {
        for scheme in &mut dialects {
            complete(scheme, reader)?;
        }
    }
    if dialects.is_empty() {
        answer.text.extend(b"This sender has no dialect of that name.");
        return Err(BAD_SCHEME);
    }
    for scheme in &dialects {
        scheme.check().map_err(|error| {
            answer.text.extend(error.0.bytes());
            BAD_SCHEME
        })?;
    }
    let secrets = secrets(reader)?;
    Webhook::new(preset, dialects, &secrets).map_err(|error| {
        answer.text.extend(error.hint.bytes());
        position(error.code)
    })
}

const ENCODINGS: &[Encoding] = &[Encoding::Hex, Encoding::Base64, Encoding::HexOrBase64];
const KEY_FORMATS: &[KeyFormat] =
    &[KeyFormat::Utf8, KeyFormat::Base64, KeyFormat::Hex, KeyFormat::Whsec, KeyFormat::Ed25519];
const ALGORITHMS: &[Algorithm] =
    &[Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519];
const FORMATS: &[TimestampFormat] =
    &[TimestampFormat::UnixSeconds, TimestampFormat::UnixMillis, TimestampFormat::Iso8601];

/// What options may change about any scheme.
fn vary(dialects: &mut [Scheme], reader: &mut Reader<'_>) -> Result<(), u32> {
    let (signature, timestamp, id) = (reader.optional()?, reader.optional()?, reader.optional()?);
    let (encoding, key) = (reader.word(ENCODINGS)?, reader.word(KEY_FORMATS)?);
    let (past, future) = (window(reader.number()?), window(reader.number()?));
    for scheme in dialects {
        if let Some(name) = &signature {
            scheme.signature.header = name.clone();
        }
        if let (Some(name), Some(source)) = (&timestamp, &mut scheme.timestamp) {
            source.header = name.clone();
        }
        if let (Some(name), Some(source)) = (&id, &mut scheme.id) {
            source.header = name.clone();
        }
        scheme.signature.encoding = encoding.unwrap_or(scheme.signature.encoding);
        scheme.key = key.unwrap_or(scheme.key);
        scheme.tolerance.past = past.unwrap_or(scheme.tolerance.past);
        scheme.tolerance.future = future.unwrap_or(scheme.tolerance.future);
    }
    Ok(())
}

/// Not a number leaves the preset's own, infinity switches the side off.
fn window(seconds: f64) -> Option<Option<u64>> {
    (!seconds.is_nan()).then(|| seconds.is_finite().then_some(seconds as u64))
}

fn blank_scheme() -> Scheme {
    Scheme {
        signature: SignatureHeader {
            header: Cow::Borrowed(""),
            prefix: Cow::Borrowed(""),
            prefix_optional: false,
            ed25519_prefix: None,
            separator: Cow::Borrowed(""),
            encoding: Encoding::Hex,
        },
        timestamp: None,
        id: None,
        signed: Cow::Borrowed(""),
        signed_if_empty: None,
        key: KeyFormat::Utf8,
        algorithm: Algorithm::HmacSha256,
        tolerance: Tolerance::DEFAULT,
        event: EventPaths { event_type: None, id: None },
    }
}

/// What only a scheme of one's own says. The body's own words are read in JavaScript.
fn complete(scheme: &mut Scheme, reader: &mut Reader<'_>) -> Result<(), u32> {
    scheme.signature.prefix = reader.owned()?;
    scheme.signature.prefix_optional = reader.byte()? == 1;
    scheme.signature.ed25519_prefix = reader.optional()?;
    scheme.signature.separator = reader.owned()?;
    let (header, field) = (reader.owned()?, reader.owned()?);
    if let Some(format) = reader.word(FORMATS)? {
        scheme.timestamp = Some(TimestampSource { header, field, format });
    }
    if reader.byte()? == 1 {
        scheme.id = Some(IdHeader { header: reader.owned()? });
    }
    scheme.signed = reader.owned()?;
    scheme.signed_if_empty = reader.optional()?;
    scheme.algorithm = reader.word(ALGORITHMS)?.unwrap_or(Algorithm::HmacSha256);
    Ok(())
}

/// The secrets: each 1 for text or 0 for bytes, itself, and the last second it counts (infinity for no end).
fn secrets(reader: &mut Reader<'_>) -> Result<Keyring, u32> {
    let mut secrets = Vec::new();
    while !reader.0.is_empty() {
        let is_text = reader.byte()? == 1;
        let secret = if is_text { Secret::new(reader.text()?) } else { Secret::from_bytes(reader.bytes()?) };
        let end = reader.number()?;
        secrets.push(if end.is_finite() { secret.expires(UnixTime::from_secs(end as u64)) } else { secret });
    }
    Ok(Keyring::from(secrets))
}

/// Zero-fills what is freed, so that no key, body or signature outlives its call.
struct Wiping(AssumeSingleThreaded<FreeListAllocator>);

// SAFETY: the inner allocator does the work; memory is only written while it is still ours.
unsafe impl core::alloc::GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: core::alloc::Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: core::alloc::Layout) {
        // SAFETY: the block is the caller's until the inner `dealloc` takes it back.
        unsafe {
            core::ptr::write_bytes(pointer, 0, layout.size());
            self.0.dealloc(pointer, layout);
        }
    }
}

// SAFETY: see `Global`.
#[global_allocator]
static ALLOCATOR: Wiping = Wiping(unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) });

/// Nothing panics; if something did, the call traps and JavaScript starts a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
