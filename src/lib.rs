#![doc = include_str!("front.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "memory", feature = "redis"))]
extern crate std;

#[cfg(doctest)]
mod documents;
#[cfg(feature = "js")]
pub mod js;
pub mod once;

pub use countersign_core::providers;
pub use countersign_core::{
    Algorithm, Authenticated, Code, DEFAULT_KEY_NAME, DEFAULT_LARGEST_BODY, Delivery, Dialect, Difference, Encoding,
    Event, EventPaths, Extra, HeaderPair, IdHeader, KeyFormat, Keyring, PayloadError, Provider, ProviderDialect,
    Scheme, SchemeError, Secret, SecretError, SetupError, SignError, SignOptions, SignatureHeader, SignedHeaders,
    TimestampFormat, TimestampSource, Tolerance, UnixTime, UnknownProvider, VerifyError, Webhook, detect,
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
