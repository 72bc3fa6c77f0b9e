//! Why a delivery does not verify: undo one known mistake, verify again; what passes is the cause.
//!
//! [`diagnose()`] takes what verifying takes, and gives a [`Diagnosis`]: what each step saw, and each [`Cause`] in the order
//! to undo them, with what shows it and what to do. Where nothing is proven, it says which causes are ruled out. Codes
//! ([`CauseCode`]) are a contract; a [`Framework`] makes the fix name that framework's own code.
//!
//! Rules: it proves, or is certain by the form alone, or says that it does not know; it is never a reason to accept a
//! delivery; it never fails, and what it returns is safe to log.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod body;
mod case;
mod certain;
mod certain_body;
mod certain_headers;
mod choices;
mod clock;
mod content;
mod decode;
mod diagnose;
mod finding;
mod habits;
mod headers;
mod json;
mod options;
mod rank;
mod redact;
mod replaced_time;
mod report;
mod search;
mod secret;
mod solve;
mod steps;

pub use diagnose::{diagnose, diagnose_preset};
pub use options::{DiagnoseOptions, Subject};
pub use report::cause::{CauseCode, UnknownCause};
pub use report::diagnosis::{Cause, Diagnosis, Step, StepName, Verdict};
pub use report::facts::{Fact, Facts};
pub use report::frameworks::{Framework, UnknownFramework};
