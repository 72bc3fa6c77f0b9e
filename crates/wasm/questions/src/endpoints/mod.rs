//! The rules of sending. No answer repeats a value that may be a secret, but for the request that is asked for.

mod arguments;
mod management;
mod problem;
mod reply;
mod rules;

use alloc::vec::Vec;

use countersign_endpoint::{EndpointCode, UrlParts};
use serde_json::Value;

use self::arguments::Arguments;
use self::problem::Problem;
use self::reply::Reply;
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
