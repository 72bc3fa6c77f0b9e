//! With which schemes the search goes, and in which order: the provider's own, its other dialects, other providers'.

use alloc::vec::Vec;

use countersign_core::internal::Preset;
use countersign_core::{Code, Delivery, Scheme, Webhook};

use crate::case::{Case, Outcome, other_provider};
use crate::finding::{Finding, put_before};
use crate::headers::said::Said;
use crate::headers::signatures::forms;
use crate::headers::values::Values;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::search::engine::{Search, Solved, Work};
use crate::search::stages;
use crate::{clock, content, habits, replaced_time, secret};

/// The mistakes whose undoing makes the signature right.
pub(crate) fn solve(case: &Case<'_>, scheme: &Scheme, outcome: &Outcome, work: &mut Work) -> Option<Solved> {
    if let Outcome::Refused(error) = outcome
        && matches!(error.code(), Code::TimestampTooOld | Code::TimestampTooNew)
    {
        let finding = clock::finding(scheme, case.delivery, error.signed_at()?, case.now)?;
        return Some(Solved { key: "".into(), time: error.signed_at(), findings: alloc::vec![finding] });
    }
    let others = case.other_providers(scheme);
    let own_header = case.delivery.values(&scheme.signature.header).next().is_some();
    // A delivery that verifies for another provider, or without our own header, is most probably another provider's.
    // Otherwise that is the least probable cause.
    let probable = others.iter().filter(|(_, other)| !own_header || case.verifies(other));
    for (preset, other) in probable {
        if let Some(solved) = search(case, other, Some(preset), &[other_provider(preset, true)], work) {
            return Some(solved);
        }
    }
    if !own_header && let Some(solved) = other_dialects(case, scheme, work) {
        return Some(solved);
    }
    if let Some(solved) = search(case, scheme, case.preset, &[], work) {
        return Some(solved);
    }
    if own_header {
        for (preset, other) in &others {
            // That the delivery is another provider's and has a mistake besides is hardly ever so: little is tried.
            let limits = work.limits;
            let mut few = Work { left: work.left.min(limits.work / 8), ..Work::of(limits) };
            let solved = search(case, other, Some(preset), &[other_provider(preset, true)], &mut few);
            work.spend(few.done);
            if solved.is_some() {
                return solved;
            }
        }
    }
    None
}

/// The provider's other ways of signing, where the delivery has their header.
fn other_dialects(case: &Case<'_>, scheme: &Scheme, work: &mut Work) -> Option<Solved> {
    for dialect in case.preset?.dialects {
        let other = dialect.scheme();
        let header = &other.signature.header;
        if case.delivery.values(header).next().is_some() {
            let evidence = facts! {
                "header": scheme.signature.header.as_ref(), "found_as": header.as_ref(), "dialect": dialect.name,
            };
            let base = [Finding::new(CauseCode::HeaderMissing, evidence)];
            if let Some(solved) = search(case, &other, case.preset, &base, work) {
                return Some(solved);
            }
        }
    }
    None
}

/// Searches with one scheme. `base` is the mistake of verifying with another one: what is found comes on top of it.
fn search(
    case: &Case<'_>,
    scheme: &Scheme,
    preset: Option<&'static Preset>,
    base: &[Finding],
    work: &mut Work,
) -> Option<Solved> {
    // For another provider the caller has no secret of that provider's, so that its own need not begin as those do.
    let is_asked = |start: &&str| base.is_empty() || !start.is_empty();
    let wrong_kinds: Vec<&str> = preset
        .map(|preset| preset.wrong_kinds.iter().map(|(start, _)| *start).filter(is_asked).collect())
        .unwrap_or_default();
    let keys = secret::keys::candidates(scheme, case.secrets.secrets(), &wrong_kinds, case.now);
    let dialects: Vec<(&str, Scheme)> = preset
        .map(|preset| preset.dialects.iter().map(|dialect| (dialect.name, dialect.scheme())).collect())
        .unwrap_or_default();
    let signatures = Values::of(case.delivery, &scheme.signature.header);
    // What verifying says about the headers does not depend on the body.
    let headers = Delivery::from_pairs(case.delivery.pairs().collect(), b"");
    let strict = Webhook::new(alloc::vec![scheme.clone()], &case.secrets, &wrong_kinds)
        .ok()
        .and_then(|webhook| webhook.check(&headers, case.now).err())
        .filter(|error| error.header_name() == Some(&scheme.signature.header))
        .map(|error| error.code());
    let mut forms = forms(scheme, &signatures, strict);
    if !base.is_empty() {
        // Another provider's header that is broken as well would be a guess.
        forms.retain(|form| form.findings.is_empty());
    }
    if forms.is_empty() || keys.is_empty() {
        return None;
    }
    work.begun = true;
    let said = Said::read(scheme, case.delivery, &signatures);
    let mut contents = content::candidates(scheme, &said, case.delivery, &dialects);
    if !base.is_empty() {
        contents.retain(|content| content.first);
    }
    let near = || replaced_time::near(scheme, &said, case.delivery, &case.body_times(), case.now);
    let mut search = Search::new(&keys, &contents, &forms, case.told(), habits::of(preset), work);
    let mut solved = stages::run(&mut search, case.delivery.body(), &near)?;
    put_before(&mut solved.findings, base);
    add_time(case, scheme, &said, &mut solved);
    Some(solved)
}

/// Time is judged last: an unsigned timestamp that nobody can read, and a clock that is wrong, are mistakes of their own.
fn add_time(case: &Case<'_>, scheme: &Scheme, said: &Said, solved: &mut Solved) {
    if !scheme.signs_timestamp() {
        let unsigned = said.timestamps.first();
        solved.time = unsigned.and_then(|text| text.time);
        solved.findings.extend(unsigned.iter().flat_map(|text| text.findings.iter().cloned()));
    }
    if let Some(time) = solved.time {
        solved.findings.extend(clock::finding(scheme, case.delivery, time, case.now));
    }
    let mut seen = Vec::new();
    solved.findings.retain(|finding| {
        let new = !seen.contains(&finding.code);
        seen.push(finding.code);
        new
    });
}
