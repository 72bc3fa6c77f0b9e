//! Handles each verified delivery once: claim its replay key, run the handler, then commit, or release where it failed.
//!
//! Rules: an [`Event`] is the proof that the signature is valid, so strangers write nothing to a store; a store is asked
//! for lengths of time and measures them by its own clock, so that the clocks of several machines need not agree.

use core::future::Future;

use countersign_core::{Claim, Code, Event, UnixTime};

/// Where handled deliveries are remembered: `MemoryStore`, `RedisStore`, or your own.
///
/// A claim must be atomic over everybody who uses the same store, and only the holder of the newest token of a key may
/// commit or release it. Times are lengths in seconds.
pub trait ReplayStore: Sync {
    /// The right to commit or release one claim.
    type Token: Send + Sync;
    /// Why the store could not answer.
    type Error: Send;

    /// Claims a [replay key](Event::replay_key) for `lease` seconds. A claim whose lease is over counts as never made.
    fn claim(
        &self,
        replay_key: &str,
        lease: u64,
    ) -> impl Future<Output = Result<Claim<Self::Token>, Self::Error>> + Send;

    /// The handler succeeded, be it after its lease: remembers the key for `keep` more seconds.
    /// `false`, and nothing changes, if another claim has taken over.
    fn commit(&self, token: &Self::Token, keep: u64) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// The handler failed: forgets the key. `false`, and nothing changes, if another claim has taken over.
    fn release(&self, token: &Self::Token) -> impl Future<Output = Result<bool, Self::Error>> + Send;
}

/// What became of a delivery: `T` and `E` are the handler's, `S` is the store's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the sender gets an answer by this"]
pub enum Outcome<T, E, S> {
    /// The handler has succeeded, and its key is remembered.
    Handled(T),
    /// The handler has succeeded, but the store failed, or the lease was over and another handler has claimed it
    /// (`None`). The delivery is or will be handled twice: look into it, and answer 200 all the same.
    HandledButForgotten(T, Option<S>),
    /// The handler has failed. The key is free again, so that the sender's next attempt is handled.
    Failed(E),
    /// Handled before: the handler did not run.
    Duplicate,
    /// Another handler holds it for so many more seconds at most: the handler did not run.
    InProgress(u64),
    /// The store is full of leases that still run: the handler did not run.
    Full,
    /// The store could not answer: the handler did not run.
    StoreFailed(S),
}

impl<T, E, S> Outcome<T, E, S> {
    /// The HTTP status to answer with. Every one but 200 makes the sender try again.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Handled(_) | Self::HandledButForgotten(..) => 200,
            Self::Duplicate => Code::Duplicate.status(),
            Self::InProgress(_) => Code::InProgress.status(),
            Self::Failed(_) => 500,
            Self::Full | Self::StoreFailed(_) => 503,
        }
    }

    /// The stable code, where replay protection has answered instead of the handler.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Duplicate => Some(Code::Duplicate),
            Self::InProgress(_) => Some(Code::InProgress),
            _ => None,
        }
    }

    /// The seconds for the header `Retry-After`, which belongs to the answer 409.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::InProgress(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// Runs the handler of a verified event, unless it has run before.
///
/// `now` is the time that the event was verified at. `lease` is the longest that a handler may take, in seconds: while it
/// runs, the same delivery is [`InProgress`](Outcome::InProgress). If the handler panics, or this future is dropped
/// because the sender has hung up, or the process dies, nothing is released: what the handler started may still be
/// running. The lease ends by itself, and the sender's next attempt after that is handled.
///
/// ```
/// # async fn doc<S: countersign::ReplayStore>(store: &S, event: &countersign::Event<'_>, now: countersign::UnixTime) {
/// use countersign::{Outcome, handle_once};
/// # async fn save(_: &countersign::Event<'_>) -> Result<(), &'static str> { Ok(()) }
/// let outcome = handle_once(store, event, now, 60, || save(event)).await;
/// if let Outcome::Failed(error) = &outcome {
///     eprintln!("{error}");
/// }
/// let (status, retry_after) = (outcome.status(), outcome.retry_after());
/// # }
/// ```
pub async fn handle_once<S, T, E, F>(
    store: &S,
    event: &Event<'_>,
    now: UnixTime,
    lease: u64,
    handler: impl FnOnce() -> F,
) -> Outcome<T, E, S::Error>
where
    S: ReplayStore,
    F: Future<Output = Result<T, E>>,
{
    let token = match store.claim(&event.replay_key(), lease).await {
        Ok(Claim::New(token)) => token,
        Ok(Claim::Done) => return Outcome::Duplicate,
        Ok(Claim::InProgress(seconds)) => return Outcome::InProgress(seconds),
        Ok(Claim::Full) => return Outcome::Full,
        Err(error) => return Outcome::StoreFailed(error),
    };
    match handler().await {
        Ok(value) => {
            // `expires` includes its last second, and `now` has lost its fraction.
            let keep = event.expires().since(now).saturating_add(1);
            match store.commit(&token, keep).await {
                Ok(true) => Outcome::Handled(value),
                Ok(false) => Outcome::HandledButForgotten(value, None),
                Err(error) => Outcome::HandledButForgotten(value, Some(error)),
            }
        }
        Err(error) => {
            // If that fails, the lease ends by itself; what the handler said is worth more.
            drop(store.release(&token).await);
            Outcome::Failed(error)
        }
    }
}
