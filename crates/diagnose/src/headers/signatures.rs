//! Every way to read a signature out of its header.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use countersign_core::{Algorithm, Code, Encoding, Scheme};

use crate::decode;
use crate::finding::Finding;
use crate::headers::form::{Compare, Form, SHORTEST_PART, encoding_name};
use crate::headers::pieces::pieces;
use crate::headers::readings::{prefix_finding, readings};
use crate::headers::values::Values;
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// So many readings are tried. To compare costs next to nothing, but a header can hold thousands.
const MOST_FORMS: usize = 128;

/// Every reading of the signature header, those without a mistake first. `strict` is the code with which verifying refuses
/// the header.
pub(crate) fn forms(scheme: &Scheme, signatures: &Values<'_>, strict: Option<Code>) -> Vec<Form> {
    let mut forms = Vec::new();
    let several = signatures.values.len() > 1;
    let conflict = strict == Some(Code::HeaderConflict) || several;
    let in_list = scheme.timestamp.as_ref().is_some_and(|source| source.header.is_empty());
    let malformed = strict == Some(Code::HeaderMalformed) && !in_list;
    for (at, value) in signatures.values.iter().enumerate() {
        for (text, finding) in spellings(scheme, value) {
            // A character that a program has changed can make two values of one.
            let is_conflict = conflict && (finding.is_none() || several);
            for (number, piece) in pieces(&text).into_iter().enumerate() {
                for algorithm in ALGORITHMS {
                    for mut form in readings(scheme, *algorithm, &piece) {
                        form.findings.extend(finding.clone());
                        form.findings.extend(signatures.findings.iter().cloned());
                        if malformed && *algorithm == scheme.algorithm && form.findings.is_empty() {
                            form.findings.push(prefix_finding(scheme, &scheme.signature.prefix, "other text"));
                        }
                        if is_conflict {
                            let (values, right) =
                                if several { ("several headers", at + 1) } else { ("joined into one", number + 1) };
                            let header = scheme.signature.header.as_ref();
                            let evidence = facts! { "header": header, "values": values, "right": right };
                            form.findings.push(Finding::new(CauseCode::HeaderConflict, evidence));
                        }
                        forms.push(form);
                    }
                }
            }
        }
    }
    let rank = |form: &Form| form.findings.len() * 2 + usize::from(form.compare != Compare::Whole);
    let mut forms = by_rank(forms.into_iter().map(|form| (rank(&form), form)).collect());
    forms.truncate(MOST_FORMS);
    forms
}

const ALGORITHMS: &[Algorithm] =
    &[Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519];

/// The header's value, and what it was before a program quoted or escaped it, with the mistake.
fn spellings<'v>(scheme: &Scheme, value: &'v [u8]) -> Vec<(Cow<'v, [u8]>, Option<Finding>)> {
    let expected = encoding_name(scheme.signature.encoding);
    let finding =
        |found: &str| Some(Finding::new(CauseCode::SignatureEncoding, facts! { "found": found, "expected": expected }));
    let mut all = alloc::vec![(Cow::Borrowed(value), None)];
    let trimmed = value.trim_ascii();
    if let [first @ (b'"' | b'\'' | b'['), inner @ .., _] = trimmed
        && trimmed.len() > 2
    {
        let found = if *first == b'[' { "a list in brackets" } else { "quoted" };
        let inner: Vec<u8> = inner.iter().copied().filter(|b| !b"\"'".contains(b)).collect();
        all.push((Cow::Owned(inner), finding(found)));
    }
    if scheme.signature.encoding != Encoding::Base64 {
        let colons = value.iter().filter(|b| **b == b':').count() > SHORTEST_PART;
        let hex = value.windows(2).any(|pair| pair == b"0x" || pair == b"0X");
        let mut bare = Vec::with_capacity(value.len());
        for (at, byte) in value.iter().enumerate() {
            let mark = *byte == b'0' && value.get(at + 1).is_some_and(|next| matches!(next, b'x' | b'X'));
            if !(colons && *byte == b':' || hex && (mark || matches!(byte, b'x' | b'X'))) {
                bare.push(*byte);
            }
        }
        if colons || hex {
            all.push((Cow::Owned(bare), finding(if hex { "0x before it" } else { "colons between the bytes" })));
        }
    }
    if value.contains(&b'%')
        && let Some(decoded) = decode::percent(value, false)
    {
        all.push((Cow::Owned(decoded), finding("percent-encoded")));
    }
    if value.contains(&b' ') && scheme.signature.encoding != Encoding::Hex {
        let plus = value.iter().map(|b| if *b == b' ' { b'+' } else { *b }).collect();
        all.push((Cow::Owned(plus), finding("spaces where + was")));
    }
    all
}
