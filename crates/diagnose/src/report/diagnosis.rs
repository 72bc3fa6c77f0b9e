//! A diagnosis, as data: what each step of verification saw, and the mistakes that were found.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use core::fmt;

use countersign_core::Code;
use serde::{Serialize, Serializer};

use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::Facts;
use crate::report::frameworks::Framework;
use crate::report::untried::Untried;

/// Why a delivery was refused: what each step of verification saw, and the causes as far as they can be proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// The provider's name; of a scheme of your own its name, or `custom`.
    pub provider: Cow<'static, str>,
    /// What verifying says about the delivery.
    pub code: Verdict,
    /// The result in one or two sentences.
    pub summary: String,
    /// The steps of verification, in their order.
    pub steps: Vec<Step>,
    /// The mistakes, in the order to undo them. Empty where the cause is unknown. Where the delivery is valid, what is
    /// to be known about its body, if anything is.
    pub causes: Vec<Cause>,
    /// What to look at where no mistake is proven, the most probable first, as sentences.
    pub hints: Vec<&'static str>,
    /// The mistakes that were looked for and are not the cause, in the forms that are known here.
    pub ruled_out: Vec<CauseCode>,
    /// What was not tried, so that it is not ruled out. Empty where a cause is proven.
    pub untried: Vec<Untried>,
    /// Whether every known mistake was undone by itself. In a large body the search ends earlier: `untried` says what is
    /// left out.
    pub complete: bool,
    /// The bytes that were written and hashed, and other work as bytes: what the bound counts, for tests.
    #[doc(hidden)]
    #[serde(skip)]
    pub work: usize,
}

/// What verifying says about a delivery. In its text form it is one word, the same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The delivery is authentic and fresh: `valid`.
    Valid,
    /// The scheme contradicts itself, so that nothing could be verified: `scheme_invalid`.
    SchemeInvalid,
    /// The delivery, or the secret, is refused with this code.
    Refused(Code),
}

impl Verdict {
    /// The stable text, such as `valid` or `signature_mismatch`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::SchemeInvalid => "scheme_invalid",
            Self::Refused(code) => code.as_str(),
        }
    }
}

/// One step of verification, and what it saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// Which step it is.
    pub name: StepName,
    /// Whether it went well; `None` (`null` in JSON) where verification did not reach it.
    pub ok: Option<bool>,
    /// What it saw.
    pub saw: Facts,
}

macro_rules! steps {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// The name of a step of verification. The text form is the same in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StepName { $(#[doc = $doc] $name,)* }

        impl StepName {
            /// Every step, in the order in which they are taken.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `signature_header`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }
        }
    };
}

steps! {
    Secret = "secret", "Are the secrets what the scheme can use?";
    SignatureHeader = "signature_header", "Is the signature header there, and well-formed?";
    Timestamp = "timestamp", "Is the timestamp there, and well-formed?";
    Id = "id", "Is the delivery's id there?";
    SignedContent = "signed_content", "What does the signature cover?";
    Signature = "signature", "Is one of the signatures right for one of the keys?";
    Freshness = "freshness", "Is the signed time near enough to now?";
}

macro_rules! as_text {
    ($($name:ident)*) => {
        $(impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        })*
    };
}
as_text! { Verdict StepName }

/// A mistake, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The stable code.
    pub code: CauseCode,
    /// What happened, as one sentence.
    pub message: &'static str,
    /// What to do about it, for the framework where one is named.
    pub fix: String,
    /// Whether the signature proves it: it is right when this mistake (with the others of the list) is undone; for
    /// `clock_skew`, it is right as it is. Otherwise the cause is certain from the form alone, and other mistakes may hide
    /// behind it.
    pub proven: bool,
    /// What shows it.
    pub evidence: Facts,
}

impl Cause {
    pub(crate) fn new(finding: Finding, proven: bool, framework: Option<Framework>) -> Self {
        let Finding { code, evidence } = finding;
        let from_future = evidence.get("direction").is_some_and(|direction| direction == "future");
        let mut fix = String::from(match code {
            CauseCode::ClockSkew if from_future => FROM_THE_FUTURE,
            CauseCode::ClockSkew => FROM_THE_PAST,
            _ => code.fix(),
        });
        if let Some(more) = framework.and_then(|framework| framework.fix(code.area())) {
            fix.push(' ');
            fix.push_str(&more);
        }
        Self { code, message: code.message(), fix, proven, evidence }
    }
}

/// What to do where the signed time lies in the past, …
const FROM_THE_PAST: &str =
    "Set this machine's clock (NTP); if it is right, the delivery was held up, or is an old one sent again.";
/// … and in the future.
const FROM_THE_FUTURE: &str =
    "Set this machine's clock (NTP); if it is right, the clock of the machine that signed the delivery is ahead.";
