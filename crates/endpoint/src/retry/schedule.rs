//! How long to wait before each retry: fixed steps, or backoff that multiplies.

use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::Extra;
use serde::{Deserialize, Serialize};

use super::error::RetryError;

/// No wait is longer than a week; with it no sum of waits can overflow.
pub(super) const MAX_STEP_SECONDS: i64 = 7 * 86_400;

/// How long to wait before each retry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Schedule {
    /// A list of waits.
    Steps(Steps),
    /// Waits of which each is a multiple of the one before it.
    Backoff(Backoff),
}

/// A list of waits; the last one repeats where there are more retries than steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Steps {
    /// The wait before the first retry, the second, and so on.
    pub steps_seconds: Vec<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Waits that multiply: `initial_seconds` before the first retry, `multiplier` times as long before each later one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backoff {
    /// The wait before the first retry.
    pub initial_seconds: i64,
    /// What the wait is multiplied by for each retry after that: 1 to 100.
    pub multiplier: f64,
    /// The longest wait; a day by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Steps {
    /// These waits, in whole seconds.
    pub fn new(waits: impl IntoIterator<Item = Duration>) -> Self {
        Self { steps_seconds: waits.into_iter().map(whole_seconds).collect(), extra: Extra::new() }
    }

    /// Where a policy has no schedule of its own.
    pub(super) fn usual() -> Self {
        Self::new([60, 300, 1800, 7200].map(Duration::from_secs))
    }
}

impl Backoff {
    const DEFAULT_MAX_SECONDS: i64 = 86_400;

    /// Waits that multiply, in whole seconds and up to a day.
    #[must_use]
    pub fn new(initial: Duration, multiplier: f64) -> Self {
        Self { initial_seconds: whole_seconds(initial), multiplier, max_seconds: None, extra: Extra::new() }
    }

    /// Waits that multiply, in whole seconds and up to this one.
    #[must_use]
    pub fn up_to(mut self, max: Duration) -> Self {
        self.max_seconds = Some(whole_seconds(max));
        self
    }

    fn max_seconds(&self) -> i64 {
        self.max_seconds.unwrap_or(Self::DEFAULT_MAX_SECONDS)
    }
}

impl From<Steps> for Schedule {
    fn from(steps: Steps) -> Self {
        Self::Steps(steps)
    }
}

impl From<Backoff> for Schedule {
    fn from(backoff: Backoff) -> Self {
        Self::Backoff(backoff)
    }
}

impl Schedule {
    pub(super) fn check(&self) -> Result<(), RetryError> {
        let in_range = |seconds: &i64| (0..=MAX_STEP_SECONDS).contains(seconds);
        let refuse = |sentence| Err(RetryError::new("retry.schedule", sentence));
        match self {
            Self::Steps(steps) if steps.steps_seconds.is_empty() => refuse("There must be at least one step."),
            Self::Steps(steps) if !steps.steps_seconds.iter().all(in_range) => {
                refuse("A step must be 0 to 604,800 seconds.")
            }
            Self::Steps(steps) if !steps.steps_seconds.is_sorted() => {
                refuse("No step may be shorter than the one before it.")
            }
            Self::Steps(_) => Ok(()),
            Self::Backoff(backoff) if !in_range(&backoff.initial_seconds) || backoff.initial_seconds == 0 => {
                refuse("initial_seconds is 1 to 604,800.")
            }
            Self::Backoff(backoff) if !(1.0..=100.0).contains(&backoff.multiplier) => refuse("multiplier is 1 to 100."),
            Self::Backoff(backoff) if !in_range(&backoff.max_seconds()) => refuse("max_seconds is 0 to 604,800."),
            Self::Backoff(backoff) if backoff.max_seconds() < backoff.initial_seconds => {
                refuse("max_seconds is not less than initial_seconds.")
            }
            Self::Backoff(_) => Ok(()),
        }
    }

    /// The wait before this retry (from 1).
    pub(super) fn step_ms(&self, retry: u32) -> u64 {
        match self {
            Self::Steps(Steps { steps_seconds: steps, .. }) => {
                let at = usize::try_from(retry.saturating_sub(1)).unwrap_or(usize::MAX);
                to_ms(steps.get(at).or(steps.last()).copied().unwrap_or(0))
            }
            Self::Backoff(backoff) => {
                let most = to_ms(backoff.max_seconds());
                let mut wait = to_ms(backoff.initial_seconds).min(most);
                // Multiplied step by step, so that every machine rounds in the same places.
                for _ in 1..retry {
                    let longer = wait as f64 * backoff.multiplier;
                    // A cast of a number that is too large stops at the end of u64, and NaN becomes 0.
                    wait = (longer as u64).clamp(wait, most.max(wait));
                    if wait == most {
                        break;
                    }
                }
                wait
            }
        }
    }
}

pub(super) fn to_ms(seconds: i64) -> u64 {
    seconds.clamp(0, MAX_STEP_SECONDS).unsigned_abs() * 1000
}

pub(super) fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
