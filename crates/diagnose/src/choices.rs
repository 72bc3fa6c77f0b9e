//! A text with places where other texts may have stood.

use alloc::vec::Vec;

/// A part of the text, and the texts that may have stood there. The first of them is the one that stands there now.
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Places of one group are changed together.
    pub(crate) group: usize,
    pub(crate) texts: Vec<Vec<u8>>,
}

pub(crate) struct Choices {
    pub(crate) text: Vec<u8>,
    /// The places in their order.
    pub(crate) places: Vec<Place>,
    /// For each place the number of groups that begin after it.
    pub(crate) later: Vec<usize>,
    /// By how many bytes a choice of a group changes the length.
    pub(crate) growth: Vec<Vec<isize>>,
    /// By how much one change changes the length, at least and at most.
    pub(crate) steps: (isize, isize),
}

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
    pub(crate) fn with(&self, picked: &[usize]) -> Vec<u8> {
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

/// No choice is made yet.
pub(crate) const OPEN: usize = usize::MAX;
