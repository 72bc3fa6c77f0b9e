//! What every stage of the search uses: the budget, the MAC, and what a match proves.
//!
//! Rules: what matches is proven by the MAC alone; the first that matches is the cause; all work is counted, in bytes and
//! never in time, so that the same delivery always gives the same answer; what the budget did not allow is noted.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use countersign_core::internal::{Habits, Running, Tries};
use countersign_core::{Algorithm, UnixTime};

use crate::body::candidate::{Body, Told};
use crate::content::Content;
use crate::finding::{Finding, merged};
use crate::headers::form::Form;
use crate::limits::Limits;
use crate::report::cause::CauseCode;
use crate::report::untried::{Gaps, UntriedCode};
use crate::search::ends::{FEW_ENDS, OF_ENDS, end_finding};
use crate::secret::keys::Candidate;

/// The work that is left, and what was not tried.
pub(crate) struct Work {
    pub(crate) left: usize,
    /// What was counted in all, also beyond what was left.
    pub(crate) done: usize,
    pub(crate) limits: Limits,
    pub(crate) gaps: Gaps,
    /// Whether there was anything to try: a signature and a key that can be read.
    pub(crate) begun: bool,
}

impl Work {
    pub(crate) fn of(limits: Limits) -> Self {
        Self { left: limits.work, done: 0, limits, gaps: Gaps::default(), begun: false }
    }

    /// Counts work that is done already.
    pub(crate) const fn spend(&mut self, cost: usize) {
        self.left = self.left.saturating_sub(cost);
        self.done = self.done.saturating_add(cost);
    }
}

/// The cost of a MAC beside its bytes: two blocks at the beginning, two at the end.
const MAC_COST: usize = 256;

/// The cost of an Ed25519 verification beside its bytes.
pub(crate) const ED25519_COST: usize = 1 << 15;

/// Everything that the search combines.
pub(crate) struct Search<'s> {
    pub(crate) keys: &'s [Candidate],
    pub(crate) contents: &'s [Content],
    pub(crate) forms: &'s [Form],
    pub(crate) told: Told,
    pub(crate) habits: &'static Habits,
    pub(crate) work: &'s mut Work,
    /// Whether the budget has refused something that the current stage wanted to try.
    pub(crate) cut: bool,
    /// Whether the current stage undoes single mistakes, so that what it leaves out is not ruled out.
    pub(crate) single: bool,
    /// What the current stage has to leave of the work to the stages after it.
    reserve: usize,
}

/// What makes the signature right: the key, the time that was signed, and the mistakes to undo.
pub(crate) struct Solved {
    pub(crate) key: Cow<'static, str>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
}

/// A match: of which form of the signature, and with which white space at the end of the body.
pub(crate) struct Hit {
    form: usize,
    end: Vec<u8>,
}

/// Positions of a key and a content.
pub(crate) type Pair = (usize, usize);

impl<'s> Search<'s> {
    pub(crate) const fn new(
        keys: &'s [Candidate],
        contents: &'s [Content],
        forms: &'s [Form],
        told: Told,
        habits: &'static Habits,
        work: &'s mut Work,
    ) -> Self {
        Self { keys, contents, forms, told, habits, work, cut: false, single: false, reserve: 0 }
    }

    pub(crate) fn charge(&mut self, cost: usize) -> bool {
        let affordable = self.work.left.checked_sub(cost).filter(|left| *left >= self.reserve);
        match affordable {
            Some(_) => self.work.spend(cost),
            None => self.cut = true,
        }
        affordable.is_some()
    }

    /// Whether a text of this length may be written, which costs so much.
    pub(crate) fn may_write(&mut self, length: usize, cost: usize) -> bool {
        let fits = length <= self.work.limits.memory;
        self.cut |= !fits;
        fits && self.charge(cost)
    }

    /// Whether the current stage has so little left that it ends.
    pub(crate) const fn is_spent(&self, least: usize) -> bool {
        self.work.left <= self.reserve + least
    }

    /// Gives a stage this share of what is left, in percent.
    pub(crate) fn share<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.reserve = if percent == ALL { 0 } else { self.work.left - self.work.left / 100 * percent };
        let found = stage(self);
        self.reserve = 0;
        found
    }

    pub(crate) fn share_of_rest<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let reserve = self.reserve;
        self.reserve = reserve.max(self.work.left - self.work.left.saturating_sub(reserve) / 100 * percent);
        let found = stage(self);
        self.reserve = reserve;
        found
    }

    pub(crate) fn bodies(&mut self, pairs: &[Pair], bodies: &[Body<'_>], ends: &[Vec<u8>]) -> Option<Solved> {
        bodies.iter().find_map(|body| self.body(pairs, body, ends))
    }

    /// Tries one body with every pair of key and content.
    pub(crate) fn body(&mut self, pairs: &[Pair], body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Solved> {
        pairs.iter().find_map(|(key, content)| {
            let (key, content) = (self.keys.get(*key)?, self.contents.get(*content)?);
            self.attempt(key, content, body, ends)
        })
    }

    pub(crate) fn attempt(
        &mut self,
        key: &Candidate,
        content: &Content,
        body: &Body<'_>,
        ends: &[Vec<u8>],
    ) -> Option<Solved> {
        let cut = core::mem::take(&mut self.cut);
        let hit = self.mac(key, content, body, ends);
        if self.cut && self.single {
            self.leave_open(key, content, body);
        }
        self.cut |= cut;
        let hit = hit?;
        let own = body.bytes.get(body.bytes.trim_ascii_end().len()..).unwrap_or_default();
        let end = end_finding(own, &hit.end).filter(|_| body.exact_end);
        let findings: Vec<Finding> = body.findings.iter().cloned().chain(end).collect();
        self.solved(key, content, &hit, &findings)
    }

    /// Notes which mistakes this try would have undone.
    fn leave_open(&mut self, key: &Candidate, content: &Content, body: &Body<'_>) {
        let findings = [&key.findings[..], &content.findings, &body.findings];
        let mut codes: Vec<CauseCode> = findings.into_iter().flatten().map(|finding| finding.code).collect();
        if codes.is_empty() {
            codes.extend(OF_ENDS);
        }
        self.work.gaps.add(UntriedCode::Mistakes);
        self.work.gaps.leave_open(codes);
    }

    pub(crate) fn solved(&self, key: &Candidate, content: &Content, hit: &Hit, body: &[Finding]) -> Option<Solved> {
        let form = self.forms.get(hit.form)?;
        let findings = [&key.findings[..], &form.findings, body, &content.findings].concat();
        Some(Solved { key: key.name.clone(), time: content.time, findings: merged(findings) })
    }

    pub(crate) fn mac(&mut self, key: &Candidate, content: &Content, body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        let forms = self.forms.iter().filter(|form| form.algorithm == algorithm).count();
        if forms == 0 {
            return None;
        }
        let bytes = &*body.bytes;
        let whole = content.before.len() + body.lead.len() + bytes.len() + content.after.len();
        let is_slow = algorithm == Algorithm::Ed25519;
        // A body that the budget does not allow is not tried with other white space either.
        if !self.charge(whole) {
            return None;
        }
        let trimmed = bytes.trim_ascii_end();
        let own = bytes.get(trimmed.len()..).unwrap_or_default();
        if is_slow {
            // Every end is tried only with the most probable key and content.
            let probable = body.findings.is_empty() && key.first && content.first;
            let most = match probable {
                true => ends.len(),
                false if body.findings.is_empty() => 0,
                false => FEW_ENDS.len(),
            };
            let others = ends.iter().take(most).map(Vec::as_slice).filter(|end| *end != own);
            for end in core::iter::once(own).chain(others) {
                if !self.charge((whole + ED25519_COST) * forms) {
                    return None;
                }
                let parts = [&content.before, body.lead, trimmed, end, &content.after];
                let matching = self.forms.iter().position(|form| {
                    form.algorithm == algorithm
                        && form
                            .whole()
                            .is_some_and(|signature| key.key.verify_any(&parts, &[signature], &mut Tries::default()))
                });
                if let Some(form) = matching {
                    return Some(Hit { form, end: end.into() });
                }
            }
            return None;
        }
        let mut running = Running::new(&key.key)?;
        running.update(&content.before);
        running.update(body.lead);
        running.update(trimmed);
        // All but the end is hashed once.
        let others = ends.iter().map(Vec::as_slice).filter(|end| *end != own);
        self.tails(key, &running, content, &mut core::iter::once(own).chain(others))
    }

    /// Finishes a MAC with each of these ends.
    pub(crate) fn tails(
        &mut self,
        key: &Candidate,
        running: &Running,
        content: &Content,
        ends: &mut dyn Iterator<Item = &[u8]>,
    ) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        for end in ends {
            if !self.charge(MAC_COST + end.len() + content.after.len()) {
                return None;
            }
            let mut this = running.clone();
            this.update(end);
            this.update(&content.after);
            let mac = this.finish();
            if let Some(form) = self.forms.iter().position(|form| form.algorithm == algorithm && form.matches(&mac)) {
                return Some(Hit { form, end: end.into() });
            }
        }
        None
    }
}

/// The share of a stage that may take all that is left.
pub(crate) const ALL: usize = 100;

impl Solved {
    /// The same with more mistakes to undo.
    pub(crate) fn with(mut self, outer: &[Finding], finding: Finding) -> Self {
        self.findings.extend(outer.iter().cloned());
        self.findings.push(finding);
        Self { findings: merged(self.findings), ..self }
    }
}
