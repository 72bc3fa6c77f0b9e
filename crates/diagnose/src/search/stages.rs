//! The stages of the search, as a table: from one mistake to several, each with its share of the work that is left.

use alloc::vec::Vec;

use crate::body::candidate::Body;
use crate::content::Content;
use crate::search::ends;
use crate::search::engine::{ALL, Pair, Search, Solved};
use crate::search::inside::{Inner, inside, undo};
use crate::search::json::Json;
use crate::search::lost::lost_bytes;
use crate::search::restyle::restyled;
use crate::search::rewrite::rewritten;

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
    undone: &'m [Body<'static>],
    /// Those of them that may have a second mistake inside.
    inner: &'m [Inner<'o>],
    json: Option<&'m Json<'o>>,
    ends: &'m [Vec<u8>],
    /// More white space at the end, for the body as we hold it only.
    more_ends: &'m [Vec<u8>],
    near: &'m dyn Fn() -> Vec<Content>,
}

type Stage = fn(&mut Search<'_>, &Material<'_, '_>) -> Option<Solved>;

/// The share of the work left that each stage may take, in percent, and what it tries.
const STAGES: &[(usize, Stage)] = &[
    // One mistake.
    (ALL, |search, of| search.bodies(of.likely, of.untouched, of.more_ends)),
    (ALL, |search, of| search.bodies(of.likely, of.undone, of.ends)),
    (ALL, |search, of| search.bodies(of.one_other, of.untouched, of.ends)),
    (50, |search, of| restyled(search, of.likely, of.json, &[])),
    // One mistake in the body, with many texts that may have been signed.
    (25, |search, of| lost_bytes(search, of.likely, of.held)),
    (60, |search, of| rewritten(search, of.likely, of.json, &[])),
    (50, |search, of| times(search, of)),
    // Two mistakes in the body.
    (40, |search, of| of.inner.iter().find_map(|inner| inside(search, of.likely, inner))),
    // Two mistakes in different places.
    (60, |search, of| search.bodies(of.both_other, of.untouched, of.ends)),
    (60, |search, of| search.bodies(of.one_other, of.undone, of.ends)),
    (60, |search, of| restyled(search, of.one_other, of.json, &[])),
    (40, |search, of| rewritten(search, of.one_other, of.json, &[])),
    // More mistakes.
    (50, |search, of| of.inner.iter().find_map(|inner| inside(search, of.one_other, inner))),
    (ALL, |search, of| search.bodies(of.both_other, of.undone, &[])),
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
    let undone = undo(search, held).unwrap_or_default();
    let inner: Vec<Inner<'_>> = undone.iter().filter(|body| body.opens()).map(Inner::new).collect();
    let json = Json::read(held);
    let ends = ends::usual(held);
    let material = Material {
        held,
        keys: &keys,
        likely: &cross(&keys, &contents),
        one_other: &[cross(&keys, &other_contents), cross(&other_keys, &contents)].concat(),
        both_other: &cross(&other_keys, &other_contents),
        untouched: &[Body::held(held)],
        undone: &undone,
        inner: &inner,
        json: json.as_ref(),
        ends: &ends,
        more_ends: &ends::with_more_space(&ends, held, search.told.length),
        near,
    };
    STAGES.iter().find_map(|(share, stage)| search.share(*share, |search| stage(search, &material)))
}

/// Tries the seconds around the times that are known, where the timestamp was replaced.
fn times(search: &mut Search<'_>, of: &Material<'_, '_>) -> Option<Solved> {
    let near = (of.near)();
    search.spend(near.len() * NEAR_COST);
    let body = of.untouched.first()?;
    near.iter()
        .find_map(|content| of.keys.iter().find_map(|key| search.attempt(search.keys.get(*key)?, content, body, &[])))
}

/// The cost of each time that may have been signed.
const NEAR_COST: usize = 128;
