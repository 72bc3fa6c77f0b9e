//! A circuit breaker as plain state: an endpoint that keeps failing gets a pause, then one probe at a time.
//!
//! A delivery that waits for the pause spends no attempt: ask [`Breaker::admit`] before counting one. Only attempts
//! that were made are recorded.

use core::time::Duration;

use countersign_core::{Extra, UnixTime};
use serde::{Deserialize, Serialize};

use super::error::RetryError;
use super::schedule::whole_seconds;
use crate::builder::builder;

/// When an endpoint gets a pause, and when it is given up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BreakerPolicy {
    /// After how many failed attempts in a row the endpoint pauses; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<i64>,
    /// How long the pause is; 300 seconds by default. A probe without an outcome is given up after the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_seconds: Option<i64>,
    /// After how many days without a success the endpoint is disabled; 5 by default, and 0 is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_after_days: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BreakerPolicy {
    /// The defaults: after five failures a pause of five minutes, and after five days without a success the endpoint is
    /// disabled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the rules can be followed.
    ///
    /// # Errors
    /// The first setting that is out of its limits.
    pub fn check(&self) -> Result<(), RetryError> {
        let within = |value: Option<i64>, least, most| value.is_none_or(|value| (least..=most).contains(&value));
        if !within(self.failures, 1, 1000) {
            return Err(RetryError::new("breaker.failures", "It must be 1 to 1,000."));
        }
        if !within(self.pause_seconds, 1, 86_400) {
            return Err(RetryError::new("breaker.pause_seconds", "It must be 1 to 86,400 (a day)."));
        }
        if !within(self.disable_after_days, 0, 365) {
            return Err(RetryError::new("breaker.disable_after_days", "It must be 0 to 365."));
        }
        Ok(())
    }

    fn most_failures(&self) -> u32 {
        u32::try_from(self.failures.unwrap_or(5).clamp(1, 1000)).unwrap_or(5)
    }

    fn pause_length(&self) -> Duration {
        Duration::from_secs(self.pause_seconds.unwrap_or(300).clamp(1, 86_400).unsigned_abs())
    }

    /// How long without success; `None` is never.
    fn disable_after(&self) -> Option<Duration> {
        let days = self.disable_after_days.unwrap_or(5).clamp(0, 365).unsigned_abs();
        (days > 0).then(|| Duration::from_secs(days * 86_400))
    }
}

builder!(BreakerPolicy {
    /// After how many failed attempts in a row the endpoint pauses: 1 to 1,000.
    failures(failures: i64) => failures = Some(failures);
    /// How long it pauses, in whole seconds up to a day.
    pause(pause: Duration) => pause_seconds = Some(whole_seconds(pause));
    /// After how many days without a success it is disabled: 0 to 365, and 0 is never.
    disable_after_days(days: i64) => disable_after_days = Some(days);
});

/// What is remembered about an endpoint between attempts. Store it with the endpoint; start anew when people enable it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    state: BreakerState,
    /// Failed attempts since the last success.
    failures: u32,
    /// When the first of these attempts failed.
    failing_since: Option<UnixTime>,
}

/// The state of a breaker. These three are what a breaker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Everything is sent.
    #[default]
    Closed,
    /// Nothing is sent.
    Open {
        /// The end of the pause.
        until: UnixTime,
    },
    /// One probe is being sent.
    HalfOpen {
        /// When another probe may be sent, if this one has no outcome by then.
        until: UnixTime,
    },
}

/// Whether an attempt may be made now. A caller has to follow each of these, so a new one would be a breaking change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Send.
    Send,
    /// Send this one as a probe: its outcome decides whether the pause ends.
    Probe,
    /// Leave the delivery pending, and count no attempt.
    Wait {
        /// When to ask again.
        until: UnixTime,
    },
}

/// What an outcome changed. A caller has to follow each of these, so a new one would be a breaking change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing that calls for action.
    None,
    /// A pause began.
    Opened {
        /// Its end.
        until: UnixTime,
    },
    /// The endpoint works again.
    Closed,
    /// The endpoint has failed for too long: disable it and tell its owner.
    Disable,
}

impl Breaker {
    /// The state of the breaker.
    #[must_use]
    pub const fn state(&self) -> BreakerState {
        self.state
    }

    /// Failed attempts since the last success.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Since when every attempt has failed.
    #[must_use]
    pub const fn failing_since(&self) -> Option<UnixTime> {
        self.failing_since
    }

    /// Whether an attempt may be made now. After [`Admission::Probe`] the breaker has to be stored before sending.
    pub fn admit(&mut self, policy: &BreakerPolicy, now: UnixTime) -> Admission {
        let (BreakerState::Open { until } | BreakerState::HalfOpen { until }) = self.state else {
            return Admission::Send;
        };
        // A clock that was ahead when the pause began must not make the pause endless.
        let until = until.min(now.plus(policy.pause_length()));
        if now < until {
            return Admission::Wait { until };
        }
        self.state = BreakerState::HalfOpen { until: now.plus(policy.pause_length()) };
        Admission::Probe
    }

    /// Records an attempt that was made. Attempts that began before a pause may be recorded during it.
    pub fn record(&mut self, accepted: bool, policy: &BreakerPolicy, now: UnixTime) -> Change {
        if accepted {
            let was_closed = self.state == BreakerState::Closed;
            *self = Self::default();
            return if was_closed { Change::None } else { Change::Closed };
        }
        self.failures = self.failures.saturating_add(1);
        let since = *self.failing_since.get_or_insert(now);
        let failing = self.failures >= policy.most_failures();
        let opens = match self.state {
            BreakerState::Closed => failing,
            BreakerState::HalfOpen { .. } => true,
            BreakerState::Open { .. } => false,
        };
        if opens {
            self.state = BreakerState::Open { until: now.plus(policy.pause_length()) };
        }
        // Two failures with quiet days between them do not disable an endpoint: as many are needed as for a pause.
        if failing && policy.disable_after().is_some_and(|most| now.since(since) >= most) {
            return Change::Disable;
        }
        match self.state {
            BreakerState::Open { until } if opens => Change::Opened { until },
            _ => Change::None,
        }
    }
}
