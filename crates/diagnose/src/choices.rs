//! A text with places that may have been otherwise: every choice is tried, and what stands before it is hashed once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use countersign_core::internal::Running;

use crate::body::Body;
use crate::content::Content;
use crate::search::{Hit, Pair, Search, Solved};
use crate::secret::Candidate;

/// A part of the text, and what it may have been. The first of its texts is the one that stands there.
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Places of one group are changed together.
    pub(crate) group: usize,
    pub(crate) texts: Vec<Vec<u8>>,
}

pub(crate) struct Choices {
    text: Vec<u8>,
    /// In the order of the text.
    places: Vec<Place>,
    /// For each place the number of groups that begin after it.
    later: Vec<usize>,
    /// By how many bytes a choice of a group changes the length.
    growth: Vec<Vec<isize>>,
    /// The least and the most that one change does.
    steps: (isize, isize),
}

/// The longest white space at the end that is tried with each text.
const LONGEST_END: isize = 2;

impl Choices {
    pub(crate) fn new(text: Vec<u8>, places: Vec<Place>) -> Self {
        let groups = places.iter().map(|place| place.group + 1).max().unwrap_or_default();
        let mut growth: Vec<Vec<isize>> = alloc::vec![Vec::new(); groups];
        let mut first = alloc::vec![OPEN; groups];
        for (at, place) in places.iter().enumerate() {
            if let Some(slot) = first.get_mut(place.group).filter(|slot| **slot == OPEN) {
                *slot = at;
            }
            if let Some(sums) = growth.get_mut(place.group) {
                sums.resize(place.texts.len().max(sums.len()), 0);
                for (sum, text) in sums.iter_mut().zip(&place.texts) {
                    *sum += text.len() as isize - (place.end - place.start) as isize;
                }
            }
        }
        let mut later = alloc::vec![0; places.len()];
        let mut begun = 0;
        for (at, place) in places.iter().enumerate().rev() {
            if let Some(slot) = later.get_mut(at) {
                *slot = begun;
            }
            begun += usize::from(first.get(place.group) == Some(&at));
        }
        let changed = || growth.iter().flat_map(|sums| sums.iter().skip(1).copied());
        let steps = (changed().min().unwrap_or_default(), changed().max().unwrap_or_default());
        Self { text, places, later, growth, steps }
    }

    pub(crate) const fn groups(&self) -> usize {
        self.growth.len()
    }

    /// By how much these choices change the length of the text, at least and at most.
    pub(crate) fn reach(&self) -> (isize, isize) {
        let (mut least, mut most) = (0, 0);
        for sums in &self.growth {
            least += sums.iter().copied().fold(0, isize::min);
            most += sums.iter().copied().fold(0, isize::max);
        }
        (least, most)
    }

    /// The text with these choices made.
    fn with(&self, picked: &[usize]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() * 2);
        let mut from = 0;
        for place in &self.places {
            match picked.get(place.group) {
                None | Some(0) => {}
                Some(choice) => {
                    out.extend_from_slice(self.text.get(from..place.start).unwrap_or_default());
                    out.extend_from_slice(place.texts.get(*choice).map(Vec::as_slice).unwrap_or_default());
                    from = place.end;
                }
            }
        }
        out.extend_from_slice(self.text.get(from..).unwrap_or_default());
        out
    }
}

/// One walk through the choices.
struct Walk<'w> {
    choices: &'w Choices,
    key: &'w Candidate,
    content: &'w Content,
    ends: &'w [Vec<u8>],
    /// The length that the body had on the wire.
    length: Option<usize>,
    picked: Vec<usize>,
    stopped: bool,
}

/// Nothing is chosen yet.
pub(crate) const OPEN: usize = usize::MAX;

/// What a step costs beside the bytes it hashes.
pub(crate) const STEP_COST: usize = 16;

impl Search<'_> {
    /// Tries every text with so many groups changed. Says what solved it and which choice each group had.
    pub(crate) fn choose(
        &mut self,
        pairs: &[Pair],
        choices: &Choices,
        changes: usize,
        length: Option<usize>,
        ends: &[Vec<u8>],
    ) -> Option<(Solved, Vec<usize>)> {
        for (key, content) in pairs {
            let (Some(key), Some(content)) = (self.keys.get(*key), self.contents.get(*content)) else { continue };
            let picked = alloc::vec![OPEN; choices.groups()];
            let mut walk = Walk { choices, key, content, ends, length, picked, stopped: false };
            let mut running = Running::new(&key.key);
            if let Some(running) = &mut running {
                running.update(&content.before);
            }
            if let Some(hit) = self.walk(&mut walk, 0, 0, running, changes, 0) {
                let solved = self.solved(key, content, &hit, &[])?;
                return Some((solved, walk.picked));
            }
            if walk.stopped {
                return None;
            }
        }
        None
    }

    fn walk(
        &mut self,
        walk: &mut Walk<'_>,
        mut at: usize,
        mut from: usize,
        mut running: Option<Running>,
        changes: usize,
        growth: isize,
    ) -> Option<Hit> {
        let choices = walk.choices;
        // Whether the length on the wire is still in reach.
        let lacking = walk.length.map(|length| length as isize - choices.text.len() as isize - growth);
        let (least, most) = choices.steps;
        let ends = walk.ends.iter().map(Vec::as_slice);
        let mut ends = ends.filter(|end| changes > 0 || lacking.is_none_or(|lacking| lacking == end.len() as isize));
        let reach = least * changes as isize..=most * changes as isize + LONGEST_END;
        if lacking.is_some_and(|lacking| !reach.contains(&lacking)) || ends.clone().next().is_none() {
            return None;
        }
        while let Some(place) = choices.places.get(at) {
            let picked = walk.picked.get(place.group).copied().unwrap_or_default();
            if picked == OPEN && changes > 0 {
                // What comes before is hashed once for every choice.
                self.hash(walk, &mut running, choices.text.get(from..place.start).unwrap_or_default());
                from = place.start;
                if walk.stopped {
                    return None;
                }
                if choices.later.get(at).is_some_and(|later| *later >= changes) {
                    self.pick(walk, place.group, 0);
                    let hit = self.walk(walk, at + 1, from, running.clone(), changes, growth);
                    if hit.is_some() {
                        return hit;
                    }
                }
                for (choice, text) in place.texts.iter().enumerate().skip(1) {
                    if walk.stopped {
                        break;
                    }
                    self.pick(walk, place.group, choice);
                    let mut with = running.clone();
                    self.hash(walk, &mut with, text);
                    let more = choices.growth.get(place.group).and_then(|sums| sums.get(choice)).unwrap_or(&0);
                    let hit = self.walk(walk, at + 1, place.end, with, changes - 1, growth + more);
                    if hit.is_some() {
                        return hit;
                    }
                }
                self.pick(walk, place.group, OPEN);
                return None;
            }
            if picked != OPEN && picked > 0 {
                self.hash(walk, &mut running, choices.text.get(from..place.start).unwrap_or_default());
                self.hash(walk, &mut running, place.texts.get(picked).map(Vec::as_slice).unwrap_or_default());
                from = place.end;
            }
            at += 1;
        }
        if changes > 0 || walk.stopped {
            return None;
        }
        let Some(mut running) = running else {
            walk.stopped |= !self.charge(choices.text.len());
            let picked: Vec<usize> =
                walk.picked.iter().map(|choice| if *choice == OPEN { 0 } else { *choice }).collect();
            let body = Body { bytes: Cow::Owned(choices.with(&picked)), findings: Vec::new(), exact_end: false };
            let ends: Vec<Vec<u8>> = ends.map(Vec::from).collect();
            return self.mac(walk.key, walk.content, &body, &ends);
        };
        running.update(choices.text.get(from..).unwrap_or_default());
        walk.stopped |= !self.charge(choices.text.len() - from);
        self.tails(walk.key, &running, walk.content, &mut ends)
    }

    fn pick(&mut self, walk: &mut Walk<'_>, group: usize, choice: usize) {
        walk.stopped |= !self.charge(STEP_COST);
        if let Some(slot) = walk.picked.get_mut(group) {
            *slot = choice;
        }
    }

    fn hash(&mut self, walk: &mut Walk<'_>, running: &mut Option<Running>, bytes: &[u8]) {
        walk.stopped |= !self.charge(bytes.len());
        if let Some(running) = running {
            running.update(bytes);
        }
    }
}
