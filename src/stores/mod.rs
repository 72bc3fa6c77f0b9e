//! Where handled deliveries are remembered. The only folder of this crate with a clock, randomness or a
//! socket. A file is a feature.

#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "memory")]
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
