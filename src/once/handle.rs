//! Handles each verified delivery once: claim its replay key, run the handler, then commit, or release where it failed.
//!
//! Rules: an [`Event`] is the proof that the signature is valid, so strangers write nothing to a store; a store is told
//! lengths of time and measures them by its own clock, so that the clocks of several machines need not agree.

use alloc::boxed::Box;
use core::error::Error;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;

use countersign_core::{Claim, Code, Event, Token, UnixTime};

/// The future of a store's answer: boxed, so that programs can hold an `Arc<dyn ReplayStore>`.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where handled deliveries are remembered: `MemoryStore`, `RedisStore`, or your own.
///
/// A claim must be atomic over everybody who uses the same store, and only the holder of the newest token of a key may
/// commit or release it.
pub trait ReplayStore: Send + Sync {
    /// Claims a [replay key](Event::replay_key) for the length of the lease. A claim whose lease is over counts as
    /// never made.
    fn claim<'a>(&'a self, replay_key: &'a str, lease: Duration) -> StoreFuture<'a, Claim>;

    /// The handler succeeded: remembers the key for this long from now, also where its lease is over and nobody has
    /// claimed the key since. `false`, and nothing changes, if another handler has claimed the key.
    fn commit<'a>(&'a self, token: &'a Token, keep: Duration) -> StoreFuture<'a, bool>;

    /// The handler failed: forgets the key. `false`, and nothing changes, if another handler has claimed the key.
    fn release<'a>(&'a self, token: &'a Token) -> StoreFuture<'a, bool>;
}

/// Why a store could not answer; [`source`](Error::source) is the store's own error.
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// The store's own error, or a text.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The replay store could not answer: {}", self.0)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// What came of a delivery. `T` and `E` are what the handler returns.
#[derive(Debug)]
#[must_use = "the status to answer the provider with depends on it"]
#[non_exhaustive]
pub enum Outcome<T, E> {
    /// The handler has succeeded, and its key is remembered.
    Handled(T),
    /// The handler has succeeded, but the key is not remembered: the store failed, or (`None`) the lease was over and
    /// another handler has claimed the key. The delivery is or will be handled twice: look into it, and answer 200 all
    /// the same.
    HandledButForgotten(T, Option<StoreError>),
    /// The handler has failed. The key is free again, so that the provider's next attempt is handled.
    Failed(E),
    /// The delivery was handled by an earlier attempt: the handler did not run.
    Duplicate,
    /// Another handler holds the key, for at most this long: the handler did not run.
    InProgress(Duration),
    /// The store is full of leases that still run: the handler did not run.
    Full,
    /// The store could not answer: the handler did not run.
    StoreFailed(StoreError),
}

impl<T, E> Outcome<T, E> {
    /// The HTTP status to answer with. Every one but 200 makes the provider try again.
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
            Self::InProgress(left) => Some(left.as_secs()),
            _ => None,
        }
    }
}

/// Runs the handler of a verified event, unless it has run before.
///
/// `now` is the time that the event was verified at. `lease` is the longest that a handler may take: until the handler
/// ends, the same delivery is [`InProgress`](Outcome::InProgress). If the handler panics, or this future is dropped
/// because the provider has hung up, or the process dies, nothing is released: what the handler started may still be
/// running. The lease ends by itself, and the provider's next attempt after that is handled.
///
/// ```
/// # async fn doc(store: &dyn countersign::once::ReplayStore, event: &countersign::Event<'_>, now: countersign::UnixTime) {
/// use core::time::Duration;
/// use countersign::once::{Outcome, handle_once};
/// # async fn save(_: &countersign::Event<'_>) -> Result<(), &'static str> { Ok(()) }
/// let outcome = handle_once(store, event, now, Duration::from_secs(60), || save(event)).await;
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
    lease: Duration,
    handler: impl FnOnce() -> F,
) -> Outcome<T, E>
where
    S: ReplayStore + ?Sized,
    F: Future<Output = Result<T, E>>,
{
    let token = match store.claim(&event.replay_key(), lease).await {
        Ok(Claim::New(token)) => token,
        Ok(Claim::Done) => return Outcome::Duplicate,
        Ok(Claim::InProgress(left)) => return Outcome::InProgress(left),
        // `Full`, or what a later version of the core may answer: nothing was claimed.
        Ok(_) => return Outcome::Full,
        Err(error) => return Outcome::StoreFailed(error),
    };
    match handler().await {
        Ok(value) => {
            // `expires` includes its last second, and `now` has lost its fraction.
            let keep = event.expires().since(now).saturating_add(Duration::from_secs(1));
            match store.commit(&token, keep).await {
                Ok(true) => Outcome::Handled(value),
                Ok(false) => Outcome::HandledButForgotten(value, None),
                Err(error) => Outcome::HandledButForgotten(value, Some(error)),
            }
        }
        Err(error) => {
            // A key that cannot be released is free when its lease ends. The handler's own error says more than the
            // store's.
            drop(store.release(&token).await);
            Outcome::Failed(error)
        }
    }
}
