//! Tries the same JSON with its keys in other orders: which objects, in which styles, in which sequence.

use alloc::vec::Vec;

use crate::finding::Finding;
use crate::habits;
use crate::json::document::Kind;
use crate::json::numbers;
use crate::json::style::{Order, Style};
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::search::engine::{Pair, Search, Solved};
use crate::search::json::{Json, STYLES_FOR_CHANGES, against, groups, styles};
use crate::search::key_sets::{Mode, count, sets};
use crate::search::permute::{ENDS, permuted};

/// So many members all objects may have together, …
const MOST_MEMBERS: usize = 128;
/// … and so many parts the document.
const MOST_PARTS: usize = 1 << 11;

/// Keys in another order: first the keys that are in no list move between those that are in one, then all keys move.
pub(crate) fn reordered(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: Option<&Json<'_>>,
    outer: &[Finding],
) -> Option<Solved> {
    let json = json?;
    let document = &json.document;
    if document.indices(Kind::Key).count() > MOST_MEMBERS || document.parts().len() > MOST_PARTS {
        search.cut |= document.has_order(0);
        return None;
    }
    let names = search.habits.key_order;
    let ranks = document.ranks(&[names, habits::USUAL_ORDER], false, false);
    let mut sets = sets(document, &ranks);
    if sets.is_empty() {
        return None;
    }
    search.cut |= count(&sets).is_none();
    let styles = styles(search, json)?;
    let numbers = numbers::mixtures(groups(search, json)?);
    let length = search.told.length.filter(|_| outer.is_empty());
    // An order changes no length: the length on the wire says which styles it can be, and with which end.
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
    // First the known keys stay in their order; then one object has another order, the others that in which we hold
    // them or that of the lists; then all objects have another order.
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
                    .share_of_rest(percent, |search| permuted(search, pairs, document, &sets, &ranks, &style, *end));
                solved.map(|solved| (solved, Style { order: Order::Known(&ranks), ..style }))
            })
        });
        if let Some((solved, style)) = solved {
            return Some(solved.with(outer, Finding::new(CauseCode::BodyReserialized, against(document, &style))));
        }
    }
    None
}
