//! Remembers in this process: the replay memory behind a lock, with the machine's clock.

use core::time::Duration;
use std::boxed::Box;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use countersign_core::{Claim, ReplayMemory, Token, UnixTime};

use super::handle::{ReplayStore, StoreFuture};

/// A bounded [`ReplayStore`] in this process. It is empty after a restart, and other processes do not see it.
///
/// When it is full, the committed key that would expire first makes room.
#[derive(Debug)]
pub struct MemoryStore {
    memory: Mutex<ReplayMemory>,
    /// The store's clock counts from here. Nobody can set it, unlike the time of day.
    start: Instant,
}

impl MemoryStore {
    /// An empty store for at most this many keys; about 150 bytes each.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { memory: Mutex::new(ReplayMemory::new(capacity)), start: Instant::now() }
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.memory().len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.memory().is_empty()
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.start.elapsed().as_secs())
    }

    fn memory(&self) -> MutexGuard<'_, ReplayMemory> {
        // The memory calls nobody's code, so no panic leaves it half changed.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReplayStore for MemoryStore {
    fn claim<'a>(&'a self, replay_key: &'a str, lease: Duration) -> StoreFuture<'a, Claim> {
        Box::pin(async move { Ok(self.memory().claim(replay_key, self.now(), lease)) })
    }

    fn commit<'a>(&'a self, token: &'a Token, keep: Duration) -> StoreFuture<'a, bool> {
        Box::pin(async move { Ok(self.memory().commit(token, self.now().plus(keep))) })
    }

    fn release<'a>(&'a self, token: &'a Token) -> StoreFuture<'a, bool> {
        Box::pin(async move { Ok(self.memory().release(token)) })
    }
}
