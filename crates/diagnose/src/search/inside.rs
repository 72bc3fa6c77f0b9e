//! Tries a second mistake inside of a body in which one was undone.

use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::body;
use crate::body::candidate::Body;
use crate::finding::put_before;
use crate::report::cause::CauseCode;
use crate::search::ends::few_ends;
use crate::search::engine::{Pair, Search, Solved};
use crate::search::json::Json;
use crate::search::restyle::restyled;
use crate::search::rewrite::rewritten;

/// What is inside of a body in which one mistake was undone. It is looked for once.
pub(crate) struct Inner<'o> {
    outer: &'o Body<'o>,
    found: OnceCell<(Vec<Body<'o>>, Option<Json<'o>>)>,
}

impl<'o> Inner<'o> {
    pub(crate) const fn new(outer: &'o Body<'o>) -> Self {
        Self { outer, found: OnceCell::new() }
    }
}

/// Tries the second mistakes inside of a body in which one was undone.
pub(crate) fn inside(search: &mut Search<'_>, pairs: &[Pair], inner: &Inner<'_>) -> Option<Solved> {
    if inner.found.get().is_none() {
        let found = second(search, inner.outer);
        inner.found.get_or_init(|| found);
    }
    let (bodies, json) = inner.found.get()?;
    let outer = &inner.outer.findings;
    search.bodies(pairs, bodies, &few_ends()).or_else(|| {
        restyled(search, pairs, json.as_ref(), outer).or_else(|| rewritten(search, pairs, json.as_ref(), outer))
    })
}

/// The bodies in which a second mistake is undone, and the JSON inside.
fn second<'o>(search: &mut Search<'_>, outer: &'o Body<'o>) -> (Vec<Body<'o>>, Option<Json<'o>>) {
    let code = outer.findings.first().map(|finding| finding.code);
    let (mut inner, _) = undo(search, &outer.bytes);
    inner.retain(|body| {
        let other = body.findings.first().map(|finding| finding.code);
        let opposite = (code, other) == (Some(CauseCode::BodyBomAdded), Some(CauseCode::BodyBomLost));
        !opposite && (other != code || is_nested(code))
    });
    for body in &mut inner {
        put_before(&mut body.findings, &outer.findings);
    }
    (inner, read_json(search, &outer.bytes))
}

/// The bodies in which one mistake is undone, and the mistakes that the budget did not allow to look for.
pub(crate) fn undo<'h>(search: &mut Search<'_>, bytes: &'h [u8]) -> (Vec<Body<'h>>, Vec<CauseCode>) {
    let (told, limits) = (search.told, search.work.limits);
    let (undone, refused) = body::undo::undo(bytes, told, limits, |cost| search.charge(cost));
    // How long a decompressed body is, is known only after decompressing it.
    let longest = undone.iter().map(|body| body.bytes.len()).max().unwrap_or_default();
    search.work.spend(longest.saturating_sub(bytes.len()));
    (undone, refused)
}

/// The body as JSON, if it is that and the budget allows to read it.
pub(crate) fn read_json<'h>(search: &mut Search<'_>, bytes: &'h [u8]) -> Option<Json<'h>> {
    let limits = search.work.limits;
    if bytes.len() <= limits.json && !search.charge(bytes.len() * READ_COST) {
        return None;
    }
    Json::read(bytes, limits)
}

/// The cost of reading a byte of JSON.
const READ_COST: usize = 2;

/// Whether a program can make this mistake twice, so that undoing it once is not enough.
const fn is_nested(code: Option<CauseCode>) -> bool {
    matches!(
        code,
        Some(CauseCode::BodyDoubleEncoded | CauseCode::BodyBase64 | CauseCode::BodyCompressed | CauseCode::BodyCharset)
    )
}
