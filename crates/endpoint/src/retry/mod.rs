//! When to try a delivery again: pure rules over an attempt, its outcome, the time and a random number.
//!
//! Two counts that are never mixed: `attempt` counts from 1 and includes the first; `max_retries` counts only
//! the attempts after the first. Five attempts are four retries.
//!
//! ```
//! use core::time::Duration;
//! use countersign::UnixTime;
//! use countersign::endpoint::retry::{GivenUp, Next, Outcome, RetryPolicy};
//! let policy = RetryPolicy::new().max_retries(4);
//! let failed = Outcome::Answered { status: 503, retry_after: Some("3600") };
//! let now = UnixTime::from_secs(1_767_225_600);
//! assert_eq!(policy.next(1, &failed, now, 0), Next::Retry { after: Duration::from_secs(3600) });
//! assert_eq!(policy.next(5, &failed, now, 0), Next::DeadLetter(GivenUp::Exhausted));
//! ```

mod breaker;
mod error;
mod http_date;
mod outcome;
mod policy;
mod retry_after;
mod schedule;

pub use breaker::{Admission, Breaker, BreakerPolicy, BreakerState, Change};
pub use error::RetryError;
pub use outcome::{GivenUp, Next, Outcome};
pub use policy::{RetryPolicy, Success};
pub use schedule::{Backoff, Schedule, Steps};
