//! Tries the same JSON with its keys in every other order. What texts begin with in common is written and hashed once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use countersign_core::internal::Running;

use crate::body::candidate::Body;
use crate::choices::OPEN;
use crate::content::Content;
use crate::finding::Finding;
use crate::habits;
use crate::json::document::{Document, Kind};
use crate::json::numbers;
use crate::json::styles::{Spacing, Strings};
use crate::json::write::{Order, Ranks, Style};
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::search::choose::STEP_COST;
use crate::search::engine::{ED25519_COST, Hit, Pair, Search, Solved};
use crate::search::json::{Json, STYLES_FOR_CHANGES, against, groups};
use crate::secret::Candidate;

/// More orders are not tried: the budget would end before.
const MOST_ORDERS: usize = 50_000;

/// Up to so many are also tried with a line break at the end.
const FEW_ORDERS: usize = 1000;

/// What may stand after them.
const ENDS: &[&[u8]] = &[b"", b"\n"];

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

/// A part as it is written, wherever it stands in its container.
#[derive(Clone, Default)]
struct Piece {
    /// What stands before it: of a key, with it and without the comma; of an item, with it.
    lead: Vec<u8>,
    /// All of it, or the bracket that opens it.
    text: Vec<u8>,
    /// What closes it.
    end: Vec<u8>,
    /// Its keys (or items) and values, where the order of something in it can be chosen.
    inside: Vec<(usize, usize)>,
    set: usize,
    /// The position of a key in its set.
    position: usize,
}

/// A container that is being written.
struct Frame {
    index: usize,
    set: usize,
    /// The keys (or items) and values that are left, and how many were written.
    left: Vec<(usize, usize)>,
    written: usize,
}

struct Walk<'w, 'a> {
    pieces: &'w [Piece],
    comma: &'static str,
    out: Vec<u8>,
    key: &'w Candidate,
    content: &'w Content,
    sets: Vec<Set<'a>>,
    ranks: &'w Ranks,
    stack: Vec<Frame>,
    stopped: bool,
}

/// Writes every part once.
fn pieces(document: &Document<'_>, style: &Style<'_>, sets: &[Set<'_>]) -> Vec<Piece> {
    let mut pieces = alloc::vec![Piece::default(); document.parts().len()];
    let mut writer = document.writer(style);
    let mut open = alloc::vec![(0, 0)];
    while let Some((index, depth)) = open.pop() {
        let Some(kind) = document.part(index).map(|part| part.kind) else { continue };
        let is_object = kind == Kind::Object;
        let chosen = matches!(kind, Kind::Object | Kind::Array) && document.has_order(index);
        let mut piece = Piece { set: OPEN, ..Piece::default() };
        if chosen {
            piece.text.push(if is_object { b'{' } else { b'[' });
            piece.inside = if is_object { writer.members(index) } else { document.items(index) };
            writer.end(kind, depth);
            piece.end = core::mem::take(&mut writer.out);
        } else {
            writer.value(index, depth);
            piece.text = core::mem::take(&mut writer.out);
        }
        if is_object {
            let keys: Vec<&[u8]> = piece.inside.iter().map(|(key, _)| document.key_text(*key)).collect();
            piece.set = set_of(sets, &keys);
        }
        for (at, (key, value)) in piece.inside.iter().copied().enumerate() {
            writer.lead(is_object.then_some(key), at == 0 || is_object, depth);
            let text = document.key_text(key);
            let keys = sets.get(piece.set).filter(|_| is_object).map(|set| &set.keys);
            if let Some(slot) = pieces.get_mut(key) {
                slot.lead = core::mem::take(&mut writer.out);
                slot.position = keys.and_then(|keys| keys.iter().position(|key| *key == text)).unwrap_or_default();
            }
            open.push((value, if is_object { depth + 1 } else { writer.item_depth(depth) }));
        }
        if let Some(slot) = pieces.get_mut(index) {
            piece.lead = core::mem::take(&mut slot.lead);
            *slot = piece;
        }
    }
    pieces
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
    let mut total = 1;
    for set in sets {
        let from = match set.mode {
            Mode::Fixed => set.keys.len(),
            Mode::Chained => set.known.max(1),
            Mode::Free => 1,
        };
        for factor in from + 1..=set.keys.len() {
            total *= factor;
            if total > MOST_ORDERS {
                return None;
            }
        }
    }
    Some(total)
}

fn set_of(sets: &[Set<'_>], keys: &[&[u8]]) -> usize {
    let same = |set: &Set<'_>| set.keys.len() == keys.len() && set.keys.iter().all(|key| keys.contains(key));
    sets.iter().position(same).unwrap_or(OPEN)
}

/// Keys in another order: first those that the lists do not know move between those that they know, then all.
pub(crate) fn reordered(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: &Json<'_>,
    styles: &[(Spacing, (Strings, isize))],
    outer: &[Finding],
) -> Option<Solved> {
    let document = &json.document;
    if document.indices(Kind::Key).count() > MOST_MEMBERS {
        search.orders_untried = true;
        return None;
    }
    let names = search.habits.key_order;
    let ranks = document.ranks(&[names, habits::USUAL_ORDER], false, false);
    let mut sets = sets(document, &ranks);
    if sets.is_empty() {
        return None;
    }
    search.orders_untried |= count(&sets).is_none();
    let numbers = numbers::mixtures(groups(search, json)?);
    let length = search.told.length.filter(|_| outer.is_empty());
    // An order changes no length: what came over the wire says which styles it can be, and with which end.
    let mut plans = Vec::new();
    for (at, (spacing, (strings, _))) in styles.iter().enumerate() {
        for (number, replaced) in numbers.iter().enumerate() {
            let style = Style { spacing: *spacing, strings: *strings, order: Order::Keep, replaced };
            let rank = at + 2 * number;
            plans.push((rank + STYLES_FOR_CHANGES, (style, None)));
            let Some(length) = length.filter(|_| search.charge(document.cost(*spacing))) else { continue };
            if let Some(end) = length.checked_sub(document.write(&style).len()).filter(|end| *end < ENDS.len()) {
                plans.push((rank, (style, Some(end))));
            }
        }
    }
    let plans = by_rank(plans);
    // Known keys in their order; then one object that is not as the others, which are as held or as in the
    // lists; then all.
    let last = 2 * sets.len() + 1;
    let first = usize::from(sets.iter().all(|set| set.known < 2));
    for turn in first..=last {
        let all = if turn == 0 { Mode::Chained } else { Mode::Free };
        let one = turn > 0 && turn < last;
        for (at, set) in sets.iter_mut().enumerate() {
            set.mode = if one && at != (turn - 1) / 2 { Mode::Fixed } else { all };
        }
        let order = if one && turn % 2 == 1 { Order::Keep } else { Order::Known(&ranks) };
        let free = turn == last;
        if count(&sets).is_none() || (one && sets.len() == 1) {
            continue;
        }
        let solved = search.share_of_rest(if free { 100 } else { 20 }, |search| {
            plans.iter().find_map(|(style, end)| {
                let percent = if end.is_some() { 80 } else { 40 };
                let style = Style { order, ..*style };
                let solved = search
                    .share_of_rest(percent, |search| orders(search, pairs, document, &sets, &ranks, &style, *end));
                solved.map(|solved| (solved, Style { order: Order::Known(&ranks), ..style }))
            })
        });
        if let Some((solved, style)) = solved {
            return Some(solved.with(outer, Finding::new(CauseCode::BodyReserialized, against(document, &style))));
        }
    }
    None
}

/// Tries every order of keys in this style.
fn orders(
    search: &mut Search<'_>,
    pairs: &[Pair],
    document: &Document<'_>,
    sets: &[Set<'_>],
    ranks: &Ranks,
    style: &Style<'_>,
    end: Option<usize>,
) -> Option<Solved> {
    // What ends in a line break as well is looked for where the orders are few.
    let ends = match end {
        None => ENDS.get(..if count(sets) <= Some(FEW_ORDERS) { 2 } else { 1 }),
        Some(end) => ENDS.get(end..=end),
    };
    let ends: Vec<Vec<u8>> = ends.unwrap_or_default().iter().map(|end| Vec::from(*end)).collect();
    if !search.charge(document.cost(style.spacing)) {
        return None;
    }
    let pieces = pieces(document, style, sets);
    for (key, content) in pairs {
        let (Some(key), Some(content)) = (search.keys.get(*key), search.contents.get(*content)) else { continue };
        if !search.charge(document.cost(style.spacing)) {
            return None;
        }
        let mut running = Running::new(&key.key);
        if let Some(running) = &mut running {
            running.update(&content.before);
        }
        let (pieces, sets, comma) = (&pieces[..], sets.to_vec(), style.spacing.comma);
        let (out, stack) = (Vec::new(), Vec::new());
        let mut walk = Walk { pieces, comma, out, key, content, sets, ranks, stack, stopped: false };
        walk.open(0);
        if let Some(hit) = step(search, &mut walk, running.as_ref(), 0, &ends) {
            return search.solved(key, content, &hit, &[]);
        }
        if walk.stopped {
            search.orders_untried = true;
            return None;
        }
    }
    None
}

fn step(
    search: &mut Search<'_>,
    walk: &mut Walk<'_, '_>,
    running: Option<&Running>,
    hashed: usize,
    ends: &[Vec<u8>],
) -> Option<Hit> {
    walk.stopped |= !search.charge(STEP_COST);
    if walk.stopped {
        return None;
    }
    let length = walk.out.len();
    let Some(mut frame) = walk.stack.pop() else {
        let Some(running) = running else {
            let body = Body { bytes: Cow::Owned(walk.out.clone()), findings: Vec::new(), exact_end: false };
            walk.stopped |= search.left <= search.reserve + ED25519_COST * 2;
            return search.mac(walk.key, walk.content, &body, &[]);
        };
        let rest = walk.out.get(hashed..).unwrap_or_default();
        walk.stopped |= !search.charge(rest.len());
        let mut running = running.clone();
        running.update(rest);
        return search.tails(walk.key, &running, walk.content, &mut ends.iter().map(Vec::as_slice));
    };
    let mut found = None;
    if frame.left.is_empty() {
        walk.out.extend_from_slice(walk.pieces.get(frame.index).map(|piece| &piece.end[..]).unwrap_or_default());
        found = step(search, walk, running, hashed, ends);
    } else {
        // What is certain up to here is hashed before the ways part.
        let (mut own, mut from) = (None, hashed);
        let set = walk.sets.get(frame.set);
        let forced = set.and_then(|set| set.order.get(frame.written)).copied();
        let (ranks, mode) = (walk.ranks, set.map_or(Mode::Fixed, |set| set.mode));
        // Those of the chain come first of what is left: only the first of them can be next.
        let moves = |at: usize, key: usize| {
            at == 0 || mode == Mode::Free || (mode == Mode::Chained && ranks.place(key).is_none())
        };
        let is_choice = forced.is_none() && frame.left.iter().enumerate().skip(1).any(|(at, (key, _))| moves(at, *key));
        if let Some(running) = running.filter(|_| is_choice && length - hashed >= BLOCK) {
            walk.stopped |= !search.charge(length - hashed);
            let mut running = running.clone();
            running.update(walk.out.get(hashed..).unwrap_or_default());
            (own, from) = (Some(running), length);
        }
        for at in 0..frame.left.len() {
            let Some((key, value)) = frame.left.get(at).copied() else { continue };
            let Some(piece) = walk.pieces.get(key) else { continue };
            let position = piece.position;
            if forced.map_or(!moves(at, key), |forced| forced != position) && frame.set != OPEN {
                continue;
            }
            if frame.set != OPEN && frame.written > 0 {
                walk.out.extend_from_slice(walk.comma.as_bytes());
            }
            walk.out.extend_from_slice(&piece.lead);
            let chosen = walk.sets.get_mut(frame.set).filter(|_| forced.is_none());
            let is_chosen = chosen.is_some();
            if let Some(set) = chosen {
                set.order.push(position);
            }
            frame.left.remove(at);
            frame.written += 1;
            walk.stack.push(frame);
            let height = walk.stack.len();
            walk.open(value);
            found = step(search, walk, own.as_ref().or(running), from, ends);
            walk.stack.truncate(height);
            // Every step leaves the stack as it found it.
            frame = walk.stack.pop()?;
            frame.left.insert(at, (key, value));
            frame.written -= 1;
            walk.out.truncate(length);
            if let Some(set) = walk.sets.get_mut(frame.set).filter(|_| is_chosen) {
                set.order.pop();
            }
            if found.is_some() || walk.stopped || frame.set == OPEN {
                break;
            }
        }
    }
    walk.out.truncate(length);
    walk.stack.push(frame);
    found
}

/// Less is not worth an own state.
const BLOCK: usize = 64;

impl Walk<'_, '_> {
    /// Begins a value: a container with something to choose in it is taken apart, everything else is written.
    fn open(&mut self, index: usize) {
        let Some(piece) = self.pieces.get(index) else { return };
        self.out.extend_from_slice(&piece.text);
        if !piece.inside.is_empty() {
            self.stack.push(Frame { index, set: piece.set, left: piece.inside.clone(), written: 0 });
        }
    }
}
