//! Tries what a parser lost: number text, key order, the difference between `{}` and `[]`.

use alloc::vec::Vec;

use crate::finding::Finding;
use crate::json::numbers::{self, Group};
use crate::json::styles::{KEEP, Spacing, Strings};
use crate::json::write::{Order, Replaced, Style};
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::search::choose::choose;
use crate::search::ends::few_ends;
use crate::search::engine::{Pair, Search, Solved};
use crate::search::json::{Json, PLACE_COST, STYLES_FOR_CHANGES, against, groups, spacings, strings, written};
use crate::search::orders::reordered;

/// Where a parser lost something: number text, key order, the difference between `{}` and `[]`.
pub(crate) fn rewritten(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: Option<&Json<'_>>,
    outer: &[Finding],
) -> Option<Solved> {
    let json = json?;
    let (spacings, strings) = (spacings(search), strings(search, json)?);
    let mut styles = Vec::new();
    for (i, spacing) in spacings.iter().enumerate() {
        for (j, strings) in strings.iter().enumerate() {
            styles.push((i + j, (*spacing, *strings)));
        }
    }
    let styles = by_rank(styles);
    search
        .share_of_rest(50, |search| number_texts(search, pairs, json, &styles, outer))
        .or_else(|| reordered(search, pairs, json, &styles, outer))
}

/// Numbers (and what else a parser loses) in every combination, the smallest change first.
fn number_texts(
    search: &mut Search<'_>,
    pairs: &[Pair],
    json: &Json<'_>,
    styles: &[(Spacing, (Strings, isize))],
    outer: &[Finding],
) -> Option<Solved> {
    let document = &json.document;
    let groups = groups(search, json)?;
    if groups.is_empty() {
        return None;
    }
    let none = Replaced::new();
    let style = |spacing, strings| Style { spacing, strings, order: Order::Keep, replaced: &none };
    let mut plans = Vec::new();
    // What came over the wire had this length: few choices make it.
    let length = search.told.length.filter(|length| outer.is_empty() && *length != document.whole().len());
    let plain = numbers::plain(groups);
    let places = numbers::texts(groups);
    // Very many are only changed all together.
    let most_changes = if places > MOST_PLACES { 0 } else { groups.len() };
    let length = length.filter(|_| most_changes > 0);
    if !search.charge(2 * places * PLACE_COST) {
        return None;
    }
    let all: Vec<&Group<'_>> = groups.iter().collect();
    let bases: Vec<Replaced> = numbers::BASES.iter().map(|names| numbers::everything(&all, names)).collect();
    let (least, most) = match length {
        Some(_) => numbers::choices(document, &style(Spacing::of(search.habits.spacing), KEEP), groups, &[]).0.reach(),
        None => (0, 0),
    };
    for (at, (spacing, (strings, longer))) in styles.iter().enumerate() {
        let style = style(*spacing, *strings);
        let mut fits = false;
        if let Some(length) = length {
            let lacking = length as isize - longer - document.length(*spacing) as isize;
            fits = (least..=most + 1).contains(&lacking);
        }
        for changes in 1..=most_changes {
            for (more, groups) in [(0, &plain[..]), (5, groups)] {
                if fits {
                    plans.push((changes + more, (style, groups, &[][..], changes, length)));
                }
                if at < STYLES_FOR_CHANGES / changes {
                    plans.push((4 * changes + at + more + 2, (style, groups, &[][..], changes, None)));
                }
            }
        }
        for (number, (names, replaced)) in numbers::BASES.iter().zip(&bases).enumerate() {
            let deviations = if number == 0 { most_changes / 2 } else { 0 };
            for changes in 0..=deviations {
                if at < STYLES_FOR_CHANGES / (1 + changes) && !replaced.is_empty() {
                    let style = Style { replaced, ..style };
                    plans.push((4 * changes + at + number, (style, groups, *names, changes, None)));
                }
            }
        }
    }
    for (style, groups, base, changes, length) in by_rank(plans) {
        let found = if changes > 0 {
            if !search.charge(document.cost(style.spacing) + places * PLACE_COST) {
                return None;
            }
            let choices = numbers::choices(document, &style, groups, base).0;
            choose(search, pairs, &choices, changes, length, &few_ends())
        } else {
            let solved = written(search, pairs, document, &style, Vec::new());
            solved.map(|solved| (solved, alloc::vec![0; groups.len()]))
        };
        if let Some((solved, picked)) = found {
            let mut evidence = against(document, &Style { replaced: &none, ..style });
            let names = numbers::choices(document, &style, groups, base).1;
            evidence.insert("numbers", numbers::named(&names, &picked).into());
            return Some(solved.with(outer, Finding::new(CauseCode::BodyReserialized, evidence)));
        }
    }
    None
}

/// More places with other texts are not combined.
const MOST_PLACES: usize = 1024;
