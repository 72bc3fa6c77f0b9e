//! The loop: claims what is due, has it sent, writes down what came of it. One trip to the store is under way at a time,
//! and meanwhile attempts go on.

use core::future::Future;
use core::pin::{Pin, pin};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use countersign_endpoint::DeliveryStatus;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::Dispatcher;
use crate::error::DispatchError;
use crate::lanes::Lanes;
use crate::store::{Claimed, Finish, Lease, Store, Want};
use crate::target::Target;

/// So many outcomes are worth a trip. A crash sends again what is not written down.
const MANY: usize = 512;

/// What this worker has in its hands.
struct Worker<S> {
    dispatcher: Dispatcher<S>,
    lanes: Lanes,
    attempts: JoinSet<Finish>,
    /// What each attempt is for.
    begun: HashMap<Id, (Lease, String)>,
    /// Attempts that are over, and which the store does not know about yet.
    done: Vec<Finish>,
    /// Whether the store would not take them.
    refused: bool,
    /// Whether to ask the store what has become due.
    look: bool,
    /// After a failure of the store, no trip before this.
    not_before: Instant,
}

/// What goes to the store.
struct Trip {
    asked: Instant,
    done: Vec<Finish>,
    back: Vec<Lease>,
    wants: Vec<Want>,
    look: bool,
}

/// What comes back.
struct Returned {
    trip: Trip,
    written: Result<u64, DispatchError>,
    given_back: Result<(), DispatchError>,
    claimed: Result<Vec<Claimed>, DispatchError>,
    due: Result<Vec<String>, DispatchError>,
}

type Travelling = Pin<Box<dyn Future<Output = Returned> + Send>>;

impl<S: Store> Dispatcher<S> {
    /// Sends what is due, until `shutdown` ends. Then it claims nothing more, waits for its attempts, and gives back
    /// those that are not done in time. Where the store fails, it tries again.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut worker = Worker::new(self.clone());
        let mut trip: Option<Travelling> = None;
        let mut ticks = interval(self.0.options.poll.max(core::time::Duration::from_millis(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            worker.begin();
            if trip.is_none() {
                trip = worker.trip().map(|trip| Box::pin(travel(self.clone(), trip)) as Travelling);
            }
            tokio::select! {
                () = &mut shutdown => return worker.end(trip).await,
                returned = on(&mut trip), if trip.is_some() => {
                    trip = None;
                    worker.returned(returned);
                }
                Some(ended) = worker.attempts.join_next_with_id(), if !worker.attempts.is_empty() => {
                    worker.ended(ended);
                    while let Some(ended) = worker.attempts.try_join_next_with_id() {
                        worker.ended(ended);
                    }
                }
                news = self.0.news.wait() => {
                    worker.look |= news.look;
                    worker.lanes.due(news.endpoint_ids);
                }
                _ = ticks.tick() => {
                    worker.look = true;
                    worker.lanes.sweep(Instant::now());
                }
            }
        }
    }
}

async fn on(trip: &mut Option<Travelling>) -> Returned {
    match trip {
        Some(trip) => trip.await,
        None => core::future::pending().await,
    }
}

/// All at once: a store can do it in one transaction.
async fn travel<S: Store>(dispatcher: Dispatcher<S>, trip: Trip) -> Returned {
    let store = &dispatcher.0.store;
    let (written, given_back, claimed, due) = tokio::join!(
        async { if trip.done.is_empty() { Ok(0) } else { store.finish(&trip.done).await } },
        async { if trip.back.is_empty() { Ok(()) } else { store.release(&trip.back, false).await } },
        async { if trip.wants.is_empty() { Ok(Vec::new()) } else { store.claim(trip.wants.clone()).await } },
        async { if trip.look { store.due().await } else { Ok(Vec::new()) } },
    );
    Returned { trip, written, given_back, claimed, due }
}

impl<S: Store> Worker<S> {
    fn new(dispatcher: Dispatcher<S>) -> Self {
        let options = &dispatcher.0.options;
        let lanes = Lanes::new(options.in_flight, options.in_flight_per_endpoint, options.lease_margin);
        Self {
            lanes,
            attempts: JoinSet::new(),
            begun: HashMap::new(),
            done: Vec::new(),
            refused: false,
            look: true,
            not_before: Instant::now(),
            dispatcher,
        }
    }

    /// Begins attempts while there are places. What cannot be written down would be sent again after its lease: where the
    /// store refuses, nothing more is begun.
    fn begin(&mut self) {
        if self.refused {
            return;
        }
        let now = Instant::now();
        while let Some((claimed, known)) = self.lanes.next(now) {
            let target = self.dispatcher.target(&claimed.delivery.endpoint_id, known);
            let what = (claimed.lease, claimed.delivery.endpoint_id.clone());
            let task = self.attempts.spawn(self.dispatcher.clone().attempt(claimed, target));
            self.begun.insert(task.id(), what);
        }
    }

    /// The next trip, if it is worth it.
    fn trip(&mut self) -> Option<Trip> {
        let now = Instant::now();
        if now < self.not_before {
            return None;
        }
        let enough = self.done.len() >= MANY;
        let low = self.lanes.low();
        if !(self.look || enough || low || !self.lanes.back.is_empty() || self.lanes.starving()) {
            return None;
        }
        let endpoints = &*self.dispatcher.0.endpoints;
        let wants = if self.refused { Vec::new() } else { self.lanes.wants(endpoints, now) };
        if !self.look && self.done.is_empty() && self.lanes.back.is_empty() && wants.is_empty() {
            return None;
        }
        self.lanes.asked(&wants);
        Some(Trip {
            asked: now,
            done: core::mem::take(&mut self.done),
            back: core::mem::take(&mut self.lanes.back),
            wants,
            look: core::mem::take(&mut self.look),
        })
    }

    fn returned(&mut self, returned: Returned) {
        let Returned { trip, written, given_back, claimed, due } = returned;
        let mut failed = None;
        self.refused = written.is_err();
        match written {
            Ok(written) => {
                let late = (trip.done.len() as u64).saturating_sub(written);
                if late > 0 {
                    tracing::warn!(late, "attempts took longer than their leases: others have claimed them since");
                }
            }
            Err(error) => {
                self.done.extend(trip.done);
                failed = Some(error);
            }
        }
        // What is not given back is free at the end of its lease.
        failed = given_back.err().or(failed);
        // What is claimed is sent, whatever else has failed.
        match claimed {
            Ok(claimed) => self.lanes.claimed(&trip.wants, claimed, trip.asked),
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

    fn ended(&mut self, ended: Result<(Id, Finish), JoinError>) {
        let (id, finish) = match ended {
            Ok((id, finish)) => (id, Some(finish)),
            // Cut off by a shutdown, which gives it back.
            Err(error) if error.is_cancelled() => return,
            // What has no outcome is given back by the end of its lease.
            Err(error) => (error.id(), None),
        };
        let accepted = finish.as_ref().filter(|finish| finish.status == DeliveryStatus::Success);
        let accepted = accepted.map(|finish| finish.duration_ms);
        if let Some((_, endpoint_id)) = self.begun.remove(&id) {
            self.lanes.ended(&endpoint_id, accepted);
        }
        self.done.extend(finish);
    }

    async fn end(mut self, trip: Option<Travelling>) {
        let options = &self.dispatcher.0.options;
        let (grace, poll) = (options.grace, options.poll);
        // It may bring deliveries.
        if let Some(trip) = trip
            && let Ok(returned) = timeout(grace, trip).await
        {
            self.returned(returned);
        }
        self.lanes.give_back();
        let back = core::mem::take(&mut self.lanes.back);
        self.release(&back, false).await;
        let finish = async {
            while let Some(ended) = self.attempts.join_next_with_id().await {
                self.ended(ended);
            }
        };
        if timeout(grace, finish).await.is_err() {
            self.attempts.abort_all();
            // Some may have ended all the same.
            while let Some(ended) = self.attempts.join_next_with_id().await {
                self.ended(ended);
            }
        }
        let write = async {
            while !self.done.is_empty()
                && let Err(error) = self.dispatcher.0.store.finish(&self.done).await
            {
                tracing::error!(%error, "the store failed; trying again");
                sleep(poll).await;
            }
        };
        if timeout(grace, write).await.is_err() {
            tracing::error!("attempts could not be written down; they will be made again");
        }
        let cut_off: Vec<Lease> = self.begun.values().map(|(lease, _)| *lease).collect();
        self.release(&cut_off, true).await;
    }

    async fn release(&self, leases: &[Lease], begun: bool) {
        // If that fails, the leases end by themselves.
        if !leases.is_empty()
            && let Err(error) = self.dispatcher.0.store.release(leases, begun).await
        {
            tracing::error!(%error, "cannot give deliveries back");
        }
    }
}

impl<S: Store> Dispatcher<S> {
    /// The endpoint as it is now, taken apart anew if it has changed.
    fn target(&self, endpoint_id: &str, known: &mut Option<Arc<Target>>) -> Option<Arc<Target>> {
        let endpoint = self.0.endpoints.endpoint(endpoint_id);
        *known = endpoint.map(|endpoint| match known.take() {
            Some(target) if target.is(&endpoint) => target,
            _ => Arc::new(Target::new(endpoint, &self.0.client)),
        });
        known.clone()
    }
}
