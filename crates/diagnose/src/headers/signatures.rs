//! Every way to read a signature out of its header.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{SignatureBytes, crypto};
use countersign_core::{Algorithm, Code, Encoding, Scheme};

use crate::decode;
use crate::finding::Finding;
use crate::headers::values::Values;
use crate::rank::by_rank;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// How a received signature is compared with a computed one.
enum Compare {
    Whole,
    /// What is left of it, at least eight bytes.
    Beginning,
    End,
    /// Base64 text that lost its letter case.
    AnyCase,
}

/// One way to read a signature out of a header.
pub(crate) struct Form {
    pub(crate) algorithm: Algorithm,
    bytes: Vec<u8>,
    compare: Compare,
    pub(crate) findings: Vec<Finding>,
}

impl Form {
    pub(crate) fn matches(&self, mac: &SignatureBytes) -> bool {
        let mac = mac.as_slice();
        let cut = mac.len().saturating_sub(self.bytes.len());
        let part = match self.compare {
            Compare::Whole => mac,
            Compare::Beginning => mac.get(..self.bytes.len()).unwrap_or_default(),
            Compare::End => mac.get(cut..).unwrap_or_default(),
            Compare::AnyCase => {
                let text = crypto::to_base64(mac).to_ascii_lowercase();
                return crypto::same(text.trim_end_matches('=').as_bytes(), &self.bytes);
            }
        };
        // Thousands are compared: eight bytes at once rule out nearly all, and the time tells nothing about single ones.
        part.first_chunk::<8>() == self.bytes.first_chunk() && crypto::same(part, &self.bytes)
    }

    /// For Ed25519, which computes no signature to compare with.
    pub(crate) fn whole(&self) -> Option<SignatureBytes> {
        matches!(self.compare, Compare::Whole).then(|| SignatureBytes::from(self.bytes.as_slice()))
    }
}

/// The shortest part of a signature that proves the rest, in bytes.
const SHORTEST_PART: usize = 8;

/// So many readings are tried; comparing costs next to nothing, but a header can hold thousands.
const MOST_FORMS: usize = 128;

/// Every reading of the signature header, those without a mistake first. `strict` is what the policy says about it.
pub(crate) fn forms(scheme: &Scheme, signatures: &Values<'_>, strict: Option<Code>) -> Vec<Form> {
    let mut forms = Vec::new();
    let conflict = strict == Some(Code::HeaderConflict) || signatures.values.len() > 1;
    let in_list = scheme.timestamp.as_ref().is_some_and(|source| source.header.is_empty());
    for (at, value) in signatures.values.iter().enumerate() {
        for (text, finding) in spellings(scheme, value) {
            for (number, piece) in pieces(&text).into_iter().enumerate() {
                for algorithm in
                    [Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519]
                {
                    let before = forms.len();
                    readings(scheme, algorithm, &piece, &mut forms);
                    for form in forms.iter_mut().skip(before) {
                        form.findings.extend(finding.clone());
                        form.findings.extend(signatures.findings.iter().cloned());
                        let malformed = strict == Some(Code::HeaderMalformed) && algorithm == scheme.algorithm;
                        if malformed && !in_list && form.findings.is_empty() {
                            form.findings.push(prefix_finding(scheme, &scheme.signature.prefix, "other text"));
                        }
                        // A sign that was lost takes one value apart.
                        let lost_sign = finding.is_some() && signatures.values.len() == 1;
                        if conflict && !lost_sign {
                            let (count, right) = match signatures.values.len() {
                                1 => ("joined into one", number + 1),
                                _ => ("several headers", at + 1),
                            };
                            let evidence =
                                facts! { "header": scheme.signature.header.as_ref(), "values": count, "right": right };
                            form.findings.push(Finding::new(CauseCode::HeaderConflict, evidence));
                        }
                    }
                }
            }
        }
    }
    let rank = |form: &Form| form.findings.len() * 2 + usize::from(!matches!(form.compare, Compare::Whole));
    let mut forms = by_rank(forms.into_iter().map(|form| (rank(&form), form)).collect());
    forms.truncate(MOST_FORMS);
    forms
}

/// The header's value, and what it is when a program has quoted or escaped it.
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

pub(crate) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::HexOrBase64 => "hex or base64",
        _ => "another encoding",
    }
}

/// A part of the header that may be a signature, and what stands before it.
pub(crate) struct SignaturePiece<'v> {
    pub(crate) prefix: String,
    pub(crate) text: &'v [u8],
}

/// Takes a header apart whatever its form: `v1=…`, `v1,…`, `t=…,v1=…`, lists of these.
pub(crate) fn pieces(value: &[u8]) -> Vec<SignaturePiece<'_>> {
    let mut found = Vec::new();
    for chunk in value.split(|b| b"; \t\r\n".contains(b)) {
        let mut before = String::new();
        for item in chunk.split(|b| *b == b',') {
            let mut text = item;
            let mut names = String::new();
            while let Some(at) = text.iter().position(|b| *b == b'=') {
                let (name, rest) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
                let is_name = at > 0
                    && at <= LONGEST_NAME
                    && name.iter().take(at).all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b));
                if !is_name || rest.iter().all(|b| *b == b'=') {
                    break;
                }
                names.push_str(&String::from_utf8_lossy(name));
                text = rest;
            }
            if text.len() >= SHORTEST_SIGNATURE {
                found.push(SignaturePiece { prefix: [before.as_str(), &names].concat(), text });
                before.clear();
            } else if names.is_empty() && !text.is_empty() && text.len() <= LONGEST_NAME {
                before.push_str(&String::from_utf8_lossy(text));
                before.push(',');
            } else {
                before.clear();
            }
        }
    }
    found
}

/// `sha256`, `signature`, ….
const LONGEST_NAME: usize = 10;

/// Eight bytes in base64 without padding.
const SHORTEST_SIGNATURE: usize = 11;

fn readings(scheme: &Scheme, algorithm: Algorithm, piece: &SignaturePiece<'_>, forms: &mut Vec<Form>) {
    let expected_prefix = scheme.prefix_of(algorithm).unwrap_or(&scheme.signature.prefix);
    let prefix_fits = piece.prefix == expected_prefix || (piece.prefix.is_empty() && scheme.signature.prefix_optional);
    let mut findings = Vec::new();
    if !prefix_fits {
        findings.push(prefix_finding(scheme, expected_prefix, &piece.prefix));
    }
    let length = algorithm.signature_len();
    let expected = encoding_name(scheme.signature.encoding);
    let mut push = |bytes: Vec<u8>, compare, more: Option<Finding>| {
        let mut findings = findings.clone();
        findings.extend(more);
        forms.push(Form { algorithm, bytes, compare, findings });
    };
    let other =
        |found: &str| Some(Finding::new(CauseCode::SignatureEncoding, facts! { "found": found, "expected": expected }));
    let text = piece.text;
    let plain = core::str::from_utf8(text).unwrap_or_default();
    let hex = crypto::hex(plain.get(..plain.len() & !1).unwrap_or_default()).map(|bytes| bytes.to_vec());
    if let Some(bytes) = hex {
        let is_hex = scheme.signature.encoding != Encoding::Base64;
        let found = if is_hex { None } else { other("hex") };
        match bytes.len() {
            len if len == length && plain.len() == length * 2 => push(bytes, Compare::Whole, found),
            len if len == length * 2 => {
                let (first, second) = bytes.split_at_checked(length).unwrap_or_default();
                let joined = || {
                    Some(Finding::new(
                        CauseCode::HeaderConflict,
                        facts! { "values": "joined without anything between" },
                    ))
                };
                push(first.into(), Compare::Whole, joined());
                push(second.into(), Compare::Whole, joined());
            }
            len => cut(bytes, len, length, found, &mut push),
        }
    }
    let standard: Option<Vec<u8>> = decode::base64(text);
    let url_safe = text.iter().any(|b| b"-_".contains(b));
    let is_base64 = scheme.signature.encoding != Encoding::Hex;
    let found = match (url_safe, is_base64) {
        (true, _) => other("URL-safe base64"),
        (false, false) => other("base64"),
        (false, true) => None,
    };
    if let Some(bytes) = standard {
        if bytes.len() == length {
            push(bytes, Compare::Whole, found.clone());
        } else if bytes.len() == length * 2
            && let Some(inner) = core::str::from_utf8(&bytes).ok().and_then(crypto::hex)
        {
            push(inner.to_vec(), Compare::Whole, other("base64 of hex"));
        } else if let Some(inner) = decode::base64(&bytes).filter(|inner| inner.len() == length) {
            push(inner, Compare::Whole, other("base64 of base64"));
        }
    }
    // Cut anywhere: whole groups of four characters are whole bytes.
    let bare = plain.trim_end_matches('=');
    if let Some(bytes) = bare.get(..bare.len() & !3).and_then(|text| decode::base64(text.as_bytes())) {
        let len = bytes.len();
        if len + 1 < length {
            cut(bytes, len, length, found, &mut push);
        }
    }
    let one_case = !bare.bytes().any(|b| b.is_ascii_lowercase()) || !bare.bytes().any(|b| b.is_ascii_uppercase());
    if one_case && bare.len() == (length * 4).div_ceil(3) {
        push(bare.to_ascii_lowercase().into_bytes(), Compare::AnyCase, other("base64 in one letter case"));
    }
}

fn cut(
    bytes: Vec<u8>,
    len: usize,
    length: usize,
    found: Option<Finding>,
    push: &mut impl FnMut(Vec<u8>, Compare, Option<Finding>),
) {
    // A signature in another encoding and cut as well is not told apart from a shorter one.
    if len < SHORTEST_PART || len >= length || found.is_some() {
        return;
    }
    let finding = |lost| {
        Finding::new(CauseCode::SignatureTruncated, facts! { "bytes": len, "expected_bytes": length, "lost": lost })
    };
    push(bytes.clone(), Compare::Beginning, Some(finding("the end")));
    push(bytes, Compare::End, Some(finding("the beginning")));
}

fn prefix_finding(scheme: &Scheme, expected: &str, found: &str) -> Finding {
    let shown = match found {
        "" => "nothing".into(),
        twice if !expected.is_empty() && twice == [expected, expected].concat() => [expected, " twice"].concat(),
        short if short.len() <= 24 => short.into(),
        _ => "other text".into(),
    };
    let expected = if expected.is_empty() { "nothing" } else { expected };
    Finding::new(
        CauseCode::HeaderPrefix,
        facts! { "header": scheme.signature.header.as_ref(), "found": shown, "expected": expected },
    )
}
