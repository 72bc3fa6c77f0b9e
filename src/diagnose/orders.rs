//! The same JSON with its keys in every other order. What texts begin with in common is written and hashed once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::body::Body;
use super::choices::{OPEN, STEP_COST};
use super::content::Content;
use super::reformat::{Document, Kind, Style, Writer};
use super::search::{ED25519_COST, Hit, Pair, Search, Solved};
use super::secret::Candidate;
use crate::crypto::Running;

/// More orders are not tried: the budget would end before.
pub(super) const MOST_ORDERS: usize = 50_000;

/// The most members that all objects may have together.
const MOST_MEMBERS: usize = 128;

/// The keys of an object. Objects with the same keys are written in the same order.
pub(super) struct Set<'a> {
    keys: Vec<&'a [u8]>,
    /// The order that was chosen, as far as it was: positions in `keys`.
    order: Vec<usize>,
}

/// A container that is being written.
#[derive(Clone)]
struct Frame {
    kind: Kind,
    depth: usize,
    set: usize,
    /// The values (and keys) that are left, and how many were written.
    left: Vec<(usize, usize)>,
    written: usize,
}

struct Walk<'w, 'a> {
    document: &'w Document<'a>,
    writer: Writer<'w, 'a>,
    key: &'w Candidate,
    content: &'w Content,
    sets: Vec<Set<'a>>,
    stack: Vec<Frame>,
    stopped: bool,
}

/// The different sets of keys with more than one, and how many orders they have together; `None` where these are too many.
pub(super) fn sets<'a>(document: &Document<'a>) -> Option<Vec<Set<'a>>> {
    let mut sets: Vec<Set<'a>> = Vec::new();
    let (mut total, mut all): (usize, usize) = (1, 0);
    for index in document.indices(Kind::Object) {
        let keys: Vec<&[u8]> = document.members(index).iter().map(|(key, _)| document.key_text(*key)).collect();
        all += keys.len();
        if keys.len() > 1 && set_of(&sets, &keys) == OPEN {
            for factor in 2..=keys.len() {
                total = total.checked_mul(factor).filter(|total| *total <= MOST_ORDERS)?;
            }
            sets.push(Set { keys, order: Vec::new() });
        }
        if all > MOST_MEMBERS {
            return None;
        }
    }
    Some(sets)
}

fn set_of(sets: &[Set<'_>], keys: &[&[u8]]) -> usize {
    let same = |set: &Set<'_>| set.keys.len() == keys.len() && set.keys.iter().all(|key| keys.contains(key));
    sets.iter().position(same).unwrap_or(OPEN)
}

impl Search<'_> {
    /// Tries every order of keys in this style.
    pub(super) fn orders(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        style: &Style<'_>,
        length: Option<usize>,
    ) -> Option<Solved> {
        for (key, content) in pairs {
            let (Some(key), Some(content)) = (self.keys.get(*key), self.contents.get(*content)) else { continue };
            let Some(sets) = sets(document) else {
                self.orders_untried = true;
                return None;
            };
            if sets.is_empty() || !self.charge(document.cost(style.spacing)) {
                return None;
            }
            let mut running = Running::new(&key.key);
            if let Some(running) = &mut running {
                running.update(&content.before);
            }
            let writer = document.writer(style);
            let mut walk = Walk { document, writer, key, content, sets, stack: Vec::new(), stopped: false };
            let ends: &[Vec<u8>] = &[Vec::new(), Vec::from(*b"\n")];
            let ends = match length.map(|length| length.checked_sub(document.write(style).len())) {
                None => ends,
                Some(Some(end)) => ends.get(end..=end).unwrap_or_default(),
                Some(None) => &[],
            };
            if ends.is_empty() {
                return None;
            }
            walk.open(0, 0);
            if let Some(hit) = self.step(&mut walk, running.as_ref(), 0, ends) {
                return self.solved(key, content, &hit, &[]);
            }
            if walk.stopped {
                self.orders_untried = true;
                return None;
            }
        }
        None
    }

    fn step(
        &mut self,
        walk: &mut Walk<'_, '_>,
        running: Option<&Running>,
        hashed: usize,
        ends: &[Vec<u8>],
    ) -> Option<Hit> {
        walk.stopped |= !self.charge(STEP_COST);
        if walk.stopped {
            return None;
        }
        let length = walk.writer.out.len();
        let Some(frame) = walk.stack.pop() else {
            let Some(running) = running else {
                let body = Body { bytes: Cow::Owned(walk.writer.out.clone()), findings: Vec::new(), exact_end: false };
                walk.stopped |= self.left <= self.reserve + ED25519_COST * 2;
                return self.mac(walk.key, walk.content, &body, &[]);
            };
            let rest = walk.writer.out.get(hashed..).unwrap_or_default();
            walk.stopped |= !self.charge(rest.len());
            let mut running = running.clone();
            running.update(rest);
            return self.tails(walk.key, &running, walk.content, &mut ends.iter().map(Vec::as_slice));
        };
        let mut found = None;
        if frame.left.is_empty() {
            walk.writer.end(frame.kind, frame.depth);
            found = self.step(walk, running, hashed, ends);
        } else {
            // What is certain up to here is hashed before the ways part.
            let (mut own, mut from) = (None, hashed);
            let forced = walk.sets.get(frame.set).and_then(|set| set.order.get(frame.written)).copied();
            let choices = if frame.kind == Kind::Object && forced.is_none() { frame.left.len() } else { 1 };
            if let Some(running) = running.filter(|_| choices > 1 && length - hashed >= BLOCK) {
                walk.stopped |= !self.charge(length - hashed);
                let mut running = running.clone();
                running.update(walk.writer.out.get(hashed..).unwrap_or_default());
                (own, from) = (Some(running), length);
            }
            for at in 0..frame.left.len() {
                let Some((key, value)) = frame.left.get(at).copied() else { continue };
                let mut rest = frame.clone();
                rest.left.remove(at);
                rest.written += 1;
                let mut chosen = false;
                if frame.kind == Kind::Object
                    && let Some(set) = walk.sets.get_mut(frame.set)
                {
                    let text = walk.document.key_text(key);
                    let position = set.keys.iter().position(|key| *key == text).unwrap_or_default();
                    if forced.is_some_and(|forced| forced != position) {
                        continue;
                    }
                    if forced.is_none() {
                        set.order.push(position);
                        chosen = true;
                    }
                }
                let (first, depth) = (frame.written == 0, frame.depth);
                walk.writer.lead((frame.kind == Kind::Object).then_some(key), first, depth);
                let depth = if frame.kind == Kind::Object { depth + 1 } else { walk.writer.item_depth(depth) };
                walk.stack.push(rest);
                let height = walk.stack.len();
                walk.open(value, depth);
                found = self.step(walk, own.as_ref().or(running), from, ends);
                walk.stack.truncate(height - 1);
                walk.writer.out.truncate(length);
                if let Some(set) = walk.sets.get_mut(frame.set).filter(|_| chosen) {
                    set.order.pop();
                }
                if found.is_some() || walk.stopped || frame.kind == Kind::Array {
                    break;
                }
            }
        }
        walk.writer.out.truncate(length);
        walk.stack.push(frame);
        found
    }
}

/// Less is not worth an own state.
const BLOCK: usize = 64;

impl Walk<'_, '_> {
    /// Begins a value: a container with something to choose in it is taken apart, everything else is written.
    fn open(&mut self, index: usize, depth: usize) {
        let Some(part) = self.document.part(index) else { return };
        let kind = part.kind;
        let choices = matches!(kind, Kind::Object | Kind::Array) && self.document.has_order(index);
        if !choices {
            self.writer.value(index, depth);
            return;
        }
        let left = match kind {
            Kind::Object => self.writer.members(index),
            _ => self.document.items(index),
        };
        let keys: Vec<&[u8]> =
            left.iter().filter(|_| kind == Kind::Object).map(|(key, _)| self.document.key_text(*key)).collect();
        self.writer.out.push(if kind == Kind::Object { b'{' } else { b'[' });
        self.stack.push(Frame { kind, depth, set: set_of(&self.sets, &keys), left, written: 0 });
    }
}
