//! The stages of the search, as a table: from one mistake to several, each with its share of the work that is left.

use alloc::vec::Vec;

use crate::body::candidate::Body;
use crate::content::Content;
use crate::json::read::{Read, read};
use crate::report::untried::{OF_JSON, UntriedCode};
use crate::search::ends;
use crate::search::engine::{ALL, Pair, Search, Solved};
use crate::search::inside::{Inner, inside, read_json, undo};
use crate::search::json::Json;
use crate::search::lost::lost_bytes;
use crate::search::orders::reordered;
use crate::search::restyle::restyled;
use crate::search::rewrite::{number_texts, rewritten};

/// What the stages combine.
struct Material<'m, 'o> {
    held: &'m [u8],
    /// The most probable key of each secret.
    keys: &'m [usize],
    /// Those keys, with the content that the scheme and the headers say.
    likely: &'m [Pair],
    /// Pairs with another key, or with another content.
    one_other: &'m [Pair],
    /// Pairs with another key and another content.
    both_other: &'m [Pair],
    /// The body as we hold it.
    untouched: &'m [Body<'o>],
    /// The bodies in which one mistake is undone.
    undone: &'m [Body<'o>],
    /// Those of them that may have a second mistake inside.
    inner: &'m [Inner<'o>],
    json: Option<&'m Json<'o>>,
    ends: &'m [Vec<u8>],
    near: &'m dyn Fn() -> Vec<Content>,
}

/// A step of the search.
struct Stage {
    /// How much it may take of the work that is left, in percent.
    share: usize,
    /// What is untried where the share ends.
    left_out: UntriedCode,
    run: fn(&mut Search<'_>, &Material<'_, '_>) -> Option<Solved>,
}

/// Single mistakes, each of which is noted where it was not undone.
const ONE: UntriedCode = UntriedCode::Mistakes;
const SEVERAL: UntriedCode = UntriedCode::Several;

const fn stage(
    share: usize,
    left_out: UntriedCode,
    run: fn(&mut Search<'_>, &Material<'_, '_>) -> Option<Solved>,
) -> Stage {
    Stage { share, left_out, run }
}

const STAGES: &[Stage] = &[
    // One mistake.
    stage(ALL, ONE, |search, of| search.bodies(of.likely, of.undone, of.ends)),
    stage(ALL, ONE, |search, of| search.bodies(of.one_other, of.untouched, of.ends)),
    stage(55, UntriedCode::Styles, |search, of| restyled(search, of.likely, of.json, &[])),
    // One mistake in the body, with many texts that may have been signed.
    stage(25, UntriedCode::Characters, |search, of| lost_bytes(search, of.likely, of.held)),
    stage(30, UntriedCode::Numbers, |search, of| number_texts(search, of.likely, of.json, &[])),
    stage(45, UntriedCode::KeyOrders, |search, of| reordered(search, of.likely, of.json, &[])),
    stage(55, UntriedCode::Times, times),
    // Two mistakes in the body.
    stage(40, SEVERAL, |search, of| of.inner.iter().find_map(|inner| inside(search, of.likely, inner))),
    // Two mistakes in different places.
    stage(60, SEVERAL, |search, of| search.bodies(of.both_other, of.untouched, of.ends)),
    stage(60, SEVERAL, |search, of| search.bodies(of.one_other, of.undone, of.ends)),
    stage(60, SEVERAL, |search, of| restyled(search, of.one_other, of.json, &[])),
    stage(40, SEVERAL, |search, of| rewritten(search, of.one_other, of.json, &[])),
    // More mistakes.
    stage(50, SEVERAL, |search, of| of.inner.iter().find_map(|inner| inside(search, of.one_other, inner))),
    stage(ALL, SEVERAL, |search, of| search.bodies(of.both_other, of.undone, &[])),
];

/// Goes through the stages until one of them makes the signature right. `near` gives contents with times near those that
/// are known.
pub(crate) fn run(search: &mut Search<'_>, held: &[u8], near: &dyn Fn() -> Vec<Content>) -> Option<Solved> {
    let (keys, other_keys): (Vec<usize>, Vec<usize>) =
        (0..search.keys.len()).partition(|at| search.keys.get(*at).is_some_and(|key| key.first));
    let (contents, other_contents): (Vec<usize>, Vec<usize>) =
        (0..search.contents.len()).partition(|at| search.contents.get(*at).is_some_and(|content| content.first));
    let cross = |keys: &[usize], contents: &[usize]| -> Vec<Pair> {
        contents.iter().flat_map(|content| keys.iter().map(move |key| (*key, *content))).collect()
    };
    let likely = cross(&keys, &contents);
    let untouched = [Body::held(held)];
    let ends = ends::usual(held, search.work.limits);
    // Other white space at the end costs next to nothing, and comes before every look at the body.
    search.single = true;
    let more_ends = ends::with_more_space(&ends, held, search.told.length);
    let found = search.bodies(&likely, &untouched, &more_ends);
    if found.is_some() {
        return found;
    }
    let (undone, refused) = undo(search, held);
    if !refused.is_empty() {
        search.work.gaps.add(UntriedCode::Mistakes);
        search.work.gaps.leave_open(refused);
    }
    let inner: Vec<Inner<'_>> = undone.iter().filter(|body| body.opens()).map(Inner::new).collect();
    search.cut = false;
    let json = read_json(search, held);
    if json.is_none() && may_be_json(search, held) {
        search.work.gaps.add(UntriedCode::Json);
        search.work.gaps.leave_open(OF_JSON);
    }
    let material = Material {
        held,
        keys: &keys,
        likely: &likely,
        one_other: &[cross(&keys, &other_contents), cross(&other_keys, &contents)].concat(),
        both_other: &cross(&other_keys, &other_contents),
        untouched: &untouched,
        undone: &undone,
        inner: &inner,
        json: json.as_ref(),
        ends: &ends,
        near,
    };
    STAGES.iter().find_map(|stage| {
        search.cut = false;
        search.single = stage.left_out == ONE;
        let found = search.share(stage.share, |search| (stage.run)(search, &material));
        if search.cut && found.is_none() {
            let gaps = &mut search.work.gaps;
            gaps.add(stage.left_out);
            if stage.left_out == UntriedCode::Styles && gaps.styles < FEW_STYLES {
                gaps.leave_open(OF_JSON);
            }
        }
        found
    })
}

/// After so many ways of writing it, JSON that was written anew in another way is rare.
const FEW_STYLES: usize = 50;

/// Whether the body begins as JSON, and was not read since it is large.
fn may_be_json(search: &Search<'_>, held: &[u8]) -> bool {
    let begins = matches!(held.trim_ascii_start(), [b'{' | b'[', ..]);
    begins && (search.cut || matches!(read(held, search.work.limits), Read::TooLarge))
}

/// Tries the seconds around the times that are known, where the timestamp was replaced.
fn times(search: &mut Search<'_>, of: &Material<'_, '_>) -> Option<Solved> {
    let near = (of.near)();
    search.work.spend(near.len() * NEAR_COST);
    let body = of.untouched.first()?;
    near.iter()
        .find_map(|content| of.keys.iter().find_map(|key| search.attempt(search.keys.get(*key)?, content, body, &[])))
}

/// The cost of each time that may have been signed.
const NEAR_COST: usize = 128;
