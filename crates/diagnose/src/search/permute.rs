//! Writes a document with its keys in every order. What texts begin with in common is written and hashed once.

use alloc::vec::Vec;

use countersign_core::internal::Running;

use crate::body::candidate::Body;
use crate::choices::OPEN;
use crate::content::Content;
use crate::json::document::{Document, Kind};
use crate::json::style::{Ranks, Style};
use crate::search::choose::STEP_COST;
use crate::search::engine::{ED25519_COST, Hit, Pair, Search, Solved};
use crate::search::key_sets::{Mode, Set, count, set_of};
use crate::secret::keys::Candidate;

/// Up to so many orders are also tried with a line break at the end.
const FEW_ORDERS: usize = 1000;

/// What may stand after the document.
pub(crate) const ENDS: &[&[u8]] = &[b"", b"\n"];

/// The text of a part, wherever the part stands in its container.
#[derive(Clone, Default)]
struct Piece {
    /// The text before the value: for a member the key without the comma before it, for an item the comma.
    lead: Vec<u8>,
    /// All of the value, or its opening bracket.
    text: Vec<u8>,
    /// Its closing bracket, with the white space before it.
    end: Vec<u8>,
    /// Its keys (or items) and values, where something in it can be ordered in several ways.
    inside: Vec<(usize, usize)>,
    set: usize,
    /// The position of a key in its set.
    position: usize,
}

/// A container that is being written.
#[derive(Default)]
struct Frame {
    index: usize,
    set: usize,
    /// The keys (or items) and values that are left to write.
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

/// The text of every part, written once.
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

/// Tries every order of keys in this style.
pub(crate) fn permuted(
    search: &mut Search<'_>,
    pairs: &[Pair],
    document: &Document<'_>,
    sets: &[Set<'_>],
    ranks: &Ranks,
    style: &Style<'_>,
    end: Option<usize>,
) -> Option<Solved> {
    // A line break at the end is tried where the orders are few.
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
            return None;
        }
    }
    None
}

/// Goes on with the innermost container that is open, in every order that is left to choose.
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
        return finished(search, walk, running, hashed, ends);
    };
    let found = if frame.left.is_empty() {
        walk.out.extend_from_slice(walk.pieces.get(frame.index).map(|piece| &piece.end[..]).unwrap_or_default());
        step(search, walk, running, hashed, ends)
    } else {
        next_of(search, walk, &mut frame, running, hashed, ends)
    };
    walk.out.truncate(length);
    walk.stack.push(frame);
    found
}

/// The signature of a document that is written to its end.
fn finished(
    search: &mut Search<'_>,
    walk: &mut Walk<'_, '_>,
    running: Option<&Running>,
    hashed: usize,
    ends: &[Vec<u8>],
) -> Option<Hit> {
    search.work.gaps.orders += 1;
    let Some(running) = running else {
        let body = Body { exact_end: false, ..Body::held(walk.out.clone()) };
        walk.stopped |= search.is_spent(ED25519_COST * 2);
        return search.mac(walk.key, walk.content, &body, &[]);
    };
    let rest = walk.out.get(hashed..).unwrap_or_default();
    walk.stopped |= !search.charge(rest.len());
    let mut running = running.clone();
    running.update(rest);
    search.tails(walk.key, &running, walk.content, &mut ends.iter().map(Vec::as_slice))
}

/// Tries each of the members that can come next in this container.
fn next_of(
    search: &mut Search<'_>,
    walk: &mut Walk<'_, '_>,
    frame: &mut Frame,
    running: Option<&Running>,
    hashed: usize,
    ends: &[Vec<u8>],
) -> Option<Hit> {
    let length = walk.out.len();
    let set = walk.sets.get(frame.set);
    let forced = set.and_then(|set| set.order.get(frame.written)).copied();
    let (ranks, mode) = (walk.ranks, set.map_or(Mode::Fixed, |set| set.mode));
    // Members that keep their order come first of those that are left: only the first of them can be next.
    let moves =
        |at: usize, key: usize| at == 0 || mode == Mode::Free || (mode == Mode::Chained && ranks.place(key).is_none());
    let is_choice = forced.is_none() && frame.left.iter().enumerate().skip(1).any(|(at, (key, _))| moves(at, *key));
    // What all the choices begin with is hashed once.
    let (mut own, mut from) = (None, hashed);
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
        walk.stack.push(core::mem::take(frame));
        let height = walk.stack.len();
        walk.open(value);
        let found = step(search, walk, own.as_ref().or(running), from, ends);
        // Every step leaves the stack as it found it.
        walk.stack.truncate(height);
        *frame = walk.stack.pop()?;
        frame.left.insert(at, (key, value));
        frame.written -= 1;
        walk.out.truncate(length);
        if let Some(set) = walk.sets.get_mut(frame.set).filter(|_| is_chosen) {
            set.order.pop();
        }
        if found.is_some() || walk.stopped || frame.set == OPEN {
            return found;
        }
    }
    None
}

/// Fewer bytes than that are hashed again with each order: that costs less than a copy of the state.
const BLOCK: usize = 64;

impl Walk<'_, '_> {
    /// Begins a value. A container in which something can be ordered is opened, everything else is written at once.
    fn open(&mut self, index: usize) {
        let Some(piece) = self.pieces.get(index) else { return };
        self.out.extend_from_slice(&piece.text);
        if !piece.inside.is_empty() {
            self.stack.push(Frame { index, set: piece.set, left: piece.inside.clone(), written: 0 });
        }
    }
}
