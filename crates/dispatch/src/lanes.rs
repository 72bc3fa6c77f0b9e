//! Which delivery is sent next, and which are claimed: every endpoint has a lane.
//!
//! A permit is the right to run one attempt; there are as many as attempts may run at a time. Each lane has a share of
//! them, so that attempts which hang leave permits for the other lanes. For a lane that sends fast, more is claimed
//! than it has permits for, up to twice what receivers have accepted since: then one call to the store serves many
//! attempts. What is claimed and cannot be sent soon is released.

use core::time::Duration;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use countersign_endpoint::Endpoint;

use crate::delivery::{ClaimRequest, Claimed, Lease};
use crate::endpoints::EndpointSource;
use crate::rate::Rates;
use crate::target::Target;
use crate::time::ms;

/// How many deliveries may wait for each permit of a lane, and in all: their bodies are in memory.
const AHEAD: usize = 16;
const MOST_WAITING: usize = 1024;

/// No more may wait than can be sent in this time: another worker could send the rest sooner.
const SOON_MS: usize = 1000;

#[derive(Default)]
struct Lane {
    /// How many attempts run.
    running: usize,
    /// Deliveries that are claimed and not begun, each with the time of its claim.
    waiting: VecDeque<(Claimed, Instant)>,
    /// How many deliveries were accepted since the last claim, and how long the last of their attempts took.
    accepted: usize,
    took_ms: usize,
    /// Whether the store may have more for this lane. The lane is in `turns` then.
    more: bool,
    /// Whether something became due since the last claim was made.
    due: bool,
    /// Whether the lane is in `ready`.
    ready: bool,
    target: Option<Arc<Target>>,
}

pub(crate) struct Lanes {
    lanes: HashMap<Arc<str>, Lane>,
    /// The lanes to claim for, the one that was served last at the end.
    turns: VecDeque<Arc<str>>,
    /// The lanes that have something waiting and a permit for it.
    ready: VecDeque<Arc<str>>,
    rates: Rates,
    /// How many permits there are, and how many of them one lane may have.
    permits: usize,
    most: usize,
    /// How long a lease is beyond the endpoint's timeout.
    margin: Duration,
    running: usize,
    waiting: usize,
    /// How many deliveries of all lanes were accepted since the last claim, and how long an attempt takes on average.
    accepted: usize,
    took_ms: usize,
    /// How many deliveries waited after the last claim, once no more attempts could be begun; `None` until then.
    claimed: Option<usize>,
    /// The leases to release with the next call to the store.
    pub(crate) releases: Vec<Lease>,
}

impl Lanes {
    pub(crate) fn new(permits: usize, most: usize, margin: Duration) -> Self {
        Self {
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            ready: VecDeque::new(),
            rates: Rates::default(),
            permits,
            most: most.max(1),
            margin,
            running: 0,
            waiting: 0,
            accepted: 0,
            took_ms: 0,
            claimed: Some(0),
            releases: Vec::new(),
        }
    }

    /// Notes that these endpoints have something due.
    pub(crate) fn due(&mut self, endpoint_ids: impl IntoIterator<Item = String>) {
        for id in endpoint_ids {
            let id: Arc<str> = id.into();
            let lane = self.lanes.entry(Arc::clone(&id)).or_default();
            lane.due = true;
            if !core::mem::replace(&mut lane.more, true) {
                self.turns.push_back(id);
            }
        }
    }

    /// Whether most of what was claimed ahead has been begun.
    pub(crate) fn low(&self) -> bool {
        self.claimed.is_some_and(|claimed| self.waiting * 4 <= claimed)
    }

    /// Whether there is a permit that a lane could use, but has no delivery for.
    pub(crate) fn starving(&self) -> bool {
        let share = self.share();
        self.free(share) > 0 && self.turns.iter().any(|id| self.lanes.get(id).is_some_and(|lane| lane.lacks(share) > 0))
    }

    /// What to claim: deliveries for free permits, and some ahead.
    pub(crate) fn claims(&mut self, endpoints: &dyn EndpointSource, now: Instant) -> Vec<ClaimRequest> {
        let share = self.share();
        let mut free = self.free(share);
        let most = soon(self.permits, self.took_ms).min(MOST_WAITING);
        let mut ahead = (2 * self.accepted).min(most.saturating_sub(self.waiting));
        let mut claims = Vec::new();
        for id in &self.turns {
            if free + ahead == 0 {
                break;
            }
            let (Some(lane), endpoint) = (self.lanes.get(id), endpoints.endpoint(id)) else { continue };
            let lacks = lane.lacks(share);
            // How many deliveries to claim for free permits, and how many with those ahead.
            let (needed, limit) = match endpoint.as_ref().and_then(|endpoint| endpoint.max_per_second) {
                // Nothing is claimed ahead, since it would be sent in a later second. A rate below 1 is refused by the
                // attempt.
                Some(rate) => {
                    let rate = u32::try_from(rate.max(1)).unwrap_or(u32::MAX);
                    let limit = lacks.min(free).min(self.rates.room(id, rate, now));
                    (limit, limit)
                }
                None => {
                    let needed = lacks.min(free);
                    (needed, lacks.max(lane.ahead(share)).min(needed + ahead))
                }
            };
            free -= needed;
            ahead -= limit - needed;
            if limit > 0 {
                let timeout = endpoint.map_or(Endpoint::DEFAULT_TIMEOUT, |endpoint| endpoint.timeout());
                claims.push(ClaimRequest::new(&**id, limit, timeout.saturating_add(self.margin)));
            }
        }
        claims
    }

    /// Notes that the store is being asked for these claims. The lanes keep their turns until
    /// [`claimed`](Self::claimed).
    pub(crate) fn claiming(&mut self, claims: &[ClaimRequest]) {
        self.accepted = 0;
        for claim in claims {
            if let Some(lane) = self.lanes.get_mut(&*claim.endpoint_id) {
                lane.accepted = 0;
                lane.due = false;
            }
        }
    }

    /// Takes what the store gave. The leases began at `made` or later.
    pub(crate) fn claimed(&mut self, claims: &[ClaimRequest], claimed: Vec<Claimed>, made: Instant) {
        let mut again = VecDeque::new();
        let mut left: HashMap<&str, usize> = claims.iter().map(|claim| (&*claim.endpoint_id, claim.limit)).collect();
        for claimed in claimed {
            let endpoint_id = &*claimed.delivery.endpoint_id;
            if let Some(left) = left.get_mut(endpoint_id) {
                *left = left.saturating_sub(1);
            }
            self.rates.spend(endpoint_id);
            let Some((id, lane)) = lane_of(&mut self.lanes, endpoint_id) else { continue };
            lane.waiting.push_back((claimed, made));
            self.waiting += 1;
            if !core::mem::replace(&mut lane.ready, true) {
                self.ready.push_back(id);
            }
        }
        // A lane that got all it asked for may have more, and is last now.
        for _ in 0..self.turns.len() {
            let Some(id) = self.turns.pop_front() else { break };
            let Some(left) = left.get(&*id) else {
                self.turns.push_back(id);
                continue;
            };
            let Some(lane) = self.lanes.get_mut(&id) else { continue };
            lane.more = *left == 0 || lane.due;
            if lane.more {
                again.push_back(id);
            } else {
                self.forget_idle(&id);
            }
        }
        self.turns.append(&mut again);
        self.claimed = None;
    }

    /// The next delivery to send, and its lane's target, which may be out of date.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(Claimed, &mut Option<Arc<Target>>)> {
        let share = self.share();
        let (claimed, id) = loop {
            let free = self.running < self.permits;
            let Some(id) = free.then(|| self.ready.pop_front()).flatten() else {
                self.claimed.get_or_insert(self.waiting);
                return None;
            };
            let Some(lane) = self.lanes.get_mut(&id) else { continue };
            lane.ready = false;
            if lane.running >= share {
                continue;
            }
            let Some((claimed, since)) = lane.waiting.pop_front() else { continue };
            self.waiting -= 1;
            let late = now.saturating_duration_since(since) > self.margin / 2;
            if late {
                self.releases.push(claimed.lease);
            } else {
                lane.running += 1;
                self.running += 1;
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

    /// Notes that an attempt has ended, and how long it took if its delivery was accepted. After one that was not, the
    /// lane's waiting deliveries are released: the endpoint's pause may begin.
    pub(crate) fn ended(&mut self, endpoint_id: &str, accepted: Option<Duration>) {
        let Some((id, lane)) = lane_of(&mut self.lanes, endpoint_id) else { return };
        lane.running = lane.running.saturating_sub(1);
        self.running = self.running.saturating_sub(1);
        if let Some(took) = accepted {
            let took_ms = usize::try_from(ms(took)).unwrap_or(0);
            (lane.took_ms, self.took_ms) = (took_ms, (7 * self.took_ms + took_ms) / 8);
            lane.accepted += 1;
            self.accepted += 1;
            if !lane.waiting.is_empty() && !core::mem::replace(&mut lane.ready, true) {
                self.ready.push_back(id);
            }
        } else {
            lane.accepted = 0;
            self.waiting -= lane.waiting.len();
            self.releases.extend(lane.waiting.drain(..).map(|(claimed, _)| claimed.lease));
        }
        self.forget_idle(endpoint_id);
    }

    /// Releases deliveries that have waited so long that their leases might end during the attempt.
    pub(crate) fn release_late(&mut self, now: Instant) {
        let (margin, releases) = (self.margin, &mut self.releases);
        for lane in self.lanes.values_mut() {
            while lane.waiting.front().is_some_and(|(_, since)| now.saturating_duration_since(*since) > margin / 2) {
                self.waiting -= 1;
                releases.extend(lane.waiting.pop_front().map(|(claimed, _)| claimed.lease));
            }
        }
    }

    /// Releases every delivery that is not begun.
    pub(crate) fn release_waiting(&mut self) {
        let waiting = self.lanes.values_mut().flat_map(|lane| lane.waiting.drain(..));
        self.releases.extend(waiting.map(|(claimed, _)| claimed.lease));
        self.waiting = 0;
    }

    /// How many permits one lane may use now. One more share than there are lanes, so that a new lane finds permits.
    fn share(&self) -> usize {
        (self.permits / (self.lanes.len() + 1)).clamp(1, self.most)
    }

    /// How many permits no delivery uses or waits for.
    fn free(&self, share: usize) -> usize {
        let spoken_for = self.ready.iter().filter_map(|id| self.lanes.get(id)).map(|lane| lane.room(share));
        self.permits.saturating_sub(self.running + spoken_for.sum::<usize>())
    }

    fn forget_idle(&mut self, endpoint_id: &str) {
        if self.lanes.get(endpoint_id).is_some_and(|lane| lane.running == 0 && lane.waiting.is_empty() && !lane.more) {
            self.lanes.remove(endpoint_id);
        }
    }
}

impl Lane {
    /// How many of the lane's permits its waiting deliveries will use.
    fn room(&self, share: usize) -> usize {
        share.saturating_sub(self.running).min(self.waiting.len())
    }

    /// How many of the lane's permits no delivery uses or waits for.
    fn lacks(&self, share: usize) -> usize {
        share.saturating_sub(self.running + self.waiting.len())
    }

    /// How many deliveries may be claimed ahead: the faster the lane sends, the more.
    fn ahead(&self, share: usize) -> usize {
        let most = soon(share, self.took_ms).min(share.saturating_mul(AHEAD));
        (2 * self.accepted).min(most.saturating_sub(self.waiting.len()))
    }
}

/// How many deliveries these permits can send soon, where an attempt takes so long.
fn soon(permits: usize, took_ms: usize) -> usize {
    permits.saturating_mul(SOON_MS).div_ceil(took_ms.max(1))
}

fn lane_of<'a>(lanes: &'a mut HashMap<Arc<str>, Lane>, id: &str) -> Option<(Arc<str>, &'a mut Lane)> {
    let id = Arc::clone(lanes.get_key_value(id)?.0);
    let lane = lanes.get_mut(&id)?;
    Some((id, lane))
}
