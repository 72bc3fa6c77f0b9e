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

use super::Dispatcher;
use super::counters::add;
use super::endpoints::Disabled;
use super::error::DispatchError;
use super::preview::preview;
use super::rate::Rates;
use super::store::{Claimed, Finish, Store, Want, breaker_from};
use crate::endpoint::{DEFAULT_TIMEOUT_MS, DeliveryStatus, Endpoint};
use crate::retry::{BreakerState, Change, GivenUp, Next, Outcome};
use crate::sign::Signing;
use crate::time::UnixTime;

/// How often a failure is written to a breaker that others change too; one that is not counted does no harm.
const MOST_TRIES: usize = 16;

/// What one attempt gave.
struct Attempted {
    next: Next,
    status: Option<u16>,
    error: Option<&'static str>,
    preview: Option<String>,
    /// Whether it says something about the endpoint: it was asked, or would have been.
    counts: bool,
}

impl Attempted {
    fn failed(next: Next, error: &'static str) -> Self {
        Self { next, status: None, error: Some(error), preview: None, counts: true }
    }

    fn given_up(error: &'static str) -> Self {
        Self { counts: false, ..Self::failed(Next::DeadLetter(GivenUp::Permanent), error) }
    }
}

/// What this worker has in its hands.
#[derive(Default)]
struct Held {
    tasks: JoinSet<Finish>,
    claimed: HashMap<Id, Claimed>,
    /// Attempts that are over, and which the store does not know about yet.
    done: Vec<(Claimed, Finish)>,
    /// Whether the store would not take them.
    refused: bool,
}

impl Held {
    fn take(&mut self, ended: Result<(Id, Finish), JoinError>) {
        let (id, finish) = match ended {
            Ok((id, finish)) => (id, Some(finish)),
            // Cut off by a shutdown, which gives it back.
            Err(error) if error.is_cancelled() => return,
            // What has no outcome is given back by the end of its lease.
            Err(error) => (error.id(), None),
        };
        if let (Some(claimed), Some(finish)) = (self.claimed.remove(&id), finish) {
            self.done.push((claimed, finish));
        }
    }
}

/// Whose turn it is, where there is not room for everyone: who has least on its way, then who has waited longest for it.
#[derive(Default)]
struct Turns {
    last: HashMap<String, u64>,
    count: u64,
}

impl Turns {
    fn sort(&mut self, due: &mut [String], busy: &HashMap<&str, usize>) {
        // Who has nothing to send needs no turn.
        self.last = due.iter().filter_map(|id| self.last.remove_entry(id)).collect();
        due.sort_by_cached_key(|id| (busy.get(id.as_str()).copied(), self.last.get(id).copied()));
    }

    fn took(&mut self, endpoint_id: &str) {
        self.count += 1;
        self.last.insert(endpoint_id.into(), self.count);
    }
}

impl<S: Store> Dispatcher<S> {
    /// Sends what is due, until `shutdown` ends. Then it claims nothing more, waits for its attempts, and gives back
    /// those that are not done in time. Where the store fails, it tries again.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let (mut held, mut rates, mut turns) = (Held::default(), Rates::default(), Turns::default());
        loop {
            match self.step(&mut held, &mut rates, &mut turns).await {
                Ok(claimed) => {
                    for claimed in claimed {
                        let task = held.tasks.spawn(self.clone().attempt(claimed.clone()));
                        held.claimed.insert(task.id(), claimed);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the store failed; trying again");
                    sleep(self.0.options.poll).await;
                }
            }
            let mut tick = pin!(sleep(self.0.options.poll));
            loop {
                tokio::select! {
                    () = &mut shutdown => return self.end(held).await,
                    Some(ended) = held.tasks.join_next_with_id(), if !held.tasks.is_empty() => held.take(ended),
                    () = self.0.enqueued.notified() => {}
                    () = &mut tick => break,
                }
                while let Some(ended) = held.tasks.try_join_next_with_id() {
                    held.take(ended);
                }
                // Under load, one trip to the store is for many.
                if held.claimed.len() <= self.0.options.in_flight * 3 / 4 {
                    break;
                }
            }
        }
    }

    async fn end(&self, mut held: Held) {
        let finish = async {
            while let Some(ended) = held.tasks.join_next_with_id().await {
                held.take(ended);
            }
        };
        let late = timeout(self.0.options.grace, finish).await.is_err();
        if late {
            held.tasks.abort_all();
            // Some may have ended all the same.
            while let Some(ended) = held.tasks.join_next_with_id().await {
                held.take(ended);
            }
        }
        let write = async {
            while let Err(error) = self.write_down(&mut held.done).await {
                tracing::error!(%error, "the store failed; trying again");
                sleep(self.0.options.poll).await;
            }
        };
        if timeout(self.0.options.grace, write).await.is_err() {
            tracing::error!("attempts could not be written down; they will be made again");
        }
        for claimed in held.claimed.values() {
            // If that fails, the lease ends by itself.
            if let Err(error) = self.0.store.release(claimed).await {
                tracing::error!(id = claimed.id, %error, "cannot give a delivery back");
            }
        }
    }

    /// One trip to the store and back, both ways at once: a store can do them in one transaction.
    async fn step(&self, held: &mut Held, rates: &mut Rates, turns: &mut Turns) -> Result<Vec<Claimed>, DispatchError> {
        // What cannot be written down would be sent again after its lease: nothing more is begun before it is.
        if held.refused {
            self.write_down(&mut held.done).await?;
        }
        let wants = self.wants(&held.claimed, rates, turns).await?;
        let claim = async { if wants.is_empty() { Ok(Vec::new()) } else { self.0.store.claim(wants).await } };
        let (written, claimed) = tokio::join!(self.write_down(&mut held.done), claim);
        held.refused = written.is_err();
        // What is claimed is sent, whatever else has failed.
        let claimed = claimed?;
        for claimed in &claimed {
            rates.spend(&claimed.delivery.endpoint_id);
            turns.took(&claimed.delivery.endpoint_id);
        }
        if let Err(error) = written {
            tracing::error!(%error, "the store failed; trying again");
        }
        Ok(claimed)
    }

    async fn write_down(&self, done: &mut Vec<(Claimed, Finish)>) -> Result<(), DispatchError> {
        if done.is_empty() {
            return Ok(());
        }
        let written = self.0.store.finish(done).await?;
        let late = (done.len() as u64).saturating_sub(written);
        if late > 0 {
            tracing::warn!(late, "attempts took longer than their leases: others have claimed their deliveries since");
        }
        done.clear();
        Ok(())
    }

    async fn wants(
        &self,
        held: &HashMap<Id, Claimed>,
        rates: &mut Rates,
        turns: &mut Turns,
    ) -> Result<Vec<Want>, DispatchError> {
        let mut room = self.0.options.in_flight.saturating_sub(held.len());
        if room == 0 {
            return Ok(Vec::new());
        }
        let mut busy: HashMap<&str, usize> = HashMap::new();
        for claimed in held.values() {
            *busy.entry(&claimed.delivery.endpoint_id).or_default() += 1;
        }
        let mut due = self.0.store.due().await?;
        turns.sort(&mut due, &busy);
        // Everyone gets a part, and one part is left for whoever comes next: attempts that hang must not take it all.
        let active = busy.len() + due.iter().filter(|id| !busy.contains_key(id.as_str())).count();
        let share = (self.0.options.in_flight / (active + 1)).clamp(1, self.0.options.in_flight_per_endpoint.max(1));
        let mut wants = Vec::new();
        for endpoint_id in due {
            let endpoint = self.0.endpoints.endpoint(&endpoint_id);
            let busy = busy.get(endpoint_id.as_str()).copied().unwrap_or(0);
            let mut most = share.saturating_sub(busy).min(room);
            if let Some(limit) = endpoint.as_ref().and_then(|endpoint| endpoint.max_per_second) {
                // Below 1 it is refused, where the attempt is made.
                let limit = u32::try_from(limit.max(1)).unwrap_or(u32::MAX);
                most = most.min(rates.room(&endpoint_id, limit, Instant::now()));
            }
            if most == 0 {
                continue;
            }
            room -= most;
            let timeout = endpoint.map_or(DEFAULT_TIMEOUT_MS, |endpoint| ms(endpoint.timeout()));
            let lease_ms = timeout.saturating_add(ms(self.0.options.lease_margin));
            wants.push(Want { endpoint_id, room: i64::try_from(most).unwrap_or(i64::MAX), lease_ms });
        }
        Ok(wants)
    }

    async fn attempt(self, claimed: Claimed) -> Finish {
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
            self.judge(&claimed, attempted, ms(start.elapsed())).await
        };
        work.instrument(span).await
    }

    async fn send(&self, claimed: &Claimed) -> Attempted {
        let delivery = &claimed.delivery;
        let Some(endpoint) = self.0.endpoints.endpoint(&delivery.endpoint_id) else {
            return Attempted::given_up("endpoint_unknown");
        };
        if !endpoint.is_active() && !delivery.test {
            return Attempted::given_up("endpoint_inactive");
        }
        let counted = u32::try_from(claimed.attempt - claimed.uncounted).unwrap_or(u32::MAX);
        // Whatever this delivery does to us, it does so only as often as it may be sent.
        if i64::from(counted) > allowed(&endpoint, delivery.test) {
            return Attempted::given_up("crashed");
        }
        let mut attempted = self.exchange(claimed, &endpoint, counted).await;
        if delivery.test && matches!(attempted.next, Next::Retry { .. }) {
            attempted.next = Next::DeadLetter(GivenUp::Exhausted);
        }
        attempted
    }

    async fn exchange(&self, claimed: &Claimed, endpoint: &Endpoint, counted: u32) -> Attempted {
        let (delivery, retry) = (&claimed.delivery, endpoint.retry());
        let failed = |error| Attempted::failed(retry.next(counted, &Outcome::NoAnswer, now(), random()), error);
        // Settings may have changed since they were accepted, and rules too.
        if let Err(error) = endpoint.check(&self.0.options.policy) {
            return failed(error.code().as_str());
        }
        let signing = Signing { id: Some(&delivery.event_id), event_type: Some(&delivery.event_type), now: now() };
        let Ok(webhook) = endpoint.webhook() else { return failed("secret_invalid") };
        let Ok(signed) = webhook.sign_with_every_key(&delivery.body, &signing) else { return failed("signing") };
        add(&self.0.counters.attempts, 1);
        let answer = match self.0.client.send(endpoint, &signed, delivery.body.clone()).await {
            Ok(answer) => answer,
            Err(error) => return failed(error),
        };
        let outcome = Outcome::Answered { status: answer.status, retry_after: answer.retry_after.as_deref() };
        let next = retry.next(counted, &outcome, now(), random());
        let fields = &self.0.options.redacted_fields;
        Attempted {
            next,
            status: Some(answer.status),
            error: (next != Next::Done).then_some("status"),
            preview: (!answer.body.is_empty()).then(|| preview(&answer.body, fields, Some(endpoint), &signed)),
            counts: true,
        }
    }

    /// What the attempt means for the delivery, and tells the endpoint's breaker.
    async fn judge(&self, claimed: &Claimed, attempted: Attempted, took: i64) -> Finish {
        let counters = &self.0.counters;
        let accepted = attempted.next == Next::Done;
        let (status, wait_ms) = match attempted.next {
            Next::Done => (DeliveryStatus::Success, 0),
            Next::Retry { after } => (DeliveryStatus::Pending, ms(after)),
            Next::DeadLetter(_) => (DeliveryStatus::Failed, 0),
        };
        add(if accepted { &counters.accepted } else { &counters.failed }, 1);
        add(&counters.attempt_ms, took.unsigned_abs());
        if status == DeliveryStatus::Failed {
            add(&counters.dead_letters, 1);
        }
        tracing::info!(status = status.as_str(), response = attempted.status, error = attempted.error, ms = took);
        let endpoint_id = &claimed.delivery.endpoint_id;
        let told = if attempted.next == Next::DeadLetter(GivenUp::Gone) {
            self.disable(endpoint_id, Disabled::Gone).await
        } else if accepted || !attempted.counts {
            Ok(())
        } else {
            self.record_failure(endpoint_id).await
        };
        if let Err(error) = told {
            tracing::error!(%error, "the store failed: this failure is not counted for the endpoint's pause");
        }
        Finish {
            status,
            wait_ms,
            response_status: attempted.status.map(i32::from),
            duration_ms: took,
            error: attempted.error,
            preview: attempted.preview,
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
            let now = now();
            let _ = breaker.admit(&policy, now);
            let change = breaker.record(false, &policy, now);
            let pause_ms = match breaker.state() {
                BreakerState::Closed => None,
                BreakerState::Open { until } | BreakerState::HalfOpen { until } => {
                    let seconds = until.as_secs().saturating_sub(now.as_secs());
                    Some(i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX))
                }
            };
            let new = serde_json::to_string(&breaker).unwrap_or_default();
            if !self.0.store.set_breaker(endpoint_id, &old, &new, pause_ms).await? {
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
