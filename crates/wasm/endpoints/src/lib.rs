//! The module of `countersign/endpoints`: one function, from a question in JSON to an answer in JSON, without imports.
//!
//! Rules: it wipes nothing itself, since JavaScript gives every call an instance of its own and wipes all of its memory
//! afterwards; for the same reason nothing is ever freed. No answer repeats a value that may be a secret, but for the
//! request that is asked for.

#![no_std]

extern crate alloc;

mod management;
mod rules;

use alloc::string::String;
use alloc::vec::Vec;

use countersign_endpoint::{EndpointCode, EndpointError, UrlParts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What is wrong, as JavaScript gets it.
struct Problem {
    code: EndpointCode,
    field: String,
    detail: String,
}

impl Problem {
    fn new(code: EndpointCode, field: &str) -> Self {
        Self { code, field: field.into(), detail: String::new() }
    }

    fn because(self, detail: &str) -> Self {
        Self { detail: detail.into(), ..self }
    }

    fn to_json(&self) -> Value {
        let mut message = String::from(self.code.sentence());
        if !self.detail.is_empty() {
            message = message + " " + &self.detail;
        }
        object([
            ("code", self.code.as_str().into()),
            ("field", self.field.as_str().into()),
            ("message", message.into()),
            ("fix", self.code.fix().into()),
        ])
    }
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        Self { code: error.code(), field: error.field().into(), detail: error.detail().into() }
    }
}

/// The arguments of a call, by name.
struct Arguments(Map<String, Value>);

impl Arguments {
    /// One that is not there is null.
    fn take(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map(Value::take).unwrap_or_default()
    }

    /// Settings are told where they are malformed by their type in TypeScript; their JSON nobody has seen.
    #[inline(never)]
    fn read<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Problem> {
        serde_json::from_value(self.take(name)).map_err(|_| Problem::new(EndpointCode::Malformed, ""))
    }

    fn object(&mut self, name: &str) -> Self {
        match self.take(name) {
            Value::Object(fields) => Self(fields),
            _ => Self(Map::new()),
        }
    }

    fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Value::Array(items) => items,
            _ => Vec::new(),
        }
    }

    /// One that is there has to be a whole number in the range of the type.
    fn number<T: TryFrom<i64>>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        match self.take(name) {
            Value::Null => Ok(None),
            value => match value.as_i64().map(T::try_from) {
                Some(Ok(number)) => Ok(Some(number)),
                _ => Err(Problem::new(EndpointCode::Malformed, name)),
            },
        }
    }

    fn needed<T: TryFrom<i64>>(&mut self, name: &str) -> Result<T, Problem> {
        self.number(name)?.ok_or_else(|| Problem::new(EndpointCode::Malformed, name))
    }

    fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }
}

/// The macro `json!` would weigh as much as all of this file.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.into(), value);
    }
    Value::Object(object)
}

/// Answers a question: `{"ok": …}`, or `{"problem": …}`.
#[must_use]
pub fn answer(question: &[u8]) -> Vec<u8> {
    let outcome = match serde_json::from_slice(question) {
        Ok(Value::Object(arguments)) => call(Arguments(arguments)),
        _ => Err(Problem::new(EndpointCode::Malformed, "")),
    };
    let answer = match outcome {
        Ok(value) => object([("ok", value)]),
        Err(problem) => object([("problem", problem.to_json())]),
    };
    serde_json::to_vec(&answer).unwrap_or_default()
}

/// How the engine reads the texts that a call is about: its own parser saves the tables of names in other scripts, which
/// would weigh more than all the rest. Any other text is no URL.
struct Urls(Vec<Value>);

impl Urls {
    fn read(&self, text: &str) -> Option<UrlParts> {
        let pair = |pair: &Value| match pair.as_array()?.as_slice() {
            [given, normal] if given == text => Some(UrlParts::from_normal_form(normal.as_str()?)),
            _ => None,
        };
        self.0.iter().find_map(pair)
    }
}

fn call(mut arguments: Arguments) -> Result<Value, Problem> {
    let urls = Urls(arguments.list("read"));
    let read = |text: &str| urls.read(text);
    match arguments.text("call").as_str() {
        "request" => management::request(arguments, &read),
        name => rules::call(name, arguments, &read),
    }
}

#[cfg(target_arch = "wasm32")]
#[allow(unreachable_pub)] // exported to JavaScript, not to Rust
mod boundary {
    use alloc::vec::Vec;

    use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};

    // SAFETY: a wasm32 module without threads runs one call at a time.
    #[global_allocator]
    static ALLOCATOR: AssumeSingleThreaded<LeakingAllocator> =
        unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };

    /// Nothing panics; if something did, or the memory ran out, the call traps.
    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }

    /// Makes room for a question of that many bytes and says where it goes.
    #[unsafe(no_mangle)]
    pub extern "C" fn room(len: usize) -> *mut u8 {
        alloc::vec![0; len].leak().as_mut_ptr()
    }

    /// Answers the question there: a length (u32, little-endian) and so many bytes.
    #[allow(clippy::missing_safety_doc)] // as above
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn ask(question: *const u8, len: usize) -> *const u8 {
        // SAFETY: JavaScript has filled what `room` gave it.
        let answer = super::answer(unsafe { core::slice::from_raw_parts(question, len) });
        let length = (answer.len() as u32).to_le_bytes();
        let whole: Vec<u8> = length.into_iter().chain(answer).collect();
        whole.leak().as_ptr()
    }
}
