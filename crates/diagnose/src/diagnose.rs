//! Explains a delivery: checks it, searches for the cause, and says what it found.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{CUSTOM, Preset};
use countersign_core::{Delivery, Keyring, Scheme, UnixTime};

use crate::case::{Case, Outcome};
use crate::options::{DiagnoseOptions, Subject};
use crate::redact::Hidden;
use crate::report::cause::CauseCode;
use crate::report::diagnosis::{Cause, Diagnosis, Verdict};
use crate::report::summary::{hints, summary};
use crate::report::untried::UntriedCode;
use crate::search::engine::{Solved, Work};
use crate::solve::solve;
use crate::{certain, remarks, steps};

/// Explains why the delivery is refused, or says that it is valid. `subject` is a provider, or a scheme of your own.
///
/// Secrets are taken as text, as [`countersign_core::Provider::webhook`] takes them: a secret that cannot be read is a
/// cause, and no error.
///
/// ```
/// use countersign::diagnose::{DiagnoseOptions, diagnose};
/// use countersign::{Delivery, Provider, UnixTime};
/// let headers = [("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")];
/// let delivery = Delivery::new(&headers, "Hello, World!\n");
/// let now = UnixTime::from_secs(1_767_225_600);
/// let diagnosis = diagnose(Provider::GITHUB, "It's a Secret to Everybody", &delivery, now, &DiagnoseOptions::new());
/// assert_eq!(diagnosis.code.as_str(), "signature_mismatch");
/// assert_eq!(diagnosis.causes[0].code.as_str(), "body_newline_added");
/// ```
#[must_use]
pub fn diagnose<'a>(
    subject: impl Into<Subject<'a>>,
    secrets: impl Into<Keyring>,
    delivery: &Delivery<'_>,
    now: UnixTime,
    options: &DiagnoseOptions,
) -> Diagnosis {
    match subject.into() {
        Subject::Provider(provider) => {
            let mut diagnosis = diagnose_preset(provider.preset(), secrets.into(), delivery, now, options);
            if diagnosis.code == Verdict::Valid {
                remarks::add(&mut diagnosis, provider, delivery.body());
            }
            diagnosis
        }
        Subject::Scheme(scheme) => {
            let provider = scheme.name.clone().unwrap_or(Cow::Borrowed(CUSTOM));
            explain(&Case::new(provider, None, alloc::vec![scheme.clone()], secrets.into(), delivery, now, options))
        }
    }
}

/// The same for a preset: a program that goes by presets does not carry every provider's event names.
#[doc(hidden)]
#[must_use]
pub fn diagnose_preset(
    preset: &'static Preset,
    secrets: Keyring,
    delivery: &Delivery<'_>,
    now: UnixTime,
    options: &DiagnoseOptions,
) -> Diagnosis {
    let schemes = match &options.dialect {
        Some(scheme) => alloc::vec![scheme.clone()],
        None => preset.dialects.iter().filter(|dialect| dialect.auto).map(|dialect| dialect.scheme()).collect(),
    };
    explain(&Case::new(preset.name.into(), Some(preset), schemes, secrets, delivery, now, options))
}

fn explain(case: &Case<'_>) -> Diagnosis {
    let outcome = case.outcome();
    let hidden = Hidden::new(&case.schemes, case.secrets.secrets(), case.delivery);
    let mut diagnosis = Diagnosis {
        provider: case.provider.clone(),
        code: outcome.verdict(),
        summary: String::new(),
        steps: Vec::new(),
        causes: Vec::new(),
        hints: Vec::new(),
        ruled_out: Vec::new(),
        untried: Vec::new(),
        complete: true,
        work: 0,
    };
    let Some(scheme) = case.scheme() else { return diagnosis };
    if matches!(outcome, Outcome::BadScheme(_)) {
        diagnosis.summary = summary(case, &outcome, &diagnosis);
        return diagnosis;
    }
    let mut solved = None;
    if !matches!(outcome, Outcome::Valid) {
        let mut work = Work::of(case.limits);
        // Verifying has hashed the body, with each scheme whose header is there.
        work.spend(case.delivery.body().len());
        solved = solve(case, scheme, &outcome, &mut work);
        diagnosis.work = work.done;
        if solved.is_none() {
            if !work.begun {
                work.gaps.add(UntriedCode::Signature);
                work.gaps.leave_open(CauseCode::ALL.iter().copied());
            }
            diagnosis.complete = work.gaps.open.is_empty();
            diagnosis.untried = work.gaps.list();
        }
        name_causes(case, scheme, &outcome, solved.as_ref(), &work.gaps.open, &mut diagnosis);
    }
    diagnosis.steps = steps::steps(case, scheme, &outcome, solved.as_ref(), &hidden);
    diagnosis.summary = summary(case, &outcome, &diagnosis);
    diagnosis.hints = hints(case, &outcome, &diagnosis);
    diagnosis
}

/// Puts the causes into the diagnosis, and the mistakes that are ruled out: all but those that the search left `open`.
fn name_causes(
    case: &Case<'_>,
    scheme: &Scheme,
    outcome: &Outcome,
    solved: Option<&Solved>,
    open: &[CauseCode],
    diagnosis: &mut Diagnosis,
) {
    let proven = solved.is_some();
    let findings = match solved {
        Some(solved) => solved.findings.clone(),
        None => certain::certain(case, scheme, outcome),
    };
    diagnosis.causes = findings.into_iter().map(|finding| Cause::new(finding, proven, case.framework)).collect();
    let named = |code: &CauseCode| diagnosis.causes.iter().any(|cause| cause.code == *code);
    if !named(&CauseCode::ClockSkew) || diagnosis.causes.len() > 1 {
        let possible = certain::open(case, scheme);
        diagnosis.ruled_out = CauseCode::ALL
            .iter()
            .copied()
            .filter(|code| !named(code) && !open.contains(code) && !possible.contains(code) && !code.is_remark())
            .collect();
    }
}
