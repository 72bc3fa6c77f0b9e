//! A body that is JSON, with what several stages look for in it.

use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::body::candidate::Body;
use crate::finding::Finding;
use crate::json::document::{Document, Kind};
use crate::json::notation::{self, COMPACT, KEEP, SPACINGS, Spacing, Strings};
use crate::json::numbers::{self, Group};
use crate::json::read::{Read, read};
use crate::json::style::{Order, Replaced, Style};
use crate::json::write::spacing_of;
use crate::limits::Limits;
use crate::rank::by_rank;
use crate::report::facts::{Facts, facts};
use crate::search::ends::few_ends;
use crate::search::engine::{Pair, Search, Solved};

/// A body that is JSON.
pub(crate) struct Json<'d> {
    pub(crate) document: Document<'d>,
    groups: OnceCell<Vec<Group<'d>>>,
    strings: OnceCell<Vec<(Strings, isize)>>,
}

impl<'d> Json<'d> {
    pub(crate) fn read(text: &'d [u8], limits: Limits) -> Option<Self> {
        match read(text, limits) {
            Read::Complete(document) => Some(Self { document, groups: OnceCell::new(), strings: OnceCell::new() }),
            _ => None,
        }
    }
}

pub(crate) fn spacings(search: &Search<'_>) -> Vec<Spacing> {
    let habit = Spacing::of(search.habits.spacing);
    let mut all = Vec::from([habit]);
    all.extend(SPACINGS.iter().copied().filter(|spacing| *spacing != habit));
    all
}

/// The ways of writing strings that differ for this document, and by how much each changes its length.
pub(crate) fn strings<'j>(search: &mut Search<'_>, json: &'j Json<'_>) -> Option<&'j [(Strings, isize)]> {
    if let Some(known) = json.strings.get() {
        return Some(known);
    }
    let document = &json.document;
    let mut styles = notation::distinct_strings(document.marks);
    if let Some(at) = styles.iter().position(|strings| *strings == Strings::of(search.habits.strings)) {
        styles.swap(0, at);
    }
    if !search.may_write(document.length(COMPACT), document.cost(COMPACT) * styles.len()) {
        return None;
    }
    let write =
        |strings| document.write(&Style { spacing: COMPACT, strings, order: Order::Keep, replaced: &Replaced::new() });
    let kept = write(KEEP);
    let mut all = Vec::new();
    for strings in styles {
        let text = write(strings);
        // A style that changes nothing is called "as received", unless it is the provider's own style.
        if text != kept || all.is_empty() {
            all.push((strings, text.len() as isize - kept.len() as isize));
        }
        if text != kept && all.len() == 1 {
            all.push((KEEP, 0));
        }
    }
    Some(json.strings.get_or_init(|| all))
}

/// Every spacing with every way of writing strings, the most frequent first.
pub(crate) fn styles(search: &mut Search<'_>, json: &Json<'_>) -> Option<Vec<(Spacing, (Strings, isize))>> {
    let (spacings, strings) = (spacings(search), strings(search, json)?);
    let mut styles = Vec::new();
    for (i, spacing) in spacings.iter().enumerate() {
        for (j, strings) in strings.iter().enumerate() {
            styles.push((i + j, (*spacing, *strings)));
        }
    }
    Some(by_rank(styles))
}

/// The texts that numbers may have had; `None` where the budget does not allow to look. The caller copies the texts.
pub(crate) fn groups<'j, 'd>(search: &mut Search<'_>, json: &'j Json<'d>) -> Option<&'j [Group<'d>]> {
    if json.groups.get().is_none() {
        // Each number has several texts, which take more memory than the number.
        if json.document.parts().len() > MOST_PARTS {
            search.cut = true;
            return None;
        }
        if !search.charge(json.document.indices(Kind::Number).count() * NUMBER_COST) {
            return None;
        }
    }
    let groups = json.groups.get_or_init(|| numbers::groups(&json.document));
    search.work.spend(numbers::texts(groups) * PLACE_COST);
    Some(groups)
}

/// Tries the document in this style, unless that is the style in which we hold it.
pub(crate) fn written(
    search: &mut Search<'_>,
    pairs: &[Pair],
    document: &Document<'_>,
    style: &Style<'_>,
    findings: Vec<Finding>,
) -> Option<Solved> {
    if !search.may_write(document.length_at_least(style.spacing), document.cost(style.spacing)) {
        return None;
    }
    let bytes = document.write(style);
    if findings.len() < 2 && bytes == document.whole() {
        return None;
    }
    let body = Body { findings, exact_end: false, ..Body::held(bytes) };
    search.body(pairs, &body, &few_ends())
}

/// In documents of more parts than that, numbers stay as they are.
const MOST_PARTS: usize = 1 << 12;

/// The cost of finding the other texts of a number.
const NUMBER_COST: usize = 128;

/// The cost of each text that may stand in a place.
pub(crate) const PLACE_COST: usize = 64;

/// So many styles are tried where the numbers under one key change; where several keys change, divided by their count.
pub(crate) const STYLES_FOR_CHANGES: usize = 20;

/// The evidence: how the document was written when it was signed, and how it is written now.
pub(crate) fn against(document: &Document<'_>, style: &Style<'_>) -> Facts {
    let received = spacing_of(document).map_or("irregular white space", |spacing| spacing.name);
    let mut evidence = facts! { "signed": style.spacing.name, "received": received };
    if style.strings != KEEP && notation::distinct_strings(document.marks).len() > 1 {
        evidence.insert("signed_strings", style.strings.name.into());
    }
    match style.order {
        Order::Keep => {}
        Order::Sorted => evidence.insert("keys", "sorted when signed, in another order now".into()),
        _ => {
            let now = if document.sorted_keys().is_some() { "sorted now" } else { "in another order now" };
            evidence.insert("keys", [now, ", in the provider's own order when signed"].concat().into());
        }
    }
    if !style.replaced.is_empty() {
        evidence.insert("numbers", "1.0 when signed, 1 now".into());
    }
    evidence
}
