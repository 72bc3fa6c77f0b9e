//! Event types as the management APIs list them.

use alloc::string::String;

use countersign_core::Extra;
use serde::{Deserialize, Serialize};

/// An event type that can be subscribed to. The providers' pages do not say whether an answer has names or objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum EventType {
    /// Its name.
    Name(String),
    /// An object about it.
    Described(DescribedEvent),
}

/// An object about an event type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescribedEvent {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}
