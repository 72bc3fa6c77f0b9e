//! The loop: claims what is due, sends it, writes down what came of it.

use core::future::Future;
use core::pin::pin;
use std::collections::HashMap;
use std::string::String;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::vec::Vec;

use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

use super::counters::add;
use super::endpoints::Disabled;
use super::error::DispatchError;
use super::preview::preview;
use super::store::{Claimed, Finish, Store, Want, breaker_from};
use super::{Dispatcher, now_ms};
use crate::endpoint::{DEFAULT_TIMEOUT_MS, DeliveryStatus, Endpoint};
use crate::retry::{BreakerState, Change, GivenUp, Next, Outcome};
use crate::sign::Signing;
use crate::time::UnixTime;

/// How often a failure is written to a breaker that others change too; one that is not counted does no harm.
const MOST_TRIES: usize = 16;

/// What one attempt gave: what to write down, and what it says about the endpoint.
struct Attempted {
    next: Next,
    status: Option<u16>,
    error: Option<&'static str>,
    preview: Option<String>,
}

impl<S: Store> Dispatcher<S> {
    /// Sends what is due, until `shutdown` ends. Then it claims nothing more, waits for its attempts, and gives back
    /// those that are not done in time. Where the store fails, it tries again.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut tasks = JoinSet::new();
        let mut held: HashMap<Id, Claimed> = HashMap::new();
        loop {
            match self.claim(&held).await {
                Ok(claimed) => {
                    for claimed in claimed {
                        let task = tasks.spawn(self.clone().attempt(claimed.clone()));
                        held.insert(task.id(), claimed);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "cannot claim deliveries");
                    sleep(self.0.options.poll).await;
                }
            }
            tokio::select! {
                () = &mut shutdown => break,
                Some(done) = tasks.join_next_with_id(), if !tasks.is_empty() => drop(held.remove(&id(&done))),
                () = self.0.enqueued.notified() => {}
                () = sleep(self.0.options.poll) => {}
            }
            while let Some(done) = tasks.try_join_next_with_id() {
                held.remove(&id(&done));
            }
        }
        let finish = async {
            while let Some(done) = tasks.join_next_with_id().await {
                held.remove(&id(&done));
            }
        };
        if timeout(self.0.options.grace, finish).await.is_err() {
            tasks.shutdown().await;
            for claimed in held.values() {
                // If that fails, the lease ends by itself.
                if let Err(error) = self.0.store.release(claimed, now_ms()).await {
                    tracing::error!(id = claimed.id, %error, "cannot give a delivery back");
                }
            }
        }
    }

    async fn claim(&self, held: &HashMap<Id, Claimed>) -> Result<Vec<Claimed>, DispatchError> {
        let mut room = self.0.options.in_flight.saturating_sub(held.len());
        if room == 0 {
            return Ok(Vec::new());
        }
        let mut busy: HashMap<&str, usize> = HashMap::new();
        for claimed in held.values() {
            *busy.entry(&claimed.delivery.endpoint_id).or_default() += 1;
        }
        let (now, margin) = (now_ms(), ms(self.0.options.lease_margin));
        let mut wants = Vec::new();
        for endpoint_id in self.0.store.due(now).await? {
            let busy = busy.get(endpoint_id.as_str()).copied().unwrap_or(0);
            let most = self.0.options.in_flight_per_endpoint.saturating_sub(busy).min(room);
            if most == 0 {
                continue;
            }
            room -= most;
            let endpoint = self.0.endpoints.endpoint(&endpoint_id);
            let timeout = endpoint.map_or(DEFAULT_TIMEOUT_MS, |endpoint| ms(endpoint.timeout()));
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            wants.push(Want { endpoint_id, room: most, until: now + timeout + margin });
        }
        if wants.is_empty() { Ok(Vec::new()) } else { self.0.store.claim(wants, now).await }
    }

    async fn attempt(self, claimed: Claimed) {
        let delivery = &claimed.delivery;
        let span = tracing::info_span!(
            "delivery",
            id = claimed.id,
            event_id = delivery.event_id,
            endpoint_id = delivery.endpoint_id,
            attempt = claimed.attempt
        );
        let work = async {
            let start = Instant::now();
            let attempted = self.send(&claimed).await;
            let took = start.elapsed();
            if let Err(error) = self.write_down(&claimed, attempted, ms(took)).await {
                tracing::error!(%error, "cannot write down an attempt; it will be made again");
            }
        };
        work.instrument(span).await;
    }

    async fn send(&self, claimed: &Claimed) -> Attempted {
        let delivery = &claimed.delivery;
        let given_up = |error| Attempted {
            next: Next::DeadLetter(GivenUp::Permanent),
            status: None,
            error: Some(error),
            preview: None,
        };
        let Some(endpoint) = self.0.endpoints.endpoint(&delivery.endpoint_id) else {
            return given_up("endpoint_unknown");
        };
        if !endpoint.is_active() && !delivery.test {
            return given_up("endpoint_inactive");
        }
        let counted = u32::try_from(claimed.attempt - claimed.uncounted).unwrap_or(u32::MAX);
        // Whatever this delivery does to us, it does so only as often as it may be sent.
        if i64::from(counted) > allowed(&endpoint, delivery.test) {
            return given_up("crashed");
        }
        let mut attempted = self.exchange(claimed, &endpoint, counted).await;
        if delivery.test && matches!(attempted.next, Next::Retry { .. }) {
            attempted.next = Next::DeadLetter(GivenUp::Exhausted);
        }
        attempted
    }

    async fn exchange(&self, claimed: &Claimed, endpoint: &Endpoint, counted: u32) -> Attempted {
        let delivery = &claimed.delivery;
        let failed = |error| Attempted {
            next: endpoint.retry().next(counted, &Outcome::NoAnswer, now(), random()),
            status: None,
            error: Some(error),
            preview: None,
        };
        // Settings may have changed since they were accepted, and rules too.
        if let Err(error) = endpoint.check(&self.0.options.policy) {
            return failed(error.code().as_str());
        }
        let signing = Signing { id: Some(&delivery.event_id), event_type: Some(&delivery.event_type), now: now() };
        let Ok(webhook) = endpoint.webhook() else { return failed("secret_invalid") };
        let Ok(signed) = webhook.sign(&delivery.body, &signing) else { return failed("signing") };
        add(&self.0.counters.attempts, 1);
        let answer = match self.0.client.send(endpoint, &signed, delivery.body.clone()).await {
            Ok(answer) => answer,
            Err(error) => return failed(error),
        };
        let outcome = Outcome::Answered { status: answer.status, retry_after: answer.retry_after.as_deref() };
        let next = endpoint.retry().next(counted, &outcome, now(), random());
        let fields = &self.0.options.redacted_fields;
        Attempted {
            next,
            status: Some(answer.status),
            error: (next != Next::Done).then_some("status"),
            preview: (!answer.body.is_empty()).then(|| preview(&answer.body, fields, endpoint, &signed)),
        }
    }

    async fn write_down(&self, claimed: &Claimed, attempted: Attempted, took: i64) -> Result<(), DispatchError> {
        let counters = &self.0.counters;
        let now_ms = now_ms();
        let (status, due) = match attempted.next {
            Next::Done => (DeliveryStatus::Success, now_ms),
            Next::Retry { after } => (DeliveryStatus::Pending, now_ms.saturating_add(ms(after))),
            Next::DeadLetter(_) => (DeliveryStatus::Failed, now_ms),
        };
        let accepted = attempted.next == Next::Done;
        add(if accepted { &counters.accepted } else { &counters.failed }, 1);
        add(&counters.attempt_ms, took.unsigned_abs());
        if status == DeliveryStatus::Failed {
            add(&counters.dead_letters, 1);
        }
        tracing::info!(status = status.as_str(), response = attempted.status, error = attempted.error, ms = took);
        let gone = attempted.next == Next::DeadLetter(GivenUp::Gone);
        let sent = attempted.status.is_some() || !matches!(attempted.error, Some("endpoint_unknown" | "endpoint_inactive" | "crashed"));
        let finish = Finish {
            status,
            due,
            response_status: attempted.status.map(i32::from),
            duration_ms: took,
            error: attempted.error,
            preview: attempted.preview,
        };
        if !self.0.store.finish(claimed, finish).await? {
            tracing::warn!("another worker has claimed this delivery since: it took longer than its lease");
        }
        let endpoint_id = &claimed.delivery.endpoint_id;
        if gone {
            self.disable(endpoint_id, Disabled::Gone).await
        } else if accepted || !sent {
            Ok(())
        } else {
            self.record_failure(endpoint_id).await
        }
    }

    /// Tells the breaker. Others may do so at the same time: whoever is later reads anew.
    async fn record_failure(&self, endpoint_id: &str) -> Result<(), DispatchError> {
        let Some(endpoint) = self.0.endpoints.endpoint(endpoint_id) else { return Ok(()) };
        let policy = endpoint.breaker.clone().unwrap_or_default();
        for _ in 0..MOST_TRIES {
            let old = self.0.store.breaker(endpoint_id).await?;
            let mut breaker = breaker_from(&old);
            // The store let a probe go when the pause was over; the breaker learns it here.
            let _ = breaker.admit(&policy, now());
            let change = breaker.record(false, &policy, now());
            let wait_until = match breaker.state() {
                BreakerState::Closed => 0,
                BreakerState::Open { until } | BreakerState::HalfOpen { until } => {
                    i64::try_from(until.as_secs().saturating_mul(1000)).unwrap_or(i64::MAX)
                }
            };
            let new = serde_json::to_string(&breaker).unwrap_or_default();
            if !self.0.store.set_breaker(endpoint_id, &old, &new, wait_until).await? {
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
fn allowed(endpoint: &Endpoint, test: bool) -> i64 {
    if test { 1 } else { endpoint.retry().max_retries().clamp(0, 10) + 1 }
}

fn id<T>(done: &Result<(Id, T), JoinError>) -> Id {
    match done {
        Ok((id, _)) => *id,
        Err(error) => error.id(),
    }
}

fn ms(duration: core::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn now() -> UnixTime {
    UnixTime::from_secs(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

/// Spreads retries. Without randomness they are only not spread.
fn random() -> u64 {
    getrandom::u64().unwrap_or(u64::MAX / 2)
}
