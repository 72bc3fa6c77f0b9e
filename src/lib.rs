#![doc = include_str!("front.md")]
#![no_std]
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
#![cfg_attr(feature = "wasm", allow(dead_code))]

extern crate alloc;
#[cfg(any(feature = "dispatch", feature = "memory", feature = "redis"))]
extern crate std;

mod crypto;
mod delivery;
mod detect;
// The default module leaves it out; so that not even its calls of shared code weigh there, it is not compiled at all.
#[cfg(any(not(feature = "wasm"), feature = "explain"))]
mod diagnose;
#[cfg(feature = "dispatch")]
pub mod dispatch;
#[cfg(doctest)]
mod documents;
#[cfg(any(feature = "endpoint", feature = "engine"))]
pub mod endpoint;
mod envelope;
mod error;
mod event;
mod json;
#[cfg(any(feature = "endpoint", feature = "engine"))]
pub mod management;
mod once;
mod provider;
mod providers;
mod replay;
#[cfg(any(feature = "endpoint", feature = "engine"))]
pub mod retry;
mod scheme;
mod secret;
mod sign;
mod stores;
mod time;
mod verify;
#[cfg(feature = "wasm")]
mod wasm;
mod webhook;

pub use crypto::Algorithm;
pub use delivery::{Delivery, HeaderPair};
pub use detect::detect;
#[cfg(any(not(feature = "wasm"), feature = "explain"))]
pub use diagnose::{Cause, CauseCode, Diagnosing, Diagnosis, Fact, Facts, Framework, Step};
pub use envelope::Extra;
pub use error::{Code, SchemeError, SecretError, SignError, VerifyError};
pub use event::{Authenticated, Event};
pub use once::{Outcome, ReplayStore, handle_once};
pub use provider::{About, Dialect, Is, Part, Provider, Sent, Shape};
pub use providers::*;
pub use replay::{Claim, ReplayMemory, Token};
pub use scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
pub use secret::{DEFAULT_KEY_NAME, Keyring, Secret, WrongKind};
pub use sign::{SignedHeaders, Signing};
#[cfg(feature = "memory")]
pub use stores::MemoryStore;
#[cfg(feature = "redis")]
pub use stores::{RedisStore, RedisToken};
pub use time::{TimestampFormat, UnixTime};
pub use webhook::{SetupError, Webhook};
