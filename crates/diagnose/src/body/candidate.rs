//! Bytes that may have been signed, and the mistakes that made them what we hold.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;

/// Bytes that may have been signed, and the mistakes that made them what we hold.
#[derive(Clone)]
pub(crate) struct Body<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) findings: Vec<Finding>,
    /// Whether other white space at its end would be a mistake of its own.
    pub(crate) exact_end: bool,
}

impl<'a> Body<'a> {
    pub(crate) const fn held(bytes: &'a [u8]) -> Self {
        Self { bytes: Cow::Borrowed(bytes), findings: Vec::new(), exact_end: true }
    }
}

impl Body<'_> {
    /// Whether it was inside of another text, and so may have a second mistake of its own.
    pub(crate) fn opens(&self) -> bool {
        self.findings.first().is_some_and(|finding| match finding.code {
            CauseCode::BodyFormDecoded => finding.evidence.get("signed").is_some_and(|signed| signed == "JSON"),
            code => matches!(
                code,
                CauseCode::BodyBomAdded
                    | CauseCode::BodyCharset
                    | CauseCode::BodyDoubleEncoded
                    | CauseCode::BodyBase64
                    | CauseCode::BodyCompressed
                    | CauseCode::BodyReserialized
            ),
        })
    }
}

/// What the headers say about the body.
#[derive(Clone, Copy, Default)]
pub(crate) struct Told {
    pub(crate) is_form: bool,
    pub(crate) is_deflate: bool,
    /// How long the body was on the wire.
    pub(crate) length: Option<usize>,
}

/// The candidates that were found, each text once.
pub(crate) struct List(pub(crate) Vec<Body<'static>>);

impl List {
    pub(crate) fn add(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts) {
        self.push(bytes, code, evidence, code != CauseCode::BodyReserialized);
    }

    pub(crate) fn push(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts, exact_end: bool) {
        if self.0.iter().all(|known| *known.bytes != bytes) {
            self.0.push(Body { bytes: bytes.into(), findings: alloc::vec![Finding::new(code, evidence)], exact_end });
        }
    }
}
