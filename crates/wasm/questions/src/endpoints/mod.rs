//! The rules of sending. No answer repeats a value that may be a secret, but for the request that is asked for.

mod arguments;
mod management;
mod rules;

use alloc::string::String;
use alloc::vec::Vec;

use countersign_endpoint::{EndpointCode, EndpointError, engine};
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
    engine::give(given.list("read").into_iter().filter_map(read).collect());
    match given.text("call").as_str() {
        "request" => management::request(given),
        name => rules::call(name, given),
    }
}

fn read(pair: Value) -> Option<(String, Option<String>)> {
    let [text, normal] = pair.as_array()?.as_slice() else { return None };
    Some((text.as_str()?.into(), normal.as_str().map(Into::into)))
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
