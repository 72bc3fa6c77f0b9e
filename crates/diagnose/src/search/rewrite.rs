//! Tries what a parser lost: number text, key order, the difference between `{}` and `[]`.

use alloc::vec::Vec;

use crate::finding::Finding;
use crate::json::document::Document;
use crate::json::notation::{KEEP, Spacing};
use crate::json::numbers::{self, Group};
use crate::json::style::{Order, Replaced, Style};
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::search::choose::choose;
use crate::search::ends::few_ends;
use crate::search::engine::{Pair, Search, Solved};
use crate::search::json::{Json, PLACE_COST, STYLES_FOR_CHANGES, against, groups, styles, written};
use crate::search::orders::reordered;

/// Tries what a parser lost, in every style.
pub(crate) fn rewritten(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: Option<&Json<'_>>,
    outer: &[Finding],
) -> Option<Solved> {
    search
        .share_of_rest(50, |search| number_texts(search, pairs, json, outer))
        .or_else(|| reordered(search, pairs, json, outer))
}

/// One way to try the texts of numbers: in this style, with so many groups changed.
struct Plan<'p, 'd> {
    style: Style<'p>,
    groups: &'p [Group<'d>],
    /// The kinds of texts that the style puts into every number.
    base: &'static [&'static str],
    changes: usize,
    /// The length of the result, where it is known.
    length: Option<usize>,
}

/// Numbers (and what else a parser loses) in every combination, the smallest change first.
pub(crate) fn number_texts(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: Option<&Json<'_>>,
    outer: &[Finding],
) -> Option<Solved> {
    let json = json?;
    let document = &json.document;
    let groups = groups(search, json)?;
    if groups.is_empty() {
        return None;
    }
    let styles = styles(search, json)?;
    let places = numbers::texts(groups);
    if !search.charge(2 * places * PLACE_COST) {
        return None;
    }
    let plain = numbers::plain(groups);
    let all: Vec<&Group<'_>> = groups.iter().collect();
    let none = Replaced::new();
    let bases: Vec<Replaced> = numbers::BASES.iter().map(|names| numbers::everything(&all, names)).collect();
    // Very many places are only changed all together.
    let most_changes = if places > MOST_PLACES { 0 } else { groups.len() };
    let length = search.told.length.filter(|length| outer.is_empty() && *length != document.whole().len());
    let length = length.filter(|_| most_changes > 0);
    let first =
        Style { spacing: Spacing::of(search.habits.spacing), strings: KEEP, order: Order::Keep, replaced: &none };
    // The body had this length on the wire: few choices make it.
    let reach = length.map(|_| numbers::choices(document, &first, groups, &[]).0.reach());
    let mut plans = Vec::new();
    for (at, (spacing, (strings, longer))) in styles.iter().enumerate() {
        let style = Style { spacing: *spacing, strings: *strings, ..first };
        let fits = length.zip(reach).is_some_and(|(length, (least, most))| {
            let lacking = length as isize - longer - document.length(*spacing) as isize;
            (least..=most + 1).contains(&lacking)
        });
        for changes in 1..=most_changes {
            for (more, groups) in [(0, &plain[..]), (5, groups)] {
                if fits {
                    plans.push((changes + more, Plan { style, groups, base: &[], changes, length }));
                }
                if at < STYLES_FOR_CHANGES / changes {
                    let rank = 4 * changes + at + more + 2;
                    plans.push((rank, Plan { style, groups, base: &[], changes, length: None }));
                }
            }
        }
        for (number, (base, replaced)) in numbers::BASES.iter().zip(&bases).enumerate() {
            let deviations = if number == 0 { most_changes / 2 } else { 0 };
            for changes in 0..=deviations {
                if at < STYLES_FOR_CHANGES / (1 + changes) && !replaced.is_empty() {
                    let style = Style { replaced, ..style };
                    plans.push((4 * changes + at + number, Plan { style, groups, base, changes, length: None }));
                }
            }
        }
    }
    for plan in by_rank(plans) {
        let spacing = plan.style.spacing;
        let cost = document.cost(spacing) + places * PLACE_COST;
        if plan.changes > 0 && !search.may_write(document.length_at_least(spacing), cost) {
            return None;
        }
        if let Some(solved) = tried(search, pairs, document, &plan, outer) {
            return Some(solved);
        }
    }
    None
}

/// What this plan proves.
fn tried(
    search: &mut Search<'_>,
    pairs: &[Pair],
    document: &Document<'_>,
    plan: &Plan<'_, '_>,
    outer: &[Finding],
) -> Option<Solved> {
    let Plan { style, groups, base, changes, length } = plan;
    let (solved, picked) = if *changes > 0 {
        let choices = numbers::choices(document, style, groups, base).0;
        choose(search, pairs, &choices, *changes, *length, &few_ends())?
    } else {
        (written(search, pairs, document, style, Vec::new())?, alloc::vec![0; groups.len()])
    };
    let mut evidence = against(document, &Style { replaced: &Replaced::new(), ..*style });
    let names = numbers::choices(document, style, groups, base).1;
    evidence.insert("numbers", numbers::named(&names, &picked).into());
    Some(solved.with(outer, Finding::new(CauseCode::BodyReserialized, evidence)))
}

/// Texts in more places than that are not combined.
const MOST_PLACES: usize = 1024;
