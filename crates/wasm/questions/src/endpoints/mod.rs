//! The rules of sending. No answer repeats a value that may be a secret, but for the request that is asked for.

mod arguments;
mod management;
mod rules;

use alloc::string::String;
use alloc::vec::Vec;

use countersign_endpoint::{EndpointCode, EndpointError, UrlParts};
use serde::Serialize;
use serde_json::{Map, Value};

use self::arguments::Arguments;
use crate::written;

/// Answers a question: `{"ok": …}`, or `{"problem": …}`. Nothing is attached to it.
#[must_use]
pub fn answer(json: &[u8], _attached: &[u8]) -> Vec<u8> {
    let reply = match serde_json::from_slice(json) {
        Ok(Value::Object(arguments)) => call(Arguments::new(arguments)),
        _ => Err(Problem::new(EndpointCode::Malformed, "")),
    };
    written(reply.map_err(Problem::said))
}

fn call(mut given: Arguments) -> Result<Reply, Problem> {
    let urls = Urls(given.list("read"));
    let read = |text: &str| urls.read(text);
    match given.text("call").as_str() {
        "request" => management::request(given, &read),
        name => rules::call(name, given, &read),
    }
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

/// What a call says.
#[derive(Serialize)]
#[serde(untagged)]
enum Reply {
    Nothing,
    Flag(bool),
    Problems(Vec<Said>),
    Destination {
        url: String,
        host: String,
        kind: &'static str,
        port: u16,
    },
    Next(rules::NextAttempt),
    Breaker(rules::BreakerReply),
    Request {
        method: &'static str,
        url: String,
        headers: Map<String, Value>,
        body: String,
    },
    /// What an API has answered.
    Api(Value),
}

/// What is wrong.
struct Problem {
    code: EndpointCode,
    field: String,
    detail: String,
}

/// A problem as JavaScript gets it.
#[derive(Serialize)]
struct Said {
    code: &'static str,
    field: String,
    message: String,
    fix: &'static str,
}

impl Problem {
    fn new(code: EndpointCode, field: &str) -> Self {
        Self { code, field: field.into(), detail: String::new() }
    }

    fn because(self, detail: &str) -> Self {
        Self { detail: detail.into(), ..self }
    }

    fn said(self) -> Said {
        let mut message = String::from(self.code.sentence());
        if !self.detail.is_empty() {
            message = message + " " + &self.detail;
        }
        Said { code: self.code.as_str(), field: self.field, message, fix: self.code.fix() }
    }
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        Self { code: error.code(), field: error.field().into(), detail: error.detail().into() }
    }
}
