//! A diagnosis in one or two sentences, and what to look at where the cause is unknown.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::push_number;
use countersign_core::{Code, VerifyError};

use crate::case::{Case, Outcome};
use crate::certain_body;
use crate::habits;
use crate::report::cause::CauseCode;
use crate::report::diagnosis::Diagnosis;

/// The result in one or two sentences.
pub(crate) fn summary(case: &Case<'_>, outcome: &Outcome, diagnosis: &Diagnosis) -> String {
    let (sentence, code) = match outcome {
        Outcome::Valid if case.scheme().is_some_and(|scheme| scheme.timestamp.is_some()) => {
            return "The delivery is authentic and fresh.".into();
        }
        Outcome::Valid => return "The delivery is authentic. Its scheme has no time that could be too old.".into(),
        Outcome::BadScheme(sentence) => return ["The scheme contradicts itself: ", sentence].concat(),
        Outcome::BadSecret(error) => (error.code().sentence(), error.code()),
        Outcome::Refused(error) => (error.code().sentence(), error.code()),
    };
    match diagnosis.causes.as_slice() {
        [] => [sentence, unknown(code, diagnosis)].concat(),
        [cause] => match outcome {
            Outcome::Refused(error) if cause.code == CauseCode::ClockSkew => time(case, error),
            _ => cause.message.into(),
        },
        several => {
            let messages: Vec<&str> = several.iter().map(|cause| cause.message).collect();
            ["There are several mistakes at once. ", &messages.join(" ")].concat()
        }
    }
}

/// What is said where no mistake explains a refusal.
fn unknown(code: Code, diagnosis: &Diagnosis) -> &'static str {
    match code {
        Code::SignatureMismatch if diagnosis.untried.is_empty() => {
            " The cause is unknown: no known mistake explains it. Most probably the secret is another webhook's, or the \
             content was changed."
        }
        Code::SignatureMismatch => {
            " The cause is unknown: none of the mistakes that were tried explains it. Most probably the secret is another \
             webhook's, or the content was changed."
        }
        Code::HeaderMissing | Code::HeaderMalformed | Code::HeaderConflict => {
            " What has changed the headers is unknown."
        }
        _ => "",
    }
}

/// Two facts: the signature is right, and the time is not.
fn time(case: &Case<'_>, error: &VerifyError) -> String {
    let signed = error.signed_at().unwrap_or(case.now);
    let tolerance = case.scheme().map(|scheme| scheme.tolerance);
    let (far, side, limit) = match signed > case.now {
        true => (signed.since(case.now), " ahead of this clock", tolerance.and_then(|tolerance| tolerance.future)),
        false => (case.now.since(signed), " behind this clock", tolerance.and_then(|tolerance| tolerance.past)),
    };
    let mut text = ["The signature is right. The time is refused: it is ", &span(far.as_secs()), side].concat();
    if let Some(limit) = limit {
        text.push_str(", and ");
        text.push_str(&span(limit.as_secs()));
        text.push_str(if limit.as_secs() == 1 { " is allowed" } else { " are allowed" });
    }
    text.push('.');
    text
}

/// A length of time in words: `8 minutes`, rounded down; exact below two minutes.
pub(crate) fn span(seconds: u64) -> String {
    let (size, word) = match seconds {
        0..120 => (1, " second"),
        120..7_200 => (60, " minute"),
        7_200..172_800 => (3_600, " hour"),
        172_800..63_115_200 => (86_400, " day"),
        _ => (31_557_600, " year"),
    };
    let mut text = String::new();
    push_number(&mut text, seconds / size, 1);
    text.push_str(word);
    if seconds / size != 1 {
        text.push('s');
    }
    text
}

/// What to look at where no mistake explains a signature, the most probable first.
pub(crate) fn hints(case: &Case<'_>, outcome: &Outcome, diagnosis: &Diagnosis) -> Vec<&'static str> {
    let is_mismatch = matches!(outcome, Outcome::Refused(error) if error.code() == Code::SignatureMismatch);
    if !is_mismatch || diagnosis.causes.iter().any(|cause| cause.proven) {
        return Vec::new();
    }
    let is_named = |code| diagnosis.causes.iter().any(|cause| cause.code == code);
    let mut hints = Vec::new();
    if certain_body::may_be_consumed(case.delivery.body()) && !is_named(CauseCode::BodyEmpty) {
        hints.push(
            "The body is empty or holds nothing. If the provider sent one, another program has read it first: read the raw \
             body once, before every parser.",
        );
    }
    if certain_body::lost_marks(case.delivery.body()) > 0 && !is_named(CauseCode::BodyCharset) {
        hints.push(
            "The body has marks (U+FFFD) for bytes that are no text. Such bytes, as of gzip, do not survive being decoded or \
             pasted as text: save them to a file.",
        );
    }
    hints.push("Copy the secret again from the page of this very webhook: every webhook has a secret of its own.");
    hints.extend_from_slice(habits::of(case.preset).hints);
    hints.push("Make sure that headers and body belong to the same delivery.");
    hints.push(
        "Make sure that the body is what arrived, and not what a log, a debugger or a test tool has made of it: save the raw \
         bytes to a file, and explain those.",
    );
    hints
}
