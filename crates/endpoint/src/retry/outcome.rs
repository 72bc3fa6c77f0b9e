//! The outcome of an attempt, and what to do with the delivery then.

use core::time::Duration;

/// The outcome of an attempt. Nothing can be added: there is an answer, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The receiver answered in time.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, if there was one.
        retry_after: Option<&'a str>,
    },
    /// There is no answer: the host has no address or one that is refused, no connection or no TLS could be made, the
    /// receiver was too slow or broke off, or this process crashed.
    NoAnswer,
}

/// What to do with the delivery now. A caller has to follow each of these, so a new one would be a breaking change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was accepted.
    Done,
    /// Try again.
    Retry {
        /// How long from now.
        after: Duration,
    },
    /// Keep it as failed, where people see it.
    DeadLetter(GivenUp),
}

/// Why a delivery is not tried again. A caller has to follow each of these, so a new one would be a breaking change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// The last attempt failed.
    Exhausted,
    /// The receiver answered 410: disable the endpoint.
    Gone,
    /// The receiver answered with a status that the policy calls permanent.
    Permanent,
}
