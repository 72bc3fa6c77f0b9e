//! The loop of a worker: claims what is due, starts attempts, and writes their outcomes down. One call to the store is
//! under way at a time, and attempts go on meanwhile.

use core::future::Future;
use core::pin::{Pin, pin};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use countersign_endpoint::DeliveryStatus;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::delivery::{AttemptOutcome, ClaimRequest, Claimed, Lease};
use crate::dispatcher::Dispatcher;
use crate::error::DispatchError;
use crate::lanes::Lanes;
use crate::store::Store;
use crate::target::Target;

/// This many outcomes are worth a call of their own: a delivery whose outcome is not written down when the process dies
/// is sent again.
const MANY_OUTCOMES: usize = 512;

struct Worker<S> {
    dispatcher: Dispatcher<S>,
    lanes: Lanes,
    attempts: JoinSet<AttemptOutcome>,
    /// The lease and the endpoint of each attempt.
    begun: HashMap<Id, (Lease, String)>,
    /// The outcomes that the store has not been told yet.
    outcomes: Vec<AttemptOutcome>,
    /// Whether the store has failed to write outcomes.
    refused: bool,
    /// Whether to ask the store which endpoints have something due.
    look: bool,
    /// When the store may be called again, after it has failed.
    not_before: Instant,
}

/// What the store is asked to do, all at once.
struct StoreCall {
    made: Instant,
    outcomes: Vec<AttemptOutcome>,
    releases: Vec<Lease>,
    claims: Vec<ClaimRequest>,
    look: bool,
}

/// A call, and what the store has answered to each of its parts.
struct StoreReply {
    call: StoreCall,
    written: Result<u64, DispatchError>,
    released: Result<(), DispatchError>,
    claimed: Result<Vec<Claimed>, DispatchError>,
    due: Result<Vec<String>, DispatchError>,
}

type PendingReply = Pin<Box<dyn Future<Output = StoreReply> + Send>>;

impl<S: Store> Dispatcher<S> {
    /// Sends what is due, until `shutdown` ends. Then it claims nothing more, waits for its attempts, and releases the
    /// deliveries whose attempts do not end in time. Where the store fails, it tries again.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut worker = Worker::new(self.clone());
        let mut pending: Option<PendingReply> = None;
        let mut polls = interval(self.0.options.poll.max(core::time::Duration::from_millis(1)));
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            worker.begin();
            if pending.is_none() {
                pending = worker.next_call().map(|call| Box::pin(ask(self.clone(), call)) as PendingReply);
            }
            tokio::select! {
                () = &mut shutdown => return worker.end(pending).await,
                reply = reply_of(&mut pending), if pending.is_some() => {
                    pending = None;
                    worker.replied(reply);
                }
                Some(ended) = worker.attempts.join_next_with_id(), if !worker.attempts.is_empty() => {
                    worker.ended(ended);
                    while let Some(ended) = worker.attempts.try_join_next_with_id() {
                        worker.ended(ended);
                    }
                }
                signal = self.0.wake_up.wait() => {
                    worker.look |= signal.look;
                    worker.lanes.due(signal.endpoint_ids);
                }
                _ = polls.tick() => {
                    worker.look = true;
                    worker.lanes.release_late(Instant::now());
                }
            }
        }
    }
}

async fn reply_of(pending: &mut Option<PendingReply>) -> StoreReply {
    match pending {
        Some(reply) => reply.await,
        None => core::future::pending().await,
    }
}

/// Asks for all parts at once, so that a store can do them in one transaction.
async fn ask<S: Store>(dispatcher: Dispatcher<S>, call: StoreCall) -> StoreReply {
    let store = &dispatcher.0.store;
    let (written, released, claimed, due) = tokio::join!(
        async { if call.outcomes.is_empty() { Ok(0) } else { store.finish(&call.outcomes).await } },
        async { if call.releases.is_empty() { Ok(()) } else { store.release(&call.releases, false).await } },
        async { if call.claims.is_empty() { Ok(Vec::new()) } else { store.claim(call.claims.clone()).await } },
        async { if call.look { store.due().await } else { Ok(Vec::new()) } },
    );
    StoreReply { call, written, released, claimed, due }
}

impl<S: Store> Worker<S> {
    fn new(dispatcher: Dispatcher<S>) -> Self {
        let options = &dispatcher.0.options;
        let lanes = Lanes::new(options.in_flight, options.in_flight_per_endpoint, options.lease_margin);
        Self {
            lanes,
            attempts: JoinSet::new(),
            begun: HashMap::new(),
            outcomes: Vec::new(),
            refused: false,
            look: true,
            not_before: Instant::now(),
            dispatcher,
        }
    }

    /// Begins attempts while there are permits. An outcome that cannot be written down means that its delivery is sent
    /// again after the lease: where the store refuses outcomes, nothing more is begun.
    fn begin(&mut self) {
        if self.refused {
            return;
        }
        let now = Instant::now();
        while let Some((claimed, known)) = self.lanes.next(now) {
            let target = self.dispatcher.target(&claimed.delivery.endpoint_id, known);
            let begun = (claimed.lease, claimed.delivery.endpoint_id.clone());
            let task = self.attempts.spawn(self.dispatcher.clone().attempt(claimed, target));
            self.begun.insert(task.id(), begun);
        }
    }

    /// The next call to the store, if it is worth one.
    fn next_call(&mut self) -> Option<StoreCall> {
        let now = Instant::now();
        if now < self.not_before {
            return None;
        }
        let many = self.outcomes.len() >= MANY_OUTCOMES;
        let low = self.lanes.low();
        if !(self.look || many || low || !self.lanes.releases.is_empty() || self.lanes.starving()) {
            return None;
        }
        let endpoints = &*self.dispatcher.0.endpoints;
        let claims = if self.refused { Vec::new() } else { self.lanes.claims(endpoints, now) };
        if !self.look && self.outcomes.is_empty() && self.lanes.releases.is_empty() && claims.is_empty() {
            return None;
        }
        self.lanes.claiming(&claims);
        Some(StoreCall {
            made: now,
            outcomes: core::mem::take(&mut self.outcomes),
            releases: core::mem::take(&mut self.lanes.releases),
            claims,
            look: core::mem::take(&mut self.look),
        })
    }

    fn replied(&mut self, reply: StoreReply) {
        let StoreReply { call, written, released, claimed, due } = reply;
        let mut failed = None;
        self.refused = written.is_err();
        match written {
            Ok(written) => {
                let late = (call.outcomes.len() as u64).saturating_sub(written);
                if late > 0 {
                    tracing::warn!(
                        late,
                        "attempts took longer than their leases: other workers have claimed them since"
                    );
                }
            }
            Err(error) => {
                self.outcomes.extend(call.outcomes);
                failed = Some(error);
            }
        }
        // A delivery that could not be released is free at the end of its lease.
        failed = released.err().or(failed);
        // Deliveries that are claimed are sent, whatever else has failed.
        match claimed {
            Ok(claimed) => self.lanes.claimed(&call.claims, claimed, call.made),
            Err(error) => failed = Some(error),
        }
        match due {
            Ok(due) => self.lanes.due(due),
            Err(error) => {
                self.look = true;
                failed = Some(error);
            }
        }
        if let Some(error) = failed {
            tracing::error!(%error, "the store failed; trying again");
            self.not_before = Instant::now() + self.dispatcher.0.options.poll;
        }
    }

    fn ended(&mut self, ended: Result<(Id, AttemptOutcome), JoinError>) {
        let (id, outcome) = match ended {
            Ok((id, outcome)) => (id, Some(outcome)),
            // A shutdown has cut the attempt off, and releases its delivery.
            Err(error) if error.is_cancelled() => return,
            // Without an outcome, the end of the lease makes the delivery due again.
            Err(error) => (error.id(), None),
        };
        let accepted = outcome.as_ref().filter(|outcome| outcome.status == DeliveryStatus::Success);
        let accepted = accepted.map(|outcome| outcome.duration);
        if let Some((_, endpoint_id)) = self.begun.remove(&id) {
            self.lanes.ended(&endpoint_id, accepted);
        }
        self.outcomes.extend(outcome);
    }

    async fn end(mut self, pending: Option<PendingReply>) {
        let options = &self.dispatcher.0.options;
        let (grace, poll) = (options.grace, options.poll);
        // The reply may bring claimed deliveries, which have to be released too.
        if let Some(pending) = pending
            && let Ok(reply) = timeout(grace, pending).await
        {
            self.replied(reply);
        }
        self.lanes.release_waiting();
        let releases = core::mem::take(&mut self.lanes.releases);
        self.release(&releases, false).await;
        let attempts = async {
            while let Some(ended) = self.attempts.join_next_with_id().await {
                self.ended(ended);
            }
        };
        if timeout(grace, attempts).await.is_err() {
            self.attempts.abort_all();
            // Some attempts may have ended before they were cut off: their outcomes count.
            while let Some(ended) = self.attempts.join_next_with_id().await {
                self.ended(ended);
            }
        }
        let write = async {
            while !self.outcomes.is_empty()
                && let Err(error) = self.dispatcher.0.store.finish(&self.outcomes).await
            {
                tracing::error!(%error, "the store failed; trying again");
                sleep(poll).await;
            }
        };
        if timeout(grace, write).await.is_err() {
            tracing::error!("outcomes could not be written down; their deliveries will be sent again");
        }
        let cut_off: Vec<Lease> = self.begun.values().map(|(lease, _)| *lease).collect();
        self.release(&cut_off, true).await;
    }

    async fn release(&self, leases: &[Lease], begun: bool) {
        // Deliveries that cannot be released are free at the end of their leases.
        if !leases.is_empty()
            && let Err(error) = self.dispatcher.0.store.release(leases, begun).await
        {
            tracing::error!(%error, "deliveries could not be released; they are due at the end of their leases");
        }
    }
}

impl<S: Store> Dispatcher<S> {
    /// The endpoint as it is now, judged anew if its settings have changed.
    fn target(&self, endpoint_id: &str, known: &mut Option<Arc<Target>>) -> Option<Arc<Target>> {
        let endpoint = self.0.endpoints.endpoint(endpoint_id);
        *known = endpoint.map(|endpoint| match known.take() {
            Some(target) if target.is_of(&endpoint) => target,
            _ => Arc::new(Target::new(endpoint, &self.0.client)),
        });
        known.clone()
    }
}
