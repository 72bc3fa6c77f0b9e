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

/// So many times a body is read to look for its mistakes.
const UNDO_COST: usize = 4;

/// What is inside of a body in which one mistake was undone. It is looked for once.
pub(crate) struct Inner<'o> {
    outer: &'o Body<'static>,
    found: OnceCell<(Vec<Body<'static>>, Option<Json<'o>>)>,
}

impl<'o> Inner<'o> {
    pub(crate) const fn new(outer: &'o Body<'static>) -> Self {
        Self { outer, found: OnceCell::new() }
    }
}

/// Tries the second mistakes inside of a body in which one was undone.
pub(crate) fn inside(search: &mut Search<'_>, pairs: &[Pair], inner: &Inner<'_>) -> Option<Solved> {
    if inner.found.get().is_none() {
        let found = second(search, inner.outer)?;
        inner.found.get_or_init(|| found);
    }
    let (bodies, json) = inner.found.get()?;
    let outer = &inner.outer.findings;
    search.bodies(pairs, bodies, &few_ends()).or_else(|| {
        restyled(search, pairs, json.as_ref(), outer).or_else(|| rewritten(search, pairs, json.as_ref(), outer))
    })
}

/// The bodies in which a second mistake is undone, and the JSON inside; `None` where the budget does not allow to look.
fn second<'o>(search: &mut Search<'_>, outer: &'o Body<'_>) -> Option<(Vec<Body<'static>>, Option<Json<'o>>)> {
    let code = outer.findings.first().map(|finding| finding.code);
    let mut inner = undo(search, &outer.bytes)?;
    inner.retain(|body| {
        let other = body.findings.first().map(|finding| finding.code);
        let opposite = (code, other) == (Some(CauseCode::BodyBomAdded), Some(CauseCode::BodyBomLost));
        !opposite && (other != code || is_nested(code))
    });
    for body in &mut inner {
        put_before(&mut body.findings, &outer.findings);
    }
    Some((inner, Json::read(&outer.bytes)))
}

/// The bodies in which one mistake is undone; `None` where the budget does not allow to look.
pub(crate) fn undo(search: &mut Search<'_>, bytes: &[u8]) -> Option<Vec<Body<'static>>> {
    let cost = bytes.len() * UNDO_COST;
    if !search.charge(cost) {
        return None;
    }
    let undone = body::undo::undo(bytes, search.told);
    // How long a decompressed body is, is known only after decompressing it.
    let longest = undone.iter().map(|body| body.bytes.len()).max().unwrap_or_default();
    search.spend(longest.saturating_sub(cost));
    Some(undone)
}

/// Whether a program can make this mistake twice, so that undoing it once is not enough.
const fn is_nested(code: Option<CauseCode>) -> bool {
    matches!(
        code,
        Some(CauseCode::BodyDoubleEncoded | CauseCode::BodyBase64 | CauseCode::BodyCompressed | CauseCode::BodyCharset)
    )
}
