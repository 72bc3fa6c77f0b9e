//! What a piece of the signature header may be: a signature in hex or base64, whole, cut, joined, or encoded twice.

use alloc::vec::Vec;

use countersign_core::internal::crypto;
use countersign_core::{Algorithm, Encoding, Scheme};

use crate::decode;
use crate::finding::Finding;
use crate::headers::form::{Compare, Form, SHORTEST_PART, encoding_name};
use crate::headers::pieces::SignaturePiece;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// Every way to read this piece as a signature of this algorithm.
pub(crate) fn readings(scheme: &Scheme, algorithm: Algorithm, piece: &SignaturePiece<'_>) -> Vec<Form> {
    let expected = scheme.prefix_of(algorithm).unwrap_or(&scheme.signature.prefix);
    let fits = piece.prefix == expected || (piece.prefix.is_empty() && scheme.signature.prefix_optional);
    let base = if fits { None } else { Some(prefix_finding(scheme, expected, &piece.prefix)) };
    let length = algorithm.signature_len();
    let mut list = List { encoding: scheme.signature.encoding, algorithm, length, base, forms: Vec::new() };
    let text = core::str::from_utf8(piece.text).unwrap_or_default();
    list.hex(text);
    list.base64(piece.text, text.trim_end_matches('='));
    list.forms
}

/// The readings so far.
struct List {
    encoding: Encoding,
    algorithm: Algorithm,
    /// How long a whole signature is.
    length: usize,
    /// The mistake in the prefix.
    base: Option<Finding>,
    forms: Vec<Form>,
}

impl List {
    fn push(&mut self, bytes: Vec<u8>, compare: Compare, more: Option<Finding>) {
        let findings = self.base.iter().cloned().chain(more).collect();
        self.forms.push(Form { algorithm: self.algorithm, bytes, compare, findings });
    }

    /// The mistake that the signature is in another encoding than the scheme's.
    fn other(&self, found: &str) -> Option<Finding> {
        let evidence = facts! { "found": found, "expected": encoding_name(self.encoding) };
        Some(Finding::new(CauseCode::SignatureEncoding, evidence))
    }

    fn hex(&mut self, text: &str) {
        let Some(bytes) = crypto::hex(text.get(..text.len() & !1).unwrap_or_default()) else { return };
        let found = if self.encoding == Encoding::Base64 { self.other("hex") } else { None };
        let length = self.length;
        match bytes.len() {
            len if len == length && text.len() == length * 2 => self.push(bytes.to_vec(), Compare::Whole, found),
            len if len == length * 2 => {
                let (first, second) = bytes.split_at_checked(length).unwrap_or_default();
                let evidence = facts! { "values": "joined without anything between" };
                let joined = Finding::new(CauseCode::HeaderConflict, evidence);
                self.push(first.into(), Compare::Whole, Some(joined.clone()));
                self.push(second.into(), Compare::Whole, Some(joined));
            }
            _ => self.cut(bytes.to_vec(), found),
        }
    }

    /// `bare` is the text without padding; empty where it is not UTF-8.
    fn base64(&mut self, text: &[u8], bare: &str) {
        let length = self.length;
        let url_safe = text.iter().any(|b| b"-_".contains(b));
        let found = match (url_safe, self.encoding != Encoding::Hex) {
            (true, _) => self.other("URL-safe base64"),
            (false, false) => self.other("base64"),
            (false, true) => None,
        };
        if let Some(bytes) = decode::base64(text) {
            if bytes.len() == length {
                self.push(bytes, Compare::Whole, found.clone());
            } else if bytes.len() == length * 2
                && let Some(inner) = core::str::from_utf8(&bytes).ok().and_then(crypto::hex)
            {
                self.push(inner.to_vec(), Compare::Whole, self.other("base64 of hex"));
            } else if let Some(inner) = decode::base64(&bytes).filter(|inner| inner.len() == length) {
                self.push(inner, Compare::Whole, self.other("base64 of base64"));
            }
        }
        // It may be cut anywhere: whole groups of four characters are whole bytes.
        if let Some(bytes) = bare.get(..bare.len() & !3).and_then(|text| decode::base64(text.as_bytes()))
            && bytes.len() + 1 < length
        {
            self.cut(bytes, found);
        }
        let one_case = !bare.bytes().any(|b| b.is_ascii_lowercase()) || !bare.bytes().any(|b| b.is_ascii_uppercase());
        if one_case && bare.len() == (length * 4).div_ceil(3) {
            let bytes = bare.to_ascii_lowercase().into_bytes();
            self.push(bytes, Compare::AnyCase, self.other("base64 in one letter case"));
        }
    }

    /// A signature without its end, or without its beginning.
    fn cut(&mut self, bytes: Vec<u8>, found: Option<Finding>) {
        let (left, length) = (bytes.len(), self.length);
        // Nothing tells a signature that is cut and in another encoding from a shorter signature.
        if left < SHORTEST_PART || left >= length || found.is_some() {
            return;
        }
        let finding = |lost| {
            let evidence = facts! { "bytes": left, "expected_bytes": length, "lost": lost };
            Some(Finding::new(CauseCode::SignatureTruncated, evidence))
        };
        self.push(bytes.clone(), Compare::Beginning, finding("the end"));
        self.push(bytes, Compare::End, finding("the beginning"));
    }
}

/// The mistake that something else stands before the signature than the provider writes there.
pub(crate) fn prefix_finding(scheme: &Scheme, expected: &str, found: &str) -> Finding {
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
