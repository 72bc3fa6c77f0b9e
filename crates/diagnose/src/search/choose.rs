//! Tries every choice of a text that has several texts possible in some places. The text before a place is hashed once.

use alloc::vec::Vec;

use countersign_core::internal::Running;

use crate::body::candidate::Body;
use crate::choices::{Choices, OPEN, Place};
use crate::content::Content;
use crate::search::engine::{Hit, Pair, Search, Solved};
use crate::secret::keys::Candidate;

/// The longest white space at the end that is tried with each text.
const LONGEST_END: isize = 2;

/// One walk through the choices.
struct Walk<'w> {
    choices: &'w Choices,
    key: &'w Candidate,
    content: &'w Content,
    ends: &'w [Vec<u8>],
    /// The length that the body had on the wire.
    length: Option<usize>,
    /// The choice of each group, or `OPEN`.
    picked: Vec<usize>,
    /// Whether the budget is used up.
    stopped: bool,
}

/// The cost of a step beside the bytes that it hashes.
pub(crate) const STEP_COST: usize = 16;

/// Tries every text with so many groups changed. Gives the mistakes, and the choice of each group.
pub(crate) fn choose(
    search: &mut Search<'_>,
    pairs: &[Pair],
    choices: &Choices,
    changes: usize,
    length: Option<usize>,
    ends: &[Vec<u8>],
) -> Option<(Solved, Vec<usize>)> {
    for (key, content) in pairs {
        let (Some(key), Some(content)) = (search.keys.get(*key), search.contents.get(*content)) else { continue };
        let picked = alloc::vec![OPEN; choices.groups()];
        let mut walk = Walk { choices, key, content, ends, length, picked, stopped: false };
        let start = Position { place: 0, from: 0, changes, growth: 0 };
        let mut running = Running::new(&key.key);
        if let Some(running) = &mut running {
            running.update(&content.before);
        }
        if let Some(hit) = step(search, &mut walk, start, running) {
            let solved = search.solved(key, content, &hit, &[])?;
            return Some((solved, walk.picked));
        }
        if walk.stopped {
            return None;
        }
    }
    None
}

/// How far a walk is: the next place, the position up to which the text is hashed, and the groups left to change.
#[derive(Clone, Copy)]
struct Position {
    place: usize,
    from: usize,
    changes: usize,
    /// By how much the choices so far change the length.
    growth: isize,
}

/// Goes on from here: to the next place that is open, where every choice is tried, or to the end.
fn step(search: &mut Search<'_>, walk: &mut Walk<'_>, mut here: Position, mut running: Option<Running>) -> Option<Hit> {
    let choices = walk.choices;
    let Position { changes, growth, .. } = here;
    // Whether the length on the wire is still in reach.
    let lacking = walk.length.map(|length| length as isize - choices.text.len() as isize - growth);
    let (least, most) = choices.steps;
    let ends = walk.ends.iter().map(Vec::as_slice);
    let mut ends = ends.filter(|end| changes > 0 || lacking.is_none_or(|lacking| lacking == end.len() as isize));
    let reach = least * changes as isize..=most * changes as isize + LONGEST_END;
    if lacking.is_some_and(|lacking| !reach.contains(&lacking)) || ends.clone().next().is_none() {
        return None;
    }
    while let Some(place) = choices.places.get(here.place) {
        let picked = walk.picked.get(place.group).copied().unwrap_or_default();
        if picked == OPEN && changes > 0 {
            return choices_of(search, walk, place, here, running);
        }
        if picked != OPEN && picked > 0 {
            hash(search, walk, &mut running, choices.text.get(here.from..place.start).unwrap_or_default());
            hash(search, walk, &mut running, place.texts.get(picked).map(Vec::as_slice).unwrap_or_default());
            here.from = place.end;
        }
        here.place += 1;
    }
    if changes > 0 || walk.stopped {
        return None;
    }
    let Some(mut running) = running else {
        walk.stopped |= !search.charge(choices.text.len());
        let picked: Vec<usize> = walk.picked.iter().map(|choice| if *choice == OPEN { 0 } else { *choice }).collect();
        let body = Body { exact_end: false, ..Body::held(choices.with(&picked)) };
        let ends: Vec<Vec<u8>> = ends.map(Vec::from).collect();
        return search.mac(walk.key, walk.content, &body, &ends);
    };
    running.update(choices.text.get(here.from..).unwrap_or_default());
    walk.stopped |= !search.charge(choices.text.len() - here.from);
    search.tails(walk.key, &running, walk.content, &mut ends)
}

/// Tries every choice at this place: first the text that stands there, where enough places follow to change.
fn choices_of(
    search: &mut Search<'_>,
    walk: &mut Walk<'_>,
    place: &Place,
    here: Position,
    mut running: Option<Running>,
) -> Option<Hit> {
    let choices = walk.choices;
    // The text before the place is hashed once for every choice.
    hash(search, walk, &mut running, choices.text.get(here.from..place.start).unwrap_or_default());
    if walk.stopped {
        return None;
    }
    if choices.later.get(here.place).is_some_and(|later| *later >= here.changes) {
        pick(search, walk, place.group, 0);
        let next = Position { place: here.place + 1, from: place.start, ..here };
        let hit = step(search, walk, next, running.clone());
        if hit.is_some() {
            return hit;
        }
    }
    for (choice, text) in place.texts.iter().enumerate().skip(1) {
        if walk.stopped {
            break;
        }
        pick(search, walk, place.group, choice);
        let mut with = running.clone();
        hash(search, walk, &mut with, text);
        let more = choices.growth.get(place.group).and_then(|sums| sums.get(choice)).unwrap_or(&0);
        let next =
            Position { place: here.place + 1, from: place.end, changes: here.changes - 1, growth: here.growth + more };
        let hit = step(search, walk, next, with);
        if hit.is_some() {
            return hit;
        }
    }
    pick(search, walk, place.group, OPEN);
    None
}

fn pick(search: &mut Search<'_>, walk: &mut Walk<'_>, group: usize, choice: usize) {
    walk.stopped |= !search.charge(STEP_COST);
    if let Some(slot) = walk.picked.get_mut(group) {
        *slot = choice;
    }
}

fn hash(search: &mut Search<'_>, walk: &mut Walk<'_>, running: &mut Option<Running>, bytes: &[u8]) {
    walk.stopped |= !search.charge(bytes.len());
    if let Some(running) = running {
        running.update(bytes);
    }
}
