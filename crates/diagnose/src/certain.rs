//! What is certain without proof: a refusal by form, an empty or cut body, a secret that is none.
//!
//! Rules: nothing here is a guess. What may have another explanation is left unknown.

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

pub(crate) fn certain(case: &Case<'_>, scheme: &Scheme, outcome: &Outcome) -> Vec<Finding> {
    let mut all = Vec::new();
    let error = match outcome {
        Outcome::BadSecret(error) => Some(*error),
        _ => None,
    };
    all.extend(secret::certain(error, case.secrets.secrets()));
    if let Outcome::Refused(error) = outcome {
        match error.code() {
            Code::HeaderMissing => all.push(missing(case, scheme, error.header_name().unwrap_or_default())),
            // A time with commas in it is no list.
            Code::HeaderConflict if time_with_commas(case, scheme, error.header_name().unwrap_or_default()) => {
                all.extend(malformed(case, scheme, error.header_name().unwrap_or_default()));
            }
            Code::HeaderConflict => {
                all.push(Finding::new(
                    CauseCode::HeaderConflict,
                    facts! { "header": error.header_name().unwrap_or_default() },
                ));
            }
            Code::HeaderMalformed => all.extend(malformed(case, scheme, error.header_name().unwrap_or_default())),
            _ => {}
        }
    }
    if let Some(finding) =
        wrong_kind(case, scheme).filter(|_| all.iter().all(|known| known.code != CauseCode::SecretEmpty))
    {
        // The header is well-formed then, for another kind of key.
        all.retain(|known| ![CauseCode::HeaderPrefix, CauseCode::SecretWrongKind].contains(&known.code));
        all.push(finding);
    }
    all.extend(certain_body::certain(case, scheme));
    in_turn(all)
}

/// What stays possible although nothing shows it.
pub(crate) fn open(case: &Case<'_>, scheme: &Scheme, complete: bool) -> Vec<CauseCode> {
    let body = case.delivery.body();
    let mut open = Vec::from([CauseCode::BodyDecompressed, CauseCode::SecretWrongKind]);
    if scheme.signs_timestamp() {
        open.push(CauseCode::TimestampReplaced);
    }
    if !matches!(read(body), Read::Complete(_)) || body.trim_ascii().len() < 3 {
        open.extend([CauseCode::BodyTruncated, CauseCode::BodyEmpty]);
    }
    if body.windows(3).any(|window| window == "\u{fffd}".as_bytes()) {
        open.push(CauseCode::BodyCharset);
    }
    if !complete {
        open.extend([CauseCode::BodyReserialized, CauseCode::BodyUnicodeEscapes, CauseCode::BodyCharset]);
    }
    open
}
