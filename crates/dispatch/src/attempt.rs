//! One attempt at one delivery: signs, sends, and judges the outcome.

use core::time::Duration;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::time::Instant;

use countersign_core::{SignOptions, UnixTime};
use countersign_endpoint::retry::{BreakerState, Change, GivenUp, Next, Outcome, RetryPolicy};
use countersign_endpoint::{DeliveryStatus, Endpoint};
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::attempt_error::AttemptError;
use crate::counters::add;
use crate::delivery::{AttemptOutcome, Claimed};
use crate::dispatcher::Dispatcher;
use crate::endpoints::Disabled;
use crate::error::DispatchError;
use crate::preview::preview;
use crate::store::{Store, breaker_from};
use crate::target::Target;
use crate::time::ms;

/// How often a worker tries to write a failure to a breaker that other workers change at the same time. After that the
/// failure is not counted, which only delays a pause.
const MOST_TRIES: usize = 16;

/// What came of one attempt, before its breaker knows.
struct Attempted {
    next: Next,
    status: Option<u16>,
    error: Option<AttemptError>,
    preview: Option<String>,
    /// Whether the breaker counts it. It does not where no request was to be made: the endpoint is unknown or inactive,
    /// or every attempt is used up.
    counts: bool,
}

impl Attempted {
    fn failed(next: Next, error: AttemptError) -> Self {
        Self { next, status: None, error: Some(error), preview: None, counts: true }
    }

    fn given_up(error: AttemptError) -> Self {
        Self { counts: false, ..Self::failed(Next::DeadLetter(GivenUp::Permanent), error) }
    }
}

impl<S: Store> Dispatcher<S> {
    /// Makes one attempt. The target is `None` where the endpoint source does not know the endpoint.
    pub(crate) async fn attempt(self, mut claimed: Claimed, target: Option<Arc<Target>>) -> AttemptOutcome {
        let span = tracing::info_span!(
            "delivery",
            id = claimed.lease.id,
            event_id = claimed.delivery.event_id,
            endpoint_id = claimed.delivery.endpoint_id,
            attempt = claimed.lease.attempt
        );
        let work = async {
            let start = Instant::now();
            let attempted = match &target {
                Some(target) => self.send(&mut claimed, target).await,
                None => Attempted::given_up(AttemptError::EndpointUnknown),
            };
            self.judge(claimed, target, attempted, start.elapsed()).await
        };
        work.instrument(span).await
    }

    async fn send(&self, claimed: &mut Claimed, target: &Target) -> Attempted {
        let test = claimed.delivery.test;
        if !target.endpoint.is_active() && !test {
            return Attempted::given_up(AttemptError::EndpointInactive);
        }
        let counted = u32::try_from(claimed.lease.attempt - claimed.uncounted).unwrap_or(u32::MAX);
        // A delivery that crashes this process at each attempt must not do so for ever: crashed attempts count too.
        if counted > allowed(&target.retry, test) {
            return Attempted::given_up(AttemptError::Crashed);
        }
        let mut attempted = self.exchange(claimed, target, counted).await;
        if test && matches!(attempted.next, Next::Retry { .. }) {
            attempted.next = Next::DeadLetter(GivenUp::Exhausted);
        }
        attempted
    }

    async fn exchange(&self, claimed: &mut Claimed, target: &Target, counted: u32) -> Attempted {
        let (delivery, retry) = (&mut claimed.delivery, &target.retry);
        let failed =
            |error| Attempted::failed(retry.next(counted, &Outcome::NoAnswer, UnixTime::now(), random()), error);
        let request = match &target.request {
            Ok(request) => request,
            Err(error) => return failed(*error),
        };
        let options =
            SignOptions::at(UnixTime::now()).id(delivery.event_id.as_str()).event_type(delivery.event_type.as_str());
        let Ok(signed) = request.webhook.sign_with_every_key(&delivery.body, &options) else {
            return failed(AttemptError::Signing);
        };
        let sending = match request.send(&signed, core::mem::take(&mut delivery.body)) {
            Ok(sending) => sending,
            Err(error) => return failed(error),
        };
        add(&self.0.counters.attempts, 1);
        // The timeout is for the whole exchange, since a receiver could send its answer byte by byte.
        let answer = match timeout(target.endpoint.timeout(), sending).await.unwrap_or(Err(AttemptError::Timeout)) {
            Ok(answer) => answer,
            Err(error) => return failed(error),
        };
        let outcome = Outcome::Answered { status: answer.status, retry_after: answer.retry_after.as_deref() };
        let next = retry.next(counted, &outcome, UnixTime::now(), random());
        let fields = &self.0.options.redacted_fields;
        Attempted {
            next,
            status: Some(answer.status),
            error: (next != Next::Done).then_some(AttemptError::Status),
            preview: (!answer.body.is_empty()).then(|| preview(&answer.body, fields, Some(&target.endpoint), &signed)),
            counts: true,
        }
    }

    /// Says what the attempt means for the delivery, and tells the endpoint's breaker.
    async fn judge(
        &self,
        claimed: Claimed,
        target: Option<Arc<Target>>,
        attempted: Attempted,
        took: Duration,
    ) -> AttemptOutcome {
        let counters = &self.0.counters;
        let accepted = attempted.next == Next::Done;
        let (status, wait) = match attempted.next {
            Next::Done => (DeliveryStatus::Success, Duration::ZERO),
            Next::Retry { after } => (DeliveryStatus::Pending, after),
            Next::DeadLetter(_) => (DeliveryStatus::Failed, Duration::ZERO),
        };
        add(if accepted { &counters.accepted } else { &counters.failed }, 1);
        add(&counters.attempt_ms, ms(took).unsigned_abs());
        if status == DeliveryStatus::Failed {
            add(&counters.dead_letters, 1);
        }
        tracing::info!(
            status = status.as_str(),
            response = attempted.status,
            error = attempted.error.map(AttemptError::as_str),
            ms = ms(took)
        );
        let endpoint_id = claimed.delivery.endpoint_id;
        let told = match &target {
            _ if attempted.next == Next::DeadLetter(GivenUp::Gone) => self.disable(&endpoint_id, Disabled::Gone).await,
            Some(target) if !accepted && attempted.counts => self.record_failure(&endpoint_id, &target.endpoint).await,
            _ => Ok(()),
        };
        if let Err(error) = told {
            tracing::error!(%error, "the store failed: this failure is not counted for the endpoint's pause");
        }
        AttemptOutcome {
            lease: claimed.lease,
            endpoint_id,
            status,
            wait,
            response_status: attempted.status.map(i32::from),
            duration: took,
            error: attempted.error,
            preview: attempted.preview,
        }
    }

    /// Counts a failure in the endpoint's breaker. Other workers may do so at the same time: the later one reads it
    /// anew.
    async fn record_failure(&self, endpoint_id: &str, endpoint: &Endpoint) -> Result<(), DispatchError> {
        let policy = endpoint.breaker.clone().unwrap_or_default();
        for _ in 0..MOST_TRIES {
            let old = self.0.store.breaker(endpoint_id).await?;
            let mut breaker = breaker_from(&old);
            // When a pause is over, the store gives out a probe without asking the breaker, which learns of it here.
            let now = UnixTime::now();
            let _ = breaker.admit(&policy, now);
            let change = breaker.record(false, &policy, now);
            let pause = match breaker.state() {
                BreakerState::Closed => None,
                BreakerState::Open { until } | BreakerState::HalfOpen { until } => Some(until.since(now)),
            };
            let new = serde_json::to_string(&breaker).unwrap_or_default();
            if !self.0.store.set_breaker(endpoint_id, &old, &new, pause).await? {
                continue;
            }
            match change {
                Change::Opened { until } => {
                    add(&self.0.counters.pauses, 1);
                    tracing::warn!(until = until.as_secs(), "the endpoint keeps failing: pause");
                }
                Change::Disable => return self.disable(endpoint_id, Disabled::Failing).await,
                Change::None | Change::Closed => {}
            }
            return Ok(());
        }
        Ok(())
    }

    async fn disable(&self, endpoint_id: &str, why: Disabled) -> Result<(), DispatchError> {
        self.0.store.set_disabled(endpoint_id, true).await?;
        tracing::warn!(?why, "the endpoint is disabled");
        self.0.endpoints.disabled(endpoint_id, why);
        Ok(())
    }
}

/// How many attempts a delivery may have.
fn allowed(retry: &RetryPolicy, test: bool) -> u32 {
    if test { 1 } else { retry.retries() + 1 }
}

/// A random number that spreads retries: each new hasher has another key, so this needs no crate.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
