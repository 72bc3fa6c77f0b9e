//! Whose delivery is sent next, and what to claim for it: every endpoint has a lane.
//!
//! A lane gets its share of the places, so that attempts which hang leave room for the others. One that sends fast gets
//! more from the store than it has places for, up to twice what it has had accepted since: then a trip to the store is for many.
//! What is claimed and cannot be sent soon is given back.

use core::time::Duration;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use countersign_endpoint::DEFAULT_TIMEOUT_MS;

use crate::endpoints::EndpointSource;
use crate::rate::Rates;
use crate::store::{Claimed, Lease, Want};
use crate::target::Target;

/// How many deliveries may wait for each place of a lane, and in all: their bodies are in memory.
const AHEAD: usize = 16;
const MOST_WAITING: usize = 1024;

/// No more may wait than can be sent in this time: another worker could send them.
const SOON_MS: usize = 1000;

#[derive(Default)]
struct Lane {
    /// Being sent.
    busy: usize,
    /// Claimed, and since when; not begun.
    waiting: VecDeque<(Claimed, Instant)>,
    /// Accepted since the last claim, and how long the last of them took.
    accepted: usize,
    took_ms: usize,
    /// Whether the store may have more. If so, it is among `turns`.
    more: bool,
    /// Whether that was heard since it was last asked.
    news: bool,
    /// Whether it is among `ready`.
    ready: bool,
    target: Option<Arc<Target>>,
}

pub(crate) struct Lanes {
    lanes: HashMap<Arc<str>, Lane>,
    /// Those to claim for, who was last served at the end.
    turns: VecDeque<Arc<str>>,
    /// Those who have something waiting and a place for it.
    ready: VecDeque<Arc<str>>,
    rates: Rates,
    /// How many places there are, and how many of them one lane may have.
    places: usize,
    most: usize,
    /// How long a lease is beyond the endpoint's timeout.
    margin: Duration,
    busy: usize,
    waiting: usize,
    /// Accepted since something was last claimed ahead, and how long one takes.
    accepted: usize,
    took_ms: usize,
    /// How many waited when the last claim had been begun, or `None` until then.
    brought: Option<usize>,
    /// What is to be given back.
    pub(crate) back: Vec<Lease>,
}

impl Lanes {
    pub(crate) fn new(places: usize, most: usize, margin: Duration) -> Self {
        Self {
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            ready: VecDeque::new(),
            rates: Rates::default(),
            places,
            most: most.max(1),
            margin,
            busy: 0,
            waiting: 0,
            accepted: 0,
            took_ms: 0,
            brought: Some(0),
            back: Vec::new(),
        }
    }

    /// These have something due.
    pub(crate) fn due(&mut self, endpoint_ids: impl IntoIterator<Item = String>) {
        for id in endpoint_ids {
            let id: Arc<str> = id.into();
            let lane = self.lanes.entry(Arc::clone(&id)).or_default();
            lane.news = true;
            if !core::mem::replace(&mut lane.more, true) {
                self.turns.push_back(id);
            }
        }
    }

    /// Whether most of what was claimed ahead has been begun.
    pub(crate) fn low(&self) -> bool {
        self.brought.is_some_and(|brought| self.waiting * 4 <= brought)
    }

    /// Whether there is a place that nothing here is for.
    pub(crate) fn starving(&self) -> bool {
        let share = self.share();
        self.free(share) > 0 && self.turns.iter().any(|id| self.lanes.get(id).is_some_and(|lane| lane.lacks(share) > 0))
    }

    /// What to claim: for free places, and ahead.
    pub(crate) fn wants(&mut self, endpoints: &dyn EndpointSource, now: Instant) -> Vec<Want> {
        let share = self.share();
        let mut free = self.free(share);
        let most = soon(self.places, self.took_ms).min(MOST_WAITING);
        let mut ahead = (2 * self.accepted).min(most.saturating_sub(self.waiting));
        let mut wants = Vec::new();
        for id in &self.turns {
            if free + ahead == 0 {
                break;
            }
            let (Some(lane), endpoint) = (self.lanes.get(id), endpoints.endpoint(id)) else { continue };
            let lacks = lane.lacks(share);
            // What is for a free place, and that with what is ahead.
            let (needed, room) = match endpoint.as_ref().and_then(|endpoint| endpoint.max_per_second) {
                // Below 1 it is refused, where the attempt is made. What waits would be sent in a later second.
                Some(limit) => {
                    let limit = u32::try_from(limit.max(1)).unwrap_or(u32::MAX);
                    let room = lacks.min(free).min(self.rates.room(id, limit, now));
                    (room, room)
                }
                None => {
                    let needed = lacks.min(free);
                    (needed, lacks.max(lane.ahead(share)).min(needed + ahead))
                }
            };
            free -= needed;
            ahead -= room - needed;
            if room > 0 {
                let timeout = endpoint.map_or(DEFAULT_TIMEOUT_MS, |endpoint| ms(endpoint.timeout()));
                let (endpoint_id, lease_ms) = (String::from(&**id), timeout.saturating_add(ms(self.margin)));
                wants.push(Want { endpoint_id, room: i64::try_from(room).unwrap_or(i64::MAX), lease_ms });
            }
        }
        wants
    }

    /// That is asked for now. The lanes keep their turns until [`claimed`](Self::claimed).
    pub(crate) fn asked(&mut self, wants: &[Want]) {
        self.accepted = 0;
        for want in wants {
            if let Some(lane) = self.lanes.get_mut(&*want.endpoint_id) {
                lane.accepted = 0;
                lane.news = false;
            }
        }
    }

    /// What came of it. `asked` is from when its leases count at the latest.
    pub(crate) fn claimed(&mut self, wants: &[Want], claimed: Vec<Claimed>, asked: Instant) {
        let mut again = VecDeque::new();
        let mut served: HashMap<&str, i64> = wants.iter().map(|want| (&*want.endpoint_id, want.room)).collect();
        for claimed in claimed {
            let endpoint_id = &*claimed.delivery.endpoint_id;
            if let Some(room) = served.get_mut(endpoint_id) {
                *room -= 1;
            }
            self.rates.spend(endpoint_id);
            let Some((id, lane)) = lane_of(&mut self.lanes, endpoint_id) else { continue };
            lane.waiting.push_back((claimed, asked));
            self.waiting += 1;
            if !core::mem::replace(&mut lane.ready, true) {
                self.ready.push_back(id);
            }
        }
        // Who got all it asked for may have more, and is last now.
        for _ in 0..self.turns.len() {
            let Some(id) = self.turns.pop_front() else { break };
            let Some(left) = served.get(&*id) else {
                self.turns.push_back(id);
                continue;
            };
            let Some(lane) = self.lanes.get_mut(&id) else { continue };
            lane.more = *left <= 0 || lane.news;
            if lane.more {
                again.push_back(id);
            } else {
                self.forget_idle(&id);
            }
        }
        self.turns.append(&mut again);
        self.brought = None;
    }

    /// The next to be sent, and its lane's target, which may be out of date.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(Claimed, &mut Option<Arc<Target>>)> {
        let share = self.share();
        let (claimed, id) = loop {
            let free = self.busy < self.places;
            let Some(id) = free.then(|| self.ready.pop_front()).flatten() else {
                self.brought.get_or_insert(self.waiting);
                return None;
            };
            let Some(lane) = self.lanes.get_mut(&id) else { continue };
            lane.ready = false;
            if lane.busy >= share {
                continue;
            }
            let Some((claimed, since)) = lane.waiting.pop_front() else { continue };
            self.waiting -= 1;
            let late = now.saturating_duration_since(since) > self.margin / 2;
            if late {
                self.back.push(claimed.lease);
            } else {
                lane.busy += 1;
                self.busy += 1;
            }
            if !lane.waiting.is_empty() {
                lane.ready = true;
                self.ready.push_back(Arc::clone(&id));
            }
            if !late {
                break (claimed, id);
            }
        };
        Some((claimed, &mut self.lanes.get_mut(&id)?.target))
    }

    /// An attempt is over, and was accepted in so many milliseconds. After one that was not, what waits is given back: the
    /// endpoint's pause may begin.
    pub(crate) fn ended(&mut self, endpoint_id: &str, accepted: Option<i64>) {
        let Some((id, lane)) = lane_of(&mut self.lanes, endpoint_id) else { return };
        lane.busy = lane.busy.saturating_sub(1);
        self.busy = self.busy.saturating_sub(1);
        if let Some(took_ms) = accepted {
            let took_ms = usize::try_from(took_ms).unwrap_or(0);
            (lane.took_ms, self.took_ms) = (took_ms, (7 * self.took_ms + took_ms) / 8);
            lane.accepted += 1;
            self.accepted += 1;
            if !lane.waiting.is_empty() && !core::mem::replace(&mut lane.ready, true) {
                self.ready.push_back(id);
            }
        } else {
            lane.accepted = 0;
            self.waiting -= lane.waiting.len();
            self.back.extend(lane.waiting.drain(..).map(|(claimed, _)| claimed.lease));
        }
        self.forget_idle(endpoint_id);
    }

    /// Gives back what has waited too long for the time that its lease has left.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let (margin, back) = (self.margin, &mut self.back);
        for lane in self.lanes.values_mut() {
            while lane.waiting.front().is_some_and(|(_, since)| now.saturating_duration_since(*since) > margin / 2) {
                self.waiting -= 1;
                back.extend(lane.waiting.pop_front().map(|(claimed, _)| claimed.lease));
            }
        }
    }

    /// Gives everything back that is not begun.
    pub(crate) fn give_back(&mut self) {
        let waiting = self.lanes.values_mut().flat_map(|lane| lane.waiting.drain(..));
        self.back.extend(waiting.map(|(claimed, _)| claimed.lease));
        self.waiting = 0;
    }

    /// One part is left for whoever comes next.
    fn share(&self) -> usize {
        (self.places / (self.lanes.len() + 1)).clamp(1, self.most)
    }

    /// Places for which nothing waits.
    fn free(&self, share: usize) -> usize {
        let spoken_for = self.ready.iter().filter_map(|id| self.lanes.get(id)).map(|lane| lane.room(share));
        self.places.saturating_sub(self.busy + spoken_for.sum::<usize>())
    }

    fn forget_idle(&mut self, endpoint_id: &str) {
        if self.lanes.get(endpoint_id).is_some_and(|lane| lane.busy == 0 && lane.waiting.is_empty() && !lane.more) {
            self.lanes.remove(endpoint_id);
        }
    }
}

impl Lane {
    /// How many of its places are for what waits.
    fn room(&self, share: usize) -> usize {
        share.saturating_sub(self.busy).min(self.waiting.len())
    }

    /// How many of its places nothing is for.
    fn lacks(&self, share: usize) -> usize {
        share.saturating_sub(self.busy + self.waiting.len())
    }

    /// How many it may have because it sends fast.
    fn ahead(&self, share: usize) -> usize {
        let most = soon(share, self.took_ms).min(share.saturating_mul(AHEAD));
        (2 * self.accepted).min(most.saturating_sub(self.waiting.len()))
    }
}

/// How many can be sent soon where one takes so long.
fn soon(places: usize, took_ms: usize) -> usize {
    places.saturating_mul(SOON_MS).div_ceil(took_ms.max(1))
}

fn lane_of<'a>(lanes: &'a mut HashMap<Arc<str>, Lane>, id: &str) -> Option<(Arc<str>, &'a mut Lane)> {
    let id = Arc::clone(lanes.get_key_value(id)?.0);
    let lane = lanes.get_mut(&id)?;
    Some((id, lane))
}

pub(crate) fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
