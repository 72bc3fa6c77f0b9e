//! What is to be known about the body of a valid delivery: that it is a form, or not as the provider documents it.
//!
//! Programs that go by presets, as the WebAssembly module does, do not carry what the providers document: there TypeScript
//! says the same.

use countersign_core::Provider;
use countersign_core::internal::read_as_documented;

use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::diagnosis::{Cause, Diagnosis};
use crate::report::facts::facts;

/// Adds what is to be known to the diagnosis of a valid delivery.
pub(crate) fn add(diagnosis: &mut Diagnosis, provider: Provider, body: &[u8]) {
    let documented = read_as_documented(provider, body);
    if let Some(field) = documented.form {
        let evidence = facts! { "field": field };
        diagnosis.causes.push(Cause::new(Finding::new(CauseCode::BodyForm, evidence), false, None));
    }
    if let Some(difference) = documented.difference {
        diagnosis.summary.push_str(" Not as the provider documents it: ");
        diagnosis.summary.push_str(&alloc::format!("{difference}."));
        let evidence = facts! {
            "expected": difference.expected(),
            "found": difference.found(),
            "path": difference.path(),
        };
        diagnosis.causes.push(Cause::new(Finding::new(CauseCode::PayloadDiffers, evidence), false, None));
    }
}
