//! Bytes that may have been signed, and the mistakes that made them what we hold.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::finding::Finding;
use crate::limits::Limits;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;

/// Bytes that may have been signed, and the mistakes that made them what we hold.
#[derive(Clone)]
pub(crate) struct Body<'a> {
    /// What stands before the bytes.
    pub(crate) lead: &'static [u8],
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) findings: Vec<Finding>,
    /// Whether other white space at its end would be a mistake of its own.
    pub(crate) exact_end: bool,
}

impl<'a> Body<'a> {
    /// These bytes, without a mistake.
    pub(crate) fn held(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { lead: b"", bytes: bytes.into(), findings: Vec::new(), exact_end: true }
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
pub(crate) struct List<'h> {
    pub(crate) found: Vec<Body<'h>>,
    pub(crate) limits: Limits,
    /// The bytes that candidates may still take.
    room: usize,
    /// The mistakes whose candidates took more.
    pub(crate) refused: Vec<CauseCode>,
}

impl<'h> List<'h> {
    pub(crate) const fn new(limits: Limits) -> Self {
        Self { found: Vec::new(), limits, room: limits.memory, refused: Vec::new() }
    }

    /// Whether a candidate of this length fits.
    pub(crate) const fn has_room(&self, length: usize) -> bool {
        length <= self.room
    }

    pub(crate) fn add(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts) {
        self.push(bytes, code, evidence, code != CauseCode::BodyReserialized);
    }

    pub(crate) fn push(&mut self, bytes: Vec<u8>, code: CauseCode, evidence: Facts, exact_end: bool) {
        match self.room.checked_sub(bytes.len()) {
            None => self.refused.push(code),
            Some(room) if self.found.iter().all(|known| *known.bytes != bytes) => {
                self.room = room;
                let findings = alloc::vec![Finding::new(code, evidence)];
                self.found.push(Body { findings, exact_end, ..Body::held(bytes) });
            }
            Some(_) => {}
        }
    }

    /// A part of the body as we hold it, with something before it.
    pub(crate) fn push_part(&mut self, lead: &'static [u8], part: &'h [u8], code: CauseCode, evidence: Facts) {
        let findings = alloc::vec![Finding::new(code, evidence)];
        self.found.push(Body { lead, findings, ..Body::held(part) });
    }
}
