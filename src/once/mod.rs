//! Handles each delivery once: providers send a delivery again when its answer was lost, and attackers send it again when
//! they have seen it.
//!
//! [`handle_once`] claims the event's [replay key](crate::Event::replay_key), runs the handler, and then commits the key,
//! or releases it where the handler has failed, so that the provider's next attempt is handled. Keys are made of signed
//! material only, and an [`Event`](crate::Event) is the proof of a valid signature: strangers write nothing to a store.
//!
//! A store is a [`ReplayStore`]: `MemoryStore` (feature `memory`), `RedisStore` (feature `redis`, for several receivers), or
//! one of your own. [`ReplayMemory`] is the pure state behind the first, for programs without `std`.
//!
//! This is the only folder of the crate with a clock, randomness or a socket.

mod handle;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "redis")]
mod redis;

pub use countersign_core::{Claim, ReplayMemory, Token};
pub use handle::{Outcome, ReplayStore, StoreError, StoreFuture, handle_once};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
