//! When failed deliveries are tried again, as settings and as the rule that follows them.

use alloc::vec::Vec;
use core::time::Duration;

use countersign_core::internal::{Waits, words};
use countersign_core::{Extra, Provider, UnixTime};
use serde::{Deserialize, Serialize};

use super::error::RetryError;
use super::outcome::{GivenUp, Next, Outcome};
use super::retry_after;
use super::schedule::{self, Backoff, Schedule, Steps};
use crate::builder::builder;

/// When failed deliveries to an endpoint are tried again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How long to wait before each retry; 1, 5 and 30 minutes, then 2 hours by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// How many attempts may follow the first: 0 to 10, 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i64>,
    /// How far a wait may be off the schedule, in percent: 0 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter_percent: Option<i64>,
    /// The longest wait that a receiver may ask for with `Retry-After`; the schedule's longest step by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_cap_seconds: Option<i64>,
    /// What counts as accepted; any 2xx by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
    /// Statuses after which trying again is pointless. 410 is always one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permanent_statuses: Option<Vec<i64>>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Which answers count as accepted.
    Success {
        /// 200 to 299.
        Any2xx = "2xx";
        /// 200 alone.
        Only200 = "200";
    }
}

impl Success {
    /// Whether a receiver that answers with this status has accepted the delivery.
    #[must_use]
    pub fn accepts(&self, status: u16) -> bool {
        match self {
            Self::Only200 => status == 200,
            Self::Any2xx | Self::Other(_) => (200..300).contains(&status),
        }
    }
}

const DEFAULT_MAX_RETRIES: i64 = 3;
const MAX_RETRIES: i64 = 10;
const DEFAULT_JITTER_PERCENT: i64 = 20;

impl RetryPolicy {
    /// The defaults: waits of 1, 5 and 30 minutes, three retries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How a provider retries; `None` where its pages give no times.
    ///
    /// ```
    /// use countersign::Provider;
    /// use countersign::endpoint::retry::RetryPolicy;
    /// assert_eq!(RetryPolicy::of(Provider::SVIX).map(|policy| policy.retries()), Some(7));
    /// ```
    #[must_use]
    pub fn of(provider: Provider) -> Option<Self> {
        let retries = provider.about().retries?;
        let schedule = match retries.waits {
            Waits::Steps(seconds) => Steps::new(seconds.iter().copied().map(Duration::from_secs)).into(),
            Waits::Doubling(first) => Schedule::from(Backoff::new(Duration::from_secs(first), 2.0)),
        };
        let policy = Self::new().schedule(schedule).max_retries(retries.most.into());
        Some(if retries.only_200 { policy.success(Success::Only200) } else { policy })
    }

    /// How many attempts may follow the first: 3 by default, and never more than 10.
    #[must_use]
    pub fn retries(&self) -> u32 {
        let set = self.max_retries.unwrap_or(DEFAULT_MAX_RETRIES);
        u32::try_from(set.clamp(0, MAX_RETRIES)).unwrap_or(0)
    }

    /// Whether the rules can be followed.
    ///
    /// # Errors
    /// The first setting that is out of its limits.
    pub fn check(&self) -> Result<(), RetryError> {
        let refuse = |field, sentence| Err(RetryError::new(field, sentence));
        if !(0..=MAX_RETRIES).contains(&self.max_retries.unwrap_or(DEFAULT_MAX_RETRIES)) {
            return refuse("retry.max_retries", "It must be 0 to 10.");
        }
        if !(0..=100).contains(&self.jitter()) {
            return refuse("retry.jitter_percent", "It must be 0 to 100.");
        }
        if self.retry_after_cap_seconds.is_some_and(|cap| !(0..=schedule::MAX_STEP_SECONDS).contains(&cap)) {
            return refuse("retry.retry_after_cap_seconds", "It must be 0 to 604,800 (a week).");
        }
        if matches!(self.success, Some(Success::Other(_))) {
            return refuse("retry.success", "It must be 2xx or 200.");
        }
        if self.permanent_statuses.iter().flatten().any(|status| !(300..600).contains(status)) {
            return refuse("retry.permanent_statuses", "They must be 300 to 599.");
        }
        self.schedule.as_ref().map_or(Ok(()), Schedule::check)
    }

    /// What to do after this attempt (from 1). The random number spreads deliveries that failed together.
    ///
    /// Settings that [`check`](Self::check) refuses are brought into their limits here.
    #[must_use]
    pub fn next(&self, attempt: u32, outcome: &Outcome<'_>, now: UnixTime, random: u64) -> Next {
        let mut asked = None;
        if let Outcome::Answered { status, retry_after } = outcome {
            if self.success.as_ref().unwrap_or(&Success::Any2xx).accepts(*status) {
                return Next::Done;
            }
            if *status == 410 {
                return Next::DeadLetter(GivenUp::Gone);
            }
            if self.permanent_statuses.iter().flatten().any(|permanent| *permanent == i64::from(*status)) {
                return Next::DeadLetter(GivenUp::Permanent);
            }
            asked = retry_after.and_then(|text| retry_after::seconds(text, now));
        }
        // The retry after attempt 1 is retry 1.
        let retry = attempt.max(1);
        if retry > self.retries() {
            return Next::DeadLetter(GivenUp::Exhausted);
        }
        let asked = asked.map_or(0, |seconds| seconds.saturating_mul(1000).min(self.retry_after_cap_ms()));
        Next::Retry { after: Duration::from_millis(self.jittered_ms(retry, random).max(asked)) }
    }

    /// The wait before this retry (from 1), without jitter and without what a receiver asks for.
    #[must_use]
    pub fn base_delay(&self, retry: u32) -> Duration {
        Duration::from_millis(self.base_ms(retry))
    }

    /// The longest time that all waits can take together: how long a receiver may still see a delivery again.
    /// Timeouts, pauses and retries by hand come on top.
    #[must_use]
    pub fn horizon(&self) -> Duration {
        let longest = |retry| self.jittered_ms(retry, u64::MAX).max(self.retry_after_cap_ms());
        Duration::from_millis((1..=self.retries()).map(longest).fold(0, u64::saturating_add))
    }

    fn jitter(&self) -> i64 {
        self.jitter_percent.unwrap_or(DEFAULT_JITTER_PERCENT)
    }

    fn base_ms(&self, retry: u32) -> u64 {
        match &self.schedule {
            Some(schedule) => schedule.step_ms(retry),
            None => Schedule::from(Steps::usual()).step_ms(retry),
        }
    }

    fn retry_after_cap_ms(&self) -> u64 {
        match self.retry_after_cap_seconds {
            Some(seconds) => schedule::to_ms(seconds),
            None => (1..=self.retries()).map(|retry| self.base_ms(retry)).max().unwrap_or(0),
        }
    }

    fn jittered_ms(&self, retry: u32, random: u64) -> u64 {
        let base = self.base_ms(retry);
        let span = base * self.jitter().clamp(0, 100).unsigned_abs() / 100;
        // Short waits only become longer: a receiver that restarts needs them whole.
        let (least, choices) = if base <= 10_000 { (base, span + 1) } else { (base - span, 2 * span + 1) };
        // The high half of the product is `random` brought into 0..choices.
        let chosen = (u128::from(random) * u128::from(choices)) >> 64;
        least.saturating_add(u64::try_from(chosen).unwrap_or(0))
    }
}

builder!(RetryPolicy {
    /// How long to wait before each retry.
    schedule(schedule: impl Into<Schedule>) => schedule = Some(schedule.into());
    /// How many attempts may follow the first: 0 to 10.
    max_retries(retries: i64) => max_retries = Some(retries);
    /// How far a wait may be off the schedule, in percent: 0 to 100.
    jitter_percent(percent: i64) => jitter_percent = Some(percent);
    /// The longest wait that a receiver may ask for with `Retry-After`, in whole seconds up to a week.
    retry_after_cap(cap: Duration) => retry_after_cap_seconds = Some(schedule::whole_seconds(cap));
    /// What counts as accepted.
    success(success: Success) => success = Some(success);
    /// Statuses after which trying again is pointless: 300 to 599.
    permanent_statuses(statuses: impl IntoIterator<Item = u16>) =>
        permanent_statuses = Some(statuses.into_iter().map(i64::from).collect());
});
