//! What is certain without proof: a header of the wrong form, an empty body or one without its end, a text that is no
//! secret.
//!
//! Rule: nothing here is a guess. What may have another explanation stays unknown.

use alloc::vec::Vec;

use countersign_core::{Code, Scheme};

use crate::case::{Case, Outcome};
use crate::certain_body;
use crate::certain_headers::{malformed, missing, time_with_commas, wrong_kind};
use crate::finding::{Finding, in_turn};
use crate::json::read::{Read, read};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::secret;

/// Every mistake that shows by itself, in the order in which to undo them.
pub(crate) fn certain(case: &Case<'_>, scheme: &Scheme, outcome: &Outcome) -> Vec<Finding> {
    let mut all = Vec::new();
    let secrets = case.secrets.secrets();
    match outcome {
        Outcome::BadSecret(error) => all.extend(secret::certain::certain(Some(*error), secrets)),
        _ => all.extend(secret::certain::certain(None, secrets)),
    }
    if let Outcome::Refused(error) = outcome {
        all.extend(refused(case, scheme, error.code(), error.header_name().unwrap_or_default()));
    }
    let has_secret = all.iter().all(|known| known.code != CauseCode::SecretEmpty);
    if let Some(finding) = wrong_kind(case, scheme).filter(|_| has_secret) {
        // Then the header is well-formed, for the other kind of key.
        all.retain(|known| ![CauseCode::HeaderPrefix, CauseCode::SecretWrongKind].contains(&known.code));
        all.push(finding);
    }
    all.extend(certain_body::certain(case));
    in_turn(all)
}

/// What a refusal that names a header says about it.
fn refused(case: &Case<'_>, scheme: &Scheme, code: Code, header: &str) -> Option<Finding> {
    match code {
        Code::HeaderMissing => Some(missing(case, scheme, header)),
        Code::HeaderConflict if !time_with_commas(case, scheme, header) => {
            Some(Finding::new(CauseCode::HeaderConflict, facts! { "header": header }))
        }
        Code::HeaderConflict | Code::HeaderMalformed => malformed(case, scheme, header),
        _ => None,
    }
}

/// The mistakes that stay possible although nothing shows them: they are not ruled out.
pub(crate) fn open(case: &Case<'_>, scheme: &Scheme) -> Vec<CauseCode> {
    let body = case.delivery.body();
    let mut open = Vec::from([CauseCode::BodyDecompressed, CauseCode::SecretWrongKind]);
    if scheme.signs_timestamp() {
        open.push(CauseCode::TimestampReplaced);
    }
    if !matches!(read(body, case.limits), Read::Complete(_)) || body.trim_ascii().len() < 3 {
        open.extend([CauseCode::BodyTruncated, CauseCode::BodyEmpty]);
    }
    // Without the length, nothing says that the body had another one.
    if case.content_length().is_none() {
        open.push(CauseCode::BodyLength);
    }
    if certain_body::lost_marks(body) > 0 {
        open.push(CauseCode::BodyCharset);
    }
    open
}
