//! Why a delivery does not verify: undo one known mistake, verify again. The mistake whose undoing makes the signature right
//! is the cause.
//!
//! Programs use this crate as `countersign::diagnose`, with the feature `diagnose`. [`diagnose()`] takes what verifying
//! takes, and gives a [`Diagnosis`]: what each step of verification saw, and each [`Cause`] in the order in which to undo
//! them, with what shows it and what to do about it. Codes ([`CauseCode`]) are a contract; a [`Framework`] makes the fixes
//! name that framework's own code.
//!
//! ```
//! use countersign::diagnose::{CauseCode, DiagnoseOptions, Framework, Verdict, diagnose};
//! use countersign::{Code, Delivery, Provider, UnixTime};
//!
//! // GitHub signed this body without the line break at its end.
//! let headers = [("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")];
//! let delivery = Delivery::new(&headers, "Hello, World!\n");
//! let now = UnixTime::from_secs(1_767_225_600);
//! let options = DiagnoseOptions::new().framework(Framework::Axum);
//! let diagnosis = diagnose(Provider::GITHUB, "It's a Secret to Everybody", &delivery, now, &options);
//!
//! assert_eq!(diagnosis.code, Verdict::Refused(Code::SignatureMismatch));
//! let cause = &diagnosis.causes[0];
//! assert_eq!(cause.code, CauseCode::BodyNewlineAdded);
//! assert!(cause.proven && cause.fix.contains("axum: "));
//! ```
//!
//! # What it proves
//!
//! A cause with `proven` is a fact: with this mistake (and the others of the list) undone, the signature is right, and no
//! signature is right by chance. Mistakes are tried one at a time and then in pairs: in the secret, in the headers, in the
//! body, in the scheme, in the clock. A cause without `proven` is certain by its form alone, such as a body that ends in the
//! middle of its JSON; other mistakes may hide behind it.
//!
//! # What it does not prove
//!
//! - A diagnosis without a cause says that the cause is unknown. Mostly the secret is another webhook's, or a program has
//!   changed the content. [`Diagnosis::ruled_out`] lists the mistakes that are not the cause, in the forms that are known
//!   here.
//! - It proves nothing about who sent the delivery, and is never a reason to accept a delivery that
//!   [`Webhook::verify`](countersign_core::Webhook::verify) refuses.
//! - Work and memory are bounded, by counting and never by time: [`DiagnoseOptions::effort`] raises the bound. What was not
//!   tried is in [`Diagnosis::untried`], and not in `ruled_out`; [`Diagnosis::complete`] says whether every mistake was undone
//!   by itself.
//! - It is made for a person who looks for a mistake: by default up to 150 ms of one core. Do not explain every refusal of a
//!   public endpoint, which anybody can cause.
//!
//! # Rules
//!
//! It never fails and never panics, and what it returns is safe to log: it holds no secret, no signature that could be valid
//! and, unless [`DiagnoseOptions::preview`] is set, nothing of the body.

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
mod limits;
mod options;
mod rank;
mod redact;
mod remarks;
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
pub use report::untried::{Untried, UntriedCode};
