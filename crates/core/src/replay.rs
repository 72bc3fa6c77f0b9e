//! What to remember so that a delivery is handled once: claim, handle, then commit or release. Pure state.
//!
//! Rules: claim only after the signature is valid, so strangers cannot fill the memory; a claim is a lease, so a
//! handler that dies loses nothing (the provider's next attempt claims anew); only the holder of the newest token of a
//! key may commit or release it. Storage is bounded. The clock is the caller's.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use core::time::Duration;

use crate::crypto;
use crate::time::UnixTime;

/// A bounded memory of replay keys.
///
/// ```
/// use core::time::Duration;
/// use countersign::once::{Claim, ReplayMemory};
/// use countersign::UnixTime;
/// let (minute, day) = (Duration::from_secs(60), Duration::from_secs(86_400));
/// let mut memory = ReplayMemory::new(100_000);
/// let now = UnixTime::from_secs(1_767_225_600);
/// let Claim::New(token) = memory.claim("stripe:id:evt_1", now, minute) else { panic!() };
/// // … handle the event …
/// memory.commit(&token, now.plus(3 * day));
/// assert!(matches!(memory.claim("stripe:id:evt_1", now, minute), Claim::Done));
/// ```
#[derive(Clone, Debug)]
pub struct ReplayMemory {
    entries: BTreeMap<Digest, Entry>,
    /// Committed keys by end. When the memory is full, the one that ends first makes room.
    done: BTreeSet<(UnixTime, Digest)>,
    /// Claimed keys by the end of their lease. They never make room: their handlers still run.
    leased: BTreeSet<(UnixTime, Digest)>,
    capacity: usize,
    claims: u128,
}

/// Half of the SHA-256 of a replay key, whose size does not depend on what a provider uses as id.
type Digest = [u8; 16];

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The last second of the lease, or of the memory of a committed key.
    end: UnixTime,
    /// The claim that holds the lease; `None` once committed.
    claim: Option<u128>,
}

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "only Claim::New allows the handler to run"]
#[non_exhaustive]
pub enum Claim {
    /// Nobody holds the key: handle the event, then commit or release with this token.
    New(Token),
    /// Another handler holds the key, for at most this long. Answer 409 with these seconds as `Retry-After`.
    InProgress(Duration),
    /// The event was handled. Answer 200.
    Done,
    /// The memory is full of leases that still run. Answer 503, so that the provider tries again.
    Full,
}

/// The right to commit or release one claim of a replay key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    replay_key: String,
    claim: u128,
}

impl Token {
    /// For a store of your own: the claimed key, and what tells this claim from every other claim of it.
    pub fn new(replay_key: impl Into<String>, claim: u128) -> Self {
        Self { replay_key: replay_key.into(), claim }
    }

    /// The claimed key.
    #[must_use]
    pub fn replay_key(&self) -> &str {
        &self.replay_key
    }

    /// What tells this claim from every other claim of the key.
    #[must_use]
    pub const fn claim(&self) -> u128 {
        self.claim
    }
}

impl ReplayMemory {
    /// An empty memory for at most this many keys; about 150 bytes each.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { entries: BTreeMap::new(), done: BTreeSet::new(), leased: BTreeSet::new(), capacity, claims: 0 }
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Claims the [replay key](crate::Event::replay_key) of a verified event for the length of the lease, which is the
    /// longest that its handler may take.
    pub fn claim(&mut self, replay_key: &str, now: UnixTime, lease: Duration) -> Claim {
        let digest = digest_of(replay_key);
        match self.entries.get(&digest).copied() {
            Some(entry) if entry.end < now => self.forget(digest, entry),
            Some(Entry { claim: None, .. }) => return Claim::Done,
            // The last second belongs to the lease, so the key is free one second later.
            Some(entry) => return Claim::InProgress(entry.end.since(now).saturating_add(Duration::from_secs(1))),
            None => {}
        }
        if self.entries.len() >= self.capacity && !self.make_room(now) {
            return Claim::Full;
        }
        self.claims += 1;
        let claim = self.claims;
        self.remember(digest, Entry { end: now.plus(lease), claim: Some(claim) });
        Claim::New(Token::new(replay_key, claim))
    }

    /// The handler succeeded: remembers the key until `expires` (see [`Event::expires`](crate::Event::expires)).
    /// `false`, and nothing changes, if the lease was over and another handler has claimed the key since.
    pub fn commit(&mut self, token: &Token, expires: UnixTime) -> bool {
        self.take(token) && {
            self.remember(digest_of(token.replay_key()), Entry { end: expires, claim: None });
            true
        }
    }

    /// The handler failed: forgets the key, so that the provider's next attempt is handled. `false` as for
    /// [`commit`](Self::commit).
    pub fn release(&mut self, token: &Token) -> bool {
        self.take(token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let digest = digest_of(token.replay_key());
        match self.entries.get(&digest).copied() {
            Some(entry) if entry.claim == Some(token.claim()) => {
                self.forget(digest, entry);
                true
            }
            _ => false,
        }
    }

    fn remember(&mut self, digest: Digest, entry: Entry) {
        self.order(entry).insert((entry.end, digest));
        self.entries.insert(digest, entry);
    }

    fn forget(&mut self, digest: Digest, entry: Entry) {
        self.order(entry).remove(&(entry.end, digest));
        self.entries.remove(&digest);
    }

    const fn order(&mut self, entry: Entry) -> &mut BTreeSet<(UnixTime, Digest)> {
        match entry.claim {
            Some(_) => &mut self.leased,
            None => &mut self.done,
        }
    }

    /// Drops every key that has expired; where there is none, the committed key that would expire first.
    fn make_room(&mut self, now: UnixTime) -> bool {
        let before = self.entries.len();
        for order in [&mut self.leased, &mut self.done] {
            while let Some(&(end, digest)) = order.first() {
                if end >= now {
                    break;
                }
                order.pop_first();
                self.entries.remove(&digest);
            }
        }
        if self.entries.len() == before
            && let Some((_, digest)) = self.done.pop_first()
        {
            self.entries.remove(&digest);
        }
        self.entries.len() < before
    }
}

fn digest_of(replay_key: &str) -> Digest {
    let digest = crypto::sha256(replay_key.as_bytes());
    let mut half = Digest::default();
    for (to, from) in half.iter_mut().zip(digest) {
        *to = from;
    }
    half
}
