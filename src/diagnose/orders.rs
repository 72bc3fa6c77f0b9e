//! The same JSON with its keys in every other order. What texts begin with in common is written and hashed once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::body::Body;
use super::choices::OPEN;
use super::content::Content;
use super::numbers;
use super::reformat::{Document, Kind, Order, Ranks, Spacing, Strings, Style, Writer};
use super::report::{CauseCode, Finding, by_rank};
use super::search::{ED25519_COST, Held, Hit, Pair, STYLES_FOR_CHANGES, Search, Solved, document_len, merged};
use super::secret::Candidate;
use super::senders;
use crate::crypto::Running;

/// More orders are not tried: the budget would end before.
const MOST_ORDERS: usize = 50_000;

/// Up to so many are also tried with a line break at the end.
const FEW_ORDERS: usize = 1000;

/// The most members that all objects may have together.
const MOST_MEMBERS: usize = 128;

/// Which orders of a set are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The style's.
    Fixed,
    /// Known keys stay in their order.
    Chained,
    Free,
}

/// The keys of an object. Objects with the same keys are written in the same order.
#[derive(Clone)]
struct Set<'a> {
    keys: Vec<&'a [u8]>,
    /// How many of them have a place in a list.
    known: usize,
    /// What of it is tried.
    mode: Mode,
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
    ranks: &'w Ranks,
    stack: Vec<Frame>,
    stopped: bool,
}

/// The different sets of keys with more than one.
fn sets<'a>(document: &Document<'a>, ranks: &Ranks) -> Vec<Set<'a>> {
    let mut sets: Vec<Set<'a>> = Vec::new();
    for index in document.indices(Kind::Object) {
        let members = document.members(index);
        let keys: Vec<&[u8]> = members.iter().map(|(key, _)| document.key_text(*key)).collect();
        if keys.len() > 1 && set_of(&sets, &keys) == OPEN {
            let known = members.iter().filter(|(key, _)| ranks.place(*key).is_some()).count();
            sets.push(Set { keys, known, mode: Mode::Free, order: Vec::new() });
        }
    }
    sets
}

/// How many orders these sets have together, if they are not too many.
fn count(sets: &[Set<'_>]) -> Option<usize> {
    let mut factors = sets.iter().flat_map(|set| {
        let from = match set.mode {
            Mode::Fixed => set.keys.len(),
            Mode::Chained => set.known.max(1),
            Mode::Free => 1,
        };
        from + 1..=set.keys.len()
    });
    factors.try_fold(1, |total: usize, factor| total.checked_mul(factor).filter(|total| *total <= MOST_ORDERS))
}

fn set_of(sets: &[Set<'_>], keys: &[&[u8]]) -> usize {
    let same = |set: &Set<'_>| set.keys.len() == keys.len() && set.keys.iter().all(|key| keys.contains(key));
    sets.iter().position(same).unwrap_or(OPEN)
}

impl Search<'_> {
    /// Keys in another order: first those that the lists do not know move between those that they know, then all.
    pub(super) fn reordered(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        held: &Held,
        styles: &[(Spacing, Strings)],
        outer: &[Finding],
    ) -> Option<Solved> {
        if document.indices(Kind::Key).count() > MOST_MEMBERS {
            self.orders_untried = true;
            return None;
        }
        let names = self.habits.order;
        let ranks = document.ranks(&[names, senders::USUAL], false, false);
        let own = document.ranks(&[names], self.habits.others_sorted, false);
        let mut sets = sets(document, &ranks);
        if sets.is_empty() {
            return None;
        }
        self.orders_untried |= count(&sets).is_none();
        let mut modes = Vec::new();
        let all = |mode| alloc::vec![mode; sets.len()];
        if sets.iter().any(|set| set.known > 1) {
            modes.push((Order::Known(&ranks), all(Mode::Chained)));
        }
        // One object that is not as the others.
        if sets.len() > 1 {
            for order in [Order::Known(&own), Order::Keep] {
                for at in 0..sets.len() {
                    let mut one = all(Mode::Fixed);
                    if let Some(slot) = one.get_mut(at) {
                        *slot = Mode::Free;
                    }
                    modes.push((order, one));
                }
            }
        }
        modes.push((Order::Known(&ranks), all(Mode::Free)));
        let numbers = numbers::mixtures(document);
        let length = self.told.length.filter(|_| outer.is_empty());
        // An order changes no length: what came over the wire says which styles it can be.
        let mut plans = Vec::new();
        for (more, length) in [(0, length), (STYLES_FOR_CHANGES, None)] {
            for (at, (spacing, strings)) in styles.iter().enumerate() {
                for (number, replaced) in numbers.iter().enumerate() {
                    let style = Style { spacing: *spacing, strings: *strings, order: Order::Keep, replaced };
                    plans.push((more + at + 2 * number, (style, length)));
                }
            }
        }
        let plans = by_rank(plans);
        for (order, modes) in modes {
            let free = modes.iter().all(|mode| *mode == Mode::Free);
            for (set, mode) in sets.iter_mut().zip(modes) {
                set.mode = mode;
            }
            if count(&sets).is_none() {
                continue;
            }
            let solved = self.share_of_rest(if free { 100 } else { 20 }, |search| {
                plans.iter().find_map(|(style, length)| {
                    let percent = if length.is_some() { 80 } else { 40 };
                    let style = Style { order, ..*style };
                    let solved = search.share_of_rest(percent, |search| {
                        search.orders(pairs, document, &sets, &ranks, &style, *length)
                    });
                    solved.map(|solved| (solved, Style { order: Order::Known(&ranks), ..style }))
                })
            });
            if let Some((mut solved, style)) = solved {
                solved.findings.extend(outer.iter().cloned());
                solved.findings.push(Finding::new(CauseCode::BodyReserialized, held.against(document, &style)));
                solved.findings = merged(solved.findings);
                return Some(solved);
            }
        }
        None
    }

    /// Tries every order of keys in this style.
    fn orders(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        sets: &[Set<'_>],
        ranks: &Ranks,
        style: &Style<'_>,
        length: Option<usize>,
    ) -> Option<Solved> {
        // What ends in a line break as well is looked for where the orders are few.
        let ends: &[Vec<u8>] = &[Vec::new(), Vec::from(*b"\n")];
        let ends = match length.map(|length| length.checked_sub(document.write(style).len())) {
            None => ends.get(..if count(sets) <= Some(FEW_ORDERS) { 2 } else { 1 }).unwrap_or_default(),
            Some(Some(end)) => ends.get(end..=end).unwrap_or_default(),
            Some(None) => &[],
        };
        if ends.is_empty() {
            return None;
        }
        for (key, content) in pairs {
            let (Some(key), Some(content)) = (self.keys.get(*key), self.contents.get(*content)) else { continue };
            if !self.charge(document_len(document)) {
                return None;
            }
            let mut running = Running::new(&key.key);
            if let Some(running) = &mut running {
                running.update(&content.before);
            }
            let (writer, sets) = (document.writer(style), sets.to_vec());
            let mut walk = Walk { document, writer, key, content, sets, ranks, stack: Vec::new(), stopped: false };
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
            return self.tails(walk.key, &running, walk.content, ends);
        };
        let mut found = None;
        if frame.left.is_empty() {
            walk.writer.end(frame.kind, frame.depth);
            found = self.step(walk, running, hashed, ends);
        } else {
            // What is certain up to here is hashed before the ways part.
            let (mut own, mut from) = (None, hashed);
            let forced = walk.sets.get(frame.set).and_then(|set| set.order.get(frame.written)).copied();
            let (ranks, mode) = (walk.ranks, walk.sets.get(frame.set).map_or(Mode::Fixed, |set| set.mode));
            let moves = |at: usize, key: usize| {
                at == 0 || mode == Mode::Free || (mode == Mode::Chained && ranks.place(key).is_none())
            };
            let free = frame.left.iter().enumerate().filter(|(at, (key, _))| moves(*at, *key)).count();
            let choices = if frame.kind == Kind::Object && forced.is_none() { free } else { 1 };
            if let Some(running) = running.filter(|_| choices > 1 && length - hashed >= BLOCK) {
                walk.stopped |= !self.charge(length - hashed);
                let mut running = running.clone();
                running.update(walk.writer.out.get(hashed..).unwrap_or_default());
                (own, from) = (Some(running), length);
            }
            for at in 0..frame.left.len() {
                let Some((key, value)) = frame.left.get(at).copied() else { continue };
                // Those of the chain come first of what is left: only the first of them can be next.
                if forced.is_none() && !moves(at, key) {
                    continue;
                }
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
