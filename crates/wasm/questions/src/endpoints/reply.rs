//! What a call says, as JavaScript gets it.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::UnixTime;
use countersign_endpoint::retry::Breaker;
use serde::Serialize;
use serde_json::{Map, Value};

use super::problem::Said;

/// What a call says.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Reply {
    Nothing,
    Flag(bool),
    Problems(Vec<Said>),
    Destination {
        url: String,
        host: String,
        kind: &'static str,
        port: u16,
    },
    Next(NextAttempt),
    Breaker(BreakerReply),
    Request {
        method: &'static str,
        url: String,
        headers: Map<String, Value>,
        body: String,
    },
    /// What an API has answered.
    Api(Value),
}

/// When to try again, or why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NextAttempt {
    pub(super) next: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<&'static str>,
}

/// What a breaker says, and the breaker afterwards.
#[derive(Serialize)]
pub(super) struct BreakerReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admission: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<UnixTime>,
    pub(super) breaker: Breaker,
}
