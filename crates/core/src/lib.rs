//! The core of [countersign](https://docs.rs/countersign): verifies and signs webhook deliveries. No I/O, no clock, no
//! randomness. Programs use it through the crate `countersign`.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod crypto;
mod delivery;
mod detect;
mod difference;
mod envelope;
mod error;
mod event;
mod fields;
mod form;
mod habits;
mod headers;
mod json;
mod lead;
mod nearest;
mod no_secret;
mod payload_error;
mod provider;
pub mod providers;
mod reader;
mod replay;
mod retries;
mod scheme;
mod secret;
mod shape;
mod sign;
mod time;
mod verify;
mod vocabulary;
mod webhook;

pub use crypto::Algorithm;
pub use delivery::{Delivery, HeaderPair};
pub use detect::detect;
pub use difference::Difference;
pub use error::{Code, SchemeError, SecretError, SignError, VerifyError};
pub use event::{Authenticated, Event};
pub use fields::Extra;
pub use payload_error::PayloadError;
pub use provider::{DEFAULT_LARGEST_BODY, Dialect, Provider, ProviderDialect, UnknownProvider};
pub use replay::{Claim, ReplayMemory, Token};
pub use scheme::{Encoding, EventPaths, IdHeader, KeyFormat, Scheme, SignatureHeader, TimestampSource, Tolerance};
pub use secret::{DEFAULT_KEY_NAME, Keyring, Secret};
pub use sign::{SignOptions, SignedHeaders};
pub use time::{TimestampFormat, UnixTime};
pub use webhook::{SetupError, Webhook};

/// What the other crates of countersign use beside the API. It is no part of the API and may change in any release, so
/// these crates depend on one another's exact version.
#[doc(hidden)]
pub mod internal {
    pub use crate::crypto::{Key, Running, SignatureBytes, Tries};
    pub use crate::delivery::{LONGEST_HEADER, is_header_name, unjoin};
    pub use crate::error::{Clue, Hint, Why};
    pub use crate::event::{Documented, read_as_documented};
    pub use crate::habits::{Habits, JsonSpacing, JsonStrings};
    pub use crate::provider::{About, Preset, Sent, Signs};
    pub use crate::providers::{HABITS, PRESETS};
    pub use crate::retries::{Retries, Waits};
    pub use crate::scheme::{MAX_PIECES, Piece, pieces, uses};
    pub use crate::secret::{WrongKind, key_from_text, secret_parts};
    pub use crate::shape::{Is, Part, Shape};
    pub use crate::time::{LAST_SECOND_OF_9999, civil_from_days, days_from_civil, days_in_month, digits, push_number};
    pub use crate::verify::Proof;
    pub use crate::webhook::{CUSTOM, DEFAULT_RETRY_HORIZON};
    pub use crate::words;

    /// Digests, comparison in constant time, and the text forms of bytes.
    pub mod crypto {
        pub use crate::crypto::{base64, base64_secret, hex, same, sha256, sha256_hex, to_base64, to_hex, utf8};
    }
}
