//! What explains, at the same boundary: one message with all that is known about a delivery, and a diagnosis as JSON.
#![cfg(target_arch = "wasm32")]
#![no_std]
#![allow(unreachable_pub)] // exported to JavaScript, not to Rust

extern crate alloc;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::{PRESETS, Preset, push_number};
use countersign_core::{Delivery, Encoding, KeyFormat, Keyring, Scheme, UnixTime};

use countersign_diagnose::{DiagnoseOptions, Diagnosis, Fact, Facts, Framework, diagnose_preset};
use countersign_wasm_boundary::{BAD_MESSAGE, ENCODINGS, KEY_FORMATS, Reader, call, delivery, scheme};

/// Answers of its own: the first argument is no sender, and a dialect that the sender does not have.
const NO_SENDER: u32 = 1004;
const NO_DIALECT: u32 = 1005;

/// Explains a delivery: what is known, with the number of its bytes, then names and values of the headers likewise, then
/// the body. The text is the diagnosis as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn diagnose(known: usize, headers: usize, len: usize, now: f64) -> u32 {
    call(len, |_, message, answer| {
        let (known, rest) = message.split_at_checked(known).ok_or(BAD_MESSAGE)?;
        let (headers, body) = rest.split_at_checked(headers).ok_or(BAD_MESSAGE)?;
        let delivery = delivery(headers, body)?;
        let now = UnixTime::from_secs(now as u64);
        let reader = &mut Reader::new(known);
        let framework = reader.text().parse::<Framework>().ok();
        let own = (reader.byte() == 1).then(|| scheme(reader));
        let name = reader.text();
        let varied = Varied::read(reader);
        let secrets = secrets(reader);
        reader.end()?;
        let options = DiagnoseOptions::new().framework(framework);
        let diagnosis = match own {
            Some(own) => countersign_diagnose::diagnose(&own, secrets, &delivery, now, &options),
            None => {
                let preset = PRESETS.iter().find(|preset| preset.name == name).ok_or(NO_SENDER)?;
                let pinned = match varied.changes {
                    true => Some(varied.scheme(preset, &delivery).ok_or(NO_DIALECT)?),
                    false => None,
                };
                diagnose_preset(preset, secrets, &delivery, now, &options.dialect(pinned))
            }
        };
        answer.text = written(&diagnosis);
        Ok(())
    })
}

/// What is not as the sender's own.
struct Varied<'a> {
    changes: bool,
    dialect: &'a str,
    signature: &'a str,
    timestamp: &'a str,
    id: &'a str,
    encoding: Option<Encoding>,
    key: Option<KeyFormat>,
    past: f64,
    future: f64,
}

impl<'a> Varied<'a> {
    /// Whether anything is, and then all of it: texts that are empty and words that are 0 change nothing.
    fn read(reader: &mut Reader<'a>) -> Self {
        let changes = reader.byte() == 1;
        let nothing = Self {
            changes,
            dialect: "",
            signature: "",
            timestamp: "",
            id: "",
            encoding: None,
            key: None,
            past: f64::NAN,
            future: f64::NAN,
        };
        if !changes {
            return nothing;
        }
        Self {
            dialect: reader.text(),
            signature: reader.text(),
            timestamp: reader.text(),
            id: reader.text(),
            encoding: word(reader, ENCODINGS),
            key: word(reader, KEY_FORMATS),
            past: reader.number(),
            future: reader.number(),
            ..nothing
        }
    }

    /// The dialect of that name; without a name, of those that need no pin, the one whose header is there, else the first.
    fn scheme(&self, preset: &'static Preset, delivery: &Delivery<'_>) -> Option<Scheme> {
        let mut found: Option<Scheme> = None;
        for dialect in preset.dialects {
            let (name, auto, scheme) = (&dialect.name, &dialect.auto, dialect.scheme());
            let header = if self.signature.is_empty() { &scheme.signature.header } else { self.signature };
            if self.dialect.is_empty() {
                let is_there = delivery.values(header).next().is_some();
                if *auto && (found.is_none() || is_there) {
                    found = Some(scheme);
                }
                if *auto && is_there {
                    break;
                }
            } else if *name == self.dialect {
                found = Some(scheme);
            }
        }
        let mut scheme = found?;
        replace(&mut scheme.signature.header, self.signature);
        if let Some(source) = &mut scheme.timestamp
            && !source.header.is_empty()
        {
            replace(&mut source.header, self.timestamp);
        }
        if let Some(source) = &mut scheme.id {
            replace(&mut source.header, self.id);
        }
        scheme.signature.encoding = self.encoding.unwrap_or(scheme.signature.encoding);
        scheme.key = self.key.unwrap_or(scheme.key);
        let tolerance = &mut scheme.tolerance;
        for (side, given) in [(&mut tolerance.past, self.past), (&mut tolerance.future, self.future)] {
            // Not a number: the sender's own.
            if !given.is_nan() {
                *side = given.is_finite().then(|| Duration::from_secs(given as u64));
            }
        }
        Some(scheme)
    }
}

fn replace(header: &mut Cow<'static, str>, name: &str) {
    if !name.is_empty() {
        *header = Cow::Owned(name.into());
    }
}

/// A word by its position plus one; 0 for none.
fn word<T: Copy>(reader: &mut Reader<'_>, words: &[T]) -> Option<T> {
    usize::from(reader.byte()).checked_sub(1).and_then(|at| words.get(at).copied())
}

/// The secrets, as in a set-up message but with a name before each; an empty one is the usual name.
fn secrets(reader: &mut Reader<'_>) -> Keyring {
    let mut secrets = Vec::new();
    while !reader.rest.is_empty() {
        let name = reader.text();
        let secret = reader.secret();
        secrets.push(if name.is_empty() { secret } else { secret.named(String::from(name)) });
    }
    Keyring::from(secrets)
}

/// The diagnosis as JSON. For its few kinds of values that is shorter than a library's way to it.
fn written(diagnosis: &Diagnosis) -> Vec<u8> {
    let mut json = Json(Vec::new());
    json.open("{");
    json.named("provider", diagnosis.provider);
    json.named("code", diagnosis.code.as_str());
    json.named("summary", &diagnosis.summary);
    json.name("steps");
    json.open("[");
    for step in &diagnosis.steps {
        json.open("{");
        json.named("name", step.name.as_str());
        json.name("ok");
        json.put(step.ok.map_or("null", word_of));
        json.name("saw");
        json.facts(&step.saw);
        json.close("}");
    }
    json.close("]");
    json.name("causes");
    json.open("[");
    for cause in &diagnosis.causes {
        json.open("{");
        json.named("code", cause.code.as_str());
        json.named("message", cause.message);
        json.named("fix", &cause.fix);
        json.name("proven");
        json.put(word_of(cause.proven));
        json.name("evidence");
        json.facts(&cause.evidence);
        json.close("}");
    }
    json.close("]");
    json.name("ruledOut");
    json.open("[");
    for code in &diagnosis.ruled_out {
        json.text(code.as_str());
    }
    json.close("]");
    json.name("complete");
    json.put(word_of(diagnosis.complete));
    json.close("}");
    json.0
}

const fn word_of(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// JSON in the making. A comma stands before whatever follows a value.
struct Json(Vec<u8>);

impl Json {
    #[inline(never)]
    fn put(&mut self, text: &str) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(b',');
        }
        self.0.extend_from_slice(text.as_bytes());
    }

    fn open(&mut self, bracket: &str) {
        self.put(bracket);
    }

    #[inline(never)]
    fn close(&mut self, bracket: &str) {
        self.0.extend_from_slice(bracket.as_bytes());
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.put("\"");
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
                0..=0x1f => {
                    self.0.extend_from_slice(b"\\u00");
                    for digit in [byte >> 4, byte & 15] {
                        self.0.push(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit });
                    }
                }
                other => self.0.push(other),
            }
        }
        self.0.push(b'"');
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.text(name);
        self.0.push(b':');
    }

    #[inline(never)]
    fn named(&mut self, name: &str, text: &str) {
        self.name(name);
        self.text(text);
    }

    fn facts(&mut self, facts: &Facts) {
        self.open("{");
        for (name, fact) in facts.iter() {
            self.name(name);
            match fact {
                Fact::None => self.put("null"),
                Fact::Flag(flag) => self.put(word_of(*flag)),
                Fact::Number(number) => {
                    let mut text = String::from(if *number < 0 { "-" } else { "" });
                    push_number(&mut text, number.unsigned_abs(), 1);
                    self.put(&text);
                }
                Fact::Text(text) => self.text(text),
                Fact::List(list) => {
                    self.open("[");
                    for facts in list {
                        self.facts(facts);
                    }
                    self.close("]");
                }
                _ => self.put("null"),
            }
        }
        self.close("}");
    }
}

// A list of what is free would be too slow: explaining allocates often.
type Inner = rlsf::SmallGlobalTlsf;

/// Zero-fills what is freed, so that no key, body or signature outlives its call.
struct Wiping(Inner);

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

#[global_allocator]
static ALLOCATOR: Wiping = Wiping(Inner::new());

/// Nothing panics; if something did, the call traps and JavaScript starts a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
