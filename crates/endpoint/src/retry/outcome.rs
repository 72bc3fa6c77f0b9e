//! The outcome of an attempt, and what is to be done with the delivery now.

use core::time::Duration;

/// The outcome of an attempt. All there is: an answer or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The receiver answered in time.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, if there was one.
        retry_after: Option<&'a str>,
    },
    /// No answer: no address or one that is refused, no connection, TLS refused, too slow, cut off, or we crashed.
    NoAnswer,
}

/// What to do with the delivery now. All there is: a caller has to follow each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was accepted.
    Done,
    /// Try again.
    Retry {
        /// How long from now.
        after: Duration,
    },
    /// Keep it as failed, where people see it.
    DeadLetter(GivenUp),
}

/// Why a delivery is not tried again. All there is: a caller has to follow each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// The last attempt failed.
    Exhausted,
    /// The receiver answered 410: disable the endpoint.
    Gone,
    /// The receiver answered with a status that the policy calls permanent.
    Permanent,
}
