//! Tries the same JSON in every style: white space, strings, order of keys.

use alloc::vec::Vec;

use crate::finding::{Finding, with};
use crate::json::document::Document;
use crate::json::notation::{COMPACT, KEEP};
use crate::json::numbers;
use crate::json::style::{Order, Replaced, Style};
use crate::json::write::spacing_of;
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;
use crate::search::engine::{Pair, Search, Solved};
use crate::search::json::{Json, against, groups, spacings, strings, written};

/// Tries the same JSON in every style.
pub(crate) fn restyled(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: Option<&Json<'_>>,
    outer: &[Finding],
) -> Option<Solved> {
    let document = &json?.document;
    let none = Replaced::new();
    let floats = match search.habits.float_keys {
        [] => Replaced::new(),
        keys => groups(search, json?).map_or_else(Replaced::new, |groups| numbers::known_floats(groups, keys)),
    };
    let replacements: &[&Replaced] = if floats.is_empty() { &[&none] } else { &[&floats, &none] };
    let mut known = Vec::from([Order::Keep]);
    let names = search.habits.key_order;
    let mut ranks = Vec::new();
    let cost = document.parts().len() * names.len() / RANKS_SPEED;
    // In a very large body, other mistakes are more probable.
    if !names.is_empty() && cost < search.work.left / 10 && search.charge(cost) {
        ranks = [false, true].map(|last| document.ranks(&[names], search.habits.others_sorted, last)).into();
        ranks.dedup();
    }
    known.extend(ranks.iter().map(Order::Known));
    if document.sorted_keys().is_none() {
        known.push(Order::Sorted);
    }
    // The orders that differ for this document.
    let mut orders = Vec::new();
    for order in known {
        if !search.may_write(document.length(COMPACT), document.cost(COMPACT)) {
            break;
        }
        let text = document.write(&Style { spacing: COMPACT, strings: KEEP, order, replaced: &none });
        if orders.iter().all(|(known, _)| *known != text) {
            orders.push((text, order));
        }
    }
    let spacings = spacings(search);
    let strings = strings(search, json?)?;
    let mut plans = Vec::new();
    for (o, (_, order)) in orders.iter().enumerate() {
        for (r, replaced) in replacements.iter().enumerate() {
            for (i, spacing) in spacings.iter().enumerate() {
                for (j, (strings, _)) in strings.iter().enumerate() {
                    plans.push((
                        i + j + r + 3 * o,
                        Style { spacing: *spacing, strings: *strings, order: *order, replaced },
                    ));
                }
            }
        }
    }
    let plans = by_rank(plans);
    let mut tried = 0;
    for style in &plans {
        if let Some(solved) = one_style(search, pairs, document, style, outer) {
            return Some(solved);
        }
        tried += usize::from(!search.cut);
    }
    search.work.gaps.styles = search.work.gaps.styles.max(tried);
    None
}

fn one_style(
    search: &mut Search<'_>,
    pairs: &[Pair],
    document: &Document<'_>,
    style: &Style<'_>,
    outer: &[Finding],
) -> Option<Solved> {
    // Whether only escapes differ, or more, is looked at when the signature is right.
    let finding = Finding::new(CauseCode::BodyUnicodeEscapes, Facts::default());
    let solved = written(search, pairs, document, style, with(outer, finding))?;
    let (spacing, text) = (spacing_of(document), document.whole());
    let only_strings =
        spacing == Some(style.spacing) && matches!(style.order, Order::Keep) && style.replaced.is_empty();
    let slashes = |text: &[u8]| text.windows(2).filter(|pair| pair == b"\\/").count();
    let code = match only_strings && slashes(&document.write(style)) == slashes(text) {
        true => CauseCode::BodyUnicodeEscapes,
        false => CauseCode::BodyReserialized,
    };
    Some(solved.with(&[], Finding::new(code, against(document, style))))
}

/// So many names are compared with a key in the time that a byte takes.
const RANKS_SPEED: usize = 8;
