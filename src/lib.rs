#![doc = include_str!("front.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "memory", feature = "redis"))]
extern crate std;

#[cfg(doctest)]
mod documents;
mod once;
mod stores;

pub use countersign_core::providers;
pub use countersign_core::{
    Algorithm, Authenticated, Claim, Code, DEFAULT_KEY_NAME, Delivery, Dialect, Encoding, Event, EventPaths, Extra,
    HeaderPair, IdHeader, KeyFormat, Keyring, Provider, ReplayMemory, Scheme, SchemeError, Secret, SecretError,
    SetupError, SignError, SignOptions, SignatureHeader, SignedHeaders, TimestampFormat, TimestampSource, Token,
    Tolerance, UnixTime, UnknownProvider, VerifyError, Webhook, detect,
};
#[cfg(feature = "diagnose")]
#[doc(inline)]
pub use countersign_diagnose as diagnose;
#[cfg(feature = "dispatch")]
#[doc(inline)]
pub use countersign_dispatch as dispatch;
#[cfg(feature = "endpoint")]
#[doc(inline)]
pub use countersign_endpoint as endpoint;
pub use once::{Outcome, ReplayStore, StoreError, StoreFuture, handle_once};
#[cfg(feature = "memory")]
pub use stores::MemoryStore;
#[cfg(feature = "redis")]
pub use stores::RedisStore;
