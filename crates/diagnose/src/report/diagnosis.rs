//! A diagnosis, as data: what each step of verification saw, and the mistakes that were found.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;
use crate::report::frameworks::Framework;

/// Why a delivery was refused: what each step of verification saw, and the causes as far as they can be proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// The sender's name, or `custom`.
    pub provider: &'static str,
    /// `valid`, the code that verifying gives, or `scheme_invalid`.
    pub code: &'static str,
    /// The result in one or two sentences.
    pub summary: String,
    /// The steps of verification, in their order.
    pub steps: Vec<Step>,
    /// The mistakes, in the order to undo them. Empty where the delivery is valid or the cause unknown.
    pub causes: Vec<Cause>,
    /// The mistakes that were looked for and are not it, in the forms that the table knows.
    pub ruled_out: Vec<CauseCode>,
    /// Whether everything in the table was tried. A body of many megabytes ends the search earlier.
    pub complete: bool,
    /// Bytes written and hashed, and what else takes as long: the bound on the work, for tests.
    #[doc(hidden)]
    #[serde(skip)]
    pub work: usize,
}

/// One step of verification.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// `secret`, `signature_header`, `timestamp`, `id`, `signed_content`, `signature` or `freshness`.
    pub name: &'static str,
    /// Whether it went well; `null` where it was not reached.
    pub ok: Option<bool>,
    /// What it saw.
    pub saw: Facts,
}

/// A mistake.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The stable code.
    pub code: CauseCode,
    /// What happened, as one sentence.
    pub message: &'static str,
    /// What to do about it, for the framework where one is named.
    pub fix: String,
    /// Whether undoing it (with the other causes of the list) makes the signature right. Otherwise it is certain from the
    /// form alone, and other mistakes may hide behind it.
    pub proven: bool,
    /// What shows it.
    pub evidence: Facts,
}

impl Cause {
    pub(crate) fn new(finding: Finding, proven: bool, framework: Option<Framework>) -> Self {
        let Finding { code, evidence } = finding;
        let mut fix = String::from(code.fix());
        if let Some(more) = framework.and_then(|framework| framework.fix(code.area())) {
            fix.push(' ');
            fix.push_str(&more);
        }
        Self { code, message: code.message(), fix, proven, evidence }
    }
}
