//! Remembers in this process: the replay memory behind a lock, with the machine's clock.

use core::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use countersign_core::{Claim, ReplayMemory, Token, UnixTime};

use crate::once::ReplayStore;

/// A bounded [`ReplayStore`] in this process. It is empty after a restart, and other processes do not see it.
///
/// When it is full, the committed key that would expire first makes room.
#[derive(Debug)]
pub struct MemoryStore {
    memory: Mutex<ReplayMemory>,
    /// Its clock counts from here: nobody can set it, unlike the time of day.
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
    type Token = Token;
    type Error = Infallible;

    async fn claim(&self, replay_key: &str, lease: u64) -> Result<Claim, Infallible> {
        Ok(self.memory().claim(replay_key, self.now(), lease))
    }

    async fn commit(&self, token: &Token, keep: u64) -> Result<bool, Infallible> {
        Ok(self.memory().commit(token, self.now().plus(keep)))
    }

    async fn release(&self, token: &Token) -> Result<bool, Infallible> {
        Ok(self.memory().release(token))
    }
}
